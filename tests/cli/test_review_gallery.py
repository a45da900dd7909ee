"""Pictures are there before somebody asks, and what is kept of them is never relied upon."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from cli.pool import Limits
from cli.review.gallery import Gallery
from cli.review.pictures import View
from cli.review.shelves import Cabinet, Shelf
from cli.review.stations import Station
from tally.errors import PhotoError, ReaderStopped


class Hand:
    """Makes pictures in this process, and counts."""

    def __init__(self) -> None:
        self.made: list[tuple[str, bool]] = []

    def run(self, view: View, *, patient: bool = False) -> list[bytes]:
        self.made.append((view.path.name, patient))
        if view.path.name == "bad":
            raise PhotoError("The picture is damaged.", file="bad")
        return [view.path.name.encode(), b"", b"cell"]

    def stop(self) -> None:
        pass


@pytest.fixture
def gallery(tmp_path):
    made = Gallery(tmp_path / "derived")
    made.worker = Hand()
    yield made
    made.stop()


def view(name: str, **more) -> View:
    return View(Path("originals") / name, 1, **more)


def ahead(gallery: Gallery, *names: str) -> None:
    gallery.run_ahead(lambda: [view(name) for name in names])
    end = time.monotonic() + 20
    while len(gallery.worker.made) < len(names) and time.monotonic() < end:
        time.sleep(0.01)


def test_what_comes_next_is_made_before_somebody_asks(gallery):
    ahead(gallery, "a", "b")
    assert gallery.show(view("a")) == [b"a", b"", b"cell"]
    assert gallery.worker.made == [("a", True), ("b", True)]


def test_a_picture_that_cannot_be_made_stops_no_other_and_is_said_to_whoever_asks(gallery):
    ahead(gallery, "bad", "b")
    assert gallery.show(view("b"))
    with pytest.raises(PhotoError):
        gallery.show(view("bad"))


def test_a_restart_finds_what_was_made(gallery, tmp_path):
    gallery.show(view("a"))
    reborn = Gallery(tmp_path / "derived")
    reborn.worker = Hand()
    assert reborn.show(view("a")) == [b"a", b"", b"cell"]
    assert reborn.worker.made == []


def test_other_cells_or_another_turn_are_other_pictures(gallery):
    quad = ((0, 0), (9, 0), (9, 9), (0, 9))
    keys = {view("a").key(), view("b").key(), view("a", turns=1).key(), view("a", quads=(quad,)).key()}
    assert len(keys) == 4


@pytest.mark.parametrize("harm", [b"", b"not json", b'{"sizes": [3], "sha256": "00"}\nabc'])
def test_a_damaged_file_is_made_again(tmp_path, harm):
    cabinet = Cabinet(tmp_path)
    cabinet.keep("ab12", [b"x" * 9])
    (tmp_path / "ab" / "ab12").write_bytes(harm)
    assert cabinet.find("ab12") is None


def test_every_flipped_byte_of_a_kept_picture_is_noticed(tmp_path):
    cabinet = Cabinet(tmp_path)
    cabinet.keep("ab12", [b"one", b"two"])
    path = tmp_path / "ab" / "ab12"
    whole = path.read_bytes()
    for place in range(whole.index(b"\n"), len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert cabinet.find("ab12") is None


def test_a_folder_that_takes_nothing_is_no_error(tmp_path):
    (tmp_path / "derived").write_text("a file where the folder should be")
    gallery = Gallery(tmp_path / "derived")
    gallery.worker = Hand()
    assert gallery.show(view("a")) == gallery.show(view("a"))
    assert len(gallery.worker.made) == 1


def test_the_folder_does_not_grow_without_end(tmp_path):
    cabinet = Cabinet(tmp_path, most_bytes=10_000)
    for number in range(30):
        cabinet.keep(f"{number:04}", [b"x" * 1000])
    assert sum(path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()) <= 12_000
    assert cabinet.find("0029") is not None


def test_the_shelf_counts_what_is_put_there_twice_once():
    shelf = Shelf(most_bytes=25)
    for _ in range(5):
        shelf.keep("a", [b"x" * 10])
    shelf.keep("b", [b"x" * 10])
    assert shelf.find("a")
    assert shelf.find("b")


def test_who_waits_goes_before_what_is_made_ahead():
    station: Station[str, str] = Station(len, Limits(5.0, 100))  # type: ignore[arg-type]
    order: list[str] = []
    first = threading.Event()

    def outcome(task):
        order.append(task)
        if task == "first":
            first.set()
            time.sleep(0.3)
        return type("Outcome", (), {"value": task})

    station._outcome = outcome  # type: ignore[method-assign]
    threads = [threading.Thread(target=station.run, args=("first",))]
    threads[0].start()
    assert first.wait(10)
    for task, patient in (("ahead", True), ("asked", False)):
        threads.append(threading.Thread(target=station.run, args=(task,), kwargs={"patient": patient}))
        threads[-1].start()
        time.sleep(0.05)
    for thread in threads:
        thread.join()
    assert order == ["first", "asked", "ahead"]


def test_nothing_starts_again_after_the_page_was_closed():
    station: Station[str, int] = Station(len, Limits(5.0, 100))
    station.stop()
    with pytest.raises(ReaderStopped):
        station.run("x", patient=True)
