from __future__ import annotations

import cv2
import numpy as np
import pytest

from ocr import marks as marks_of_pages
from ocr.boxes import Box
from ocr.pipeline import read_file
from ocr.readings import CellReading
from ocr.seals import ANGLES, _covers, find_seal
from ocr.sheet import Sheet
from ocr.signatures import _Ruled, find_signing_place
from samples.generic import some_sample
from samples.sheet import FootPlan
from samples.stamp import SEAL_COLOURS, seal
from tally.form import load_form
from tally.model import Mark
from tests.ocr.committed import FORM

PAPER = (236, 238, 238)


def as_sheet(picture: np.ndarray) -> Sheet:
    return Sheet(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), picture, np.eye(3))


def sheet_with(*stamps: tuple[int, int], colour: tuple[int, int, int] = SEAL_COLOURS[0]) -> np.ndarray:
    from samples.paper import blend

    picture = np.full((1800, 1300, 3), PAPER, np.uint8)
    for y in range(300, 1300, 60):
        cv2.line(picture, (100, y), (1200, y), (60, 60, 60), 2)
        cv2.putText(picture, "1023 88", (900, y - 8), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (140, 60, 40), 3)
    for x, y in stamps:
        blend(picture, seal(np.random.default_rng(5), 379), x, y, colour)
    return picture


def test_a_seal_is_found_where_it_is_and_its_colour_told():
    found = find_seal(as_sheet(sheet_with((700, 1400), colour=(168, 74, 58))))
    assert found.present is True
    assert found.colour == "blue"
    assert found.circle is not None
    assert abs(found.circle[0] - 810) < 25
    assert abs(found.circle[1] - 1510) < 25


def test_a_grey_scan_shows_the_seal_but_no_colour():
    grey = cv2.cvtColor(sheet_with((700, 1400)), cv2.COLOR_BGR2GRAY)
    found = find_seal(as_sheet(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR)))
    assert (found.present, found.colour) == (True, "grey")


def test_digits_and_rules_are_no_seal():
    assert find_seal(as_sheet(sheet_with())).present is not True


@pytest.mark.parametrize("shape", [(1, 1), (40, 2000), (2000, 40), (300, 300)])
def test_any_picture_can_be_asked_for_a_seal(shape):
    assert find_seal(as_sheet(np.full((*shape, 3), 200, np.uint8))).present is not True


def test_a_form_that_names_nobody_has_no_lines_to_sign_on():
    form = load_form("ke-2022-34a")
    blanks = [Box(100 * n, 100, 100 * n + 40, 400) for n in range(1, 5)]
    assert find_signing_place(np.full((600, 800), 230, np.uint8), blanks, 10, form).lines == ()


@pytest.fixture(scope="module")
def marks() -> dict[str, object]:
    """Of a sheet without a seal, with one line left empty, signed at 19:40."""
    foot = FootPlan(seal=False, unsigned=(2,), time=(19, 40))
    sample = some_sample(4, foot=foot, severity=0.3)
    assert sample.truth["seal"] is False
    (page,) = read_file(sample.jpeg, "foot.jpg", FORM)
    return dict(page.marks) | {"truth": sample.truth}


def test_a_missing_seal_is_told_only_where_its_place_is_seen(marks):
    assert marks["signature_lines"] in (marks["truth"]["signature_lines"], None)
    assert marks["seal"] in (False, None)
    assert (marks["seal"] is None) == (marks["seal_confidence"] == 0.0)


def test_an_empty_line_is_never_counted_as_signed(marks):
    assert [line["signed"] for line in marks["signature_detail"]][2] in (False, None)
    assert marks["signatures"] in (marks["truth"]["signatures"], None)


def lines_at(drawn: np.ndarray) -> _Ruled:
    return _Ruled(drawn, [200, 240, 280], 40, 100, 300)


def test_lines_that_may_be_missed_are_not_counted():
    drawn = np.zeros(600)
    drawn[[200, 240, 280]] = 0.9
    assert not lines_at(drawn).missed(150, [])
    for y, share in ((220, 0.4), (320, 0.55), (260, 0.5)):
        one_more = drawn.copy()
        one_more[y] = share
        assert lines_at(one_more).missed(150, [])


def test_the_blank_for_the_time_is_no_missed_line_and_hides_none():
    drawn = np.zeros(600)
    drawn[[200, 240, 280]] = 0.9
    drawn[324] = 0.44
    time = Box(290, 200, 324, 290)
    assert lines_at(drawn).missed(150, [])
    assert not lines_at(drawn).missed(150, [time])
    assert lines_at(drawn).missed(
        150, [Box(410, 200, 444, 290)]
    )  # a blank far below says nothing of that line
    drawn[324] = 0.9
    assert lines_at(drawn).missed(150, [time])


def test_a_time_is_whole_or_not_told(marks):
    assert marks["time"] in ("19:40", None)


def test_no_foot_in_the_picture_is_no_missing_seal():
    foot = FootPlan(seal=False)
    picture = cv2.imdecode(
        np.frombuffer(some_sample(4, foot=foot, severity=0.3).jpeg, np.uint8), cv2.IMREAD_COLOR
    )
    assert picture is not None
    ok, cut = cv2.imencode(".png", picture[: int(0.72 * picture.shape[0])])
    assert ok
    (page,) = read_file(cut.tobytes(), "cut.png", FORM)
    assert page.marks.get("seal") is None
    assert page.marks.get("signatures") is None


def test_a_ring_over_the_edge_is_judged_by_the_picture_and_not_by_what_the_memory_held():
    depth = np.zeros((200, 200), np.uint8)
    cv2.circle(depth, (4, 100), 40, 255, 2)
    covers = set()
    for left_behind in (0, 255):
        used = [np.full((ANGLES, int(40 * 1.35) + 6), left_behind, np.uint8) for _ in range(8)]
        del used
        covers.add(*_covers(depth, [(4.0, 100.0)], 40.0))
    assert len(covers) == 1


@pytest.mark.parametrize(
    ("confidence", "second", "told"), [(0.99, 0.0, "23:59"), (0.961, 0.0, None), (0.99, 0.2, None)]
)
def test_a_time_that_may_be_another_one_is_not_told(monkeypatch, confidence, second, told):
    """23:39 was read as 23:59 at 0.96 once: a wrong time accuses."""
    hour = CellReading(Mark.READ, 23, 0.999, (), True, "23")
    minute = CellReading(Mark.READ, 59, confidence, (), True, "59", second=second)
    monkeypatch.setattr(marks_of_pages, "read_cells", lambda pictures, fields: [hour, minute])
    photo = np.full((200, 300, 3), 220, np.uint8)
    sheet = Sheet(photo[..., 0], photo, np.eye(3))
    assert marks_of_pages._time(photo, sheet, Box(40, 20, 80, 200))["time"] == told
