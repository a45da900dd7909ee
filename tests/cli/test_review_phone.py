"""Photos from a phone in a real browser: a small screen, a connection that drops, a page that is closed."""

from __future__ import annotations

import hashlib
import io
import json
import os
from urllib.parse import unquote

import pytest
from PIL import Image

from cli.review.incoming import CHUNK_BYTES
from cli.review.roles import Role
from tests.cli.browsing import PHONE, Served, chromium, served
from tests.cli.reviewing import fake_reader, filled

pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not here")

from playwright.sync_api import Page, Route, expect

__all__ = ["chromium", "fake_reader", "filled", "served"]


@pytest.fixture
def phone(served: Served) -> Page:
    """An observer with a phone, on the page to hand photos in."""
    page = served.enter("Observer", Role.OBSERVER, PHONE)
    page.goto("/upload")
    return page


@pytest.fixture(scope="module")
def large() -> bytes:
    """A photo of three pieces."""
    out = io.BytesIO()
    Image.frombytes("L", (1400, 1100), os.urandom(1_540_000)).save(out, "JPEG", quality=90)
    assert 2 * CHUNK_BYTES < len(out.getvalue()) < 3 * CHUNK_BYTES
    return out.getvalue()


def choose(page: Page, name: str, data: bytes) -> None:
    page.locator("#files").set_input_files([{"name": name, "mimeType": "image/jpeg", "buffer": data}])


def stored(served: Served, data: bytes) -> bool:
    """True if exactly these bytes were kept."""
    sha256 = hashlib.sha256(data).hexdigest()
    return sha256 in served.room.state().photos and served.case.photo_bytes(sha256) == data


def test_the_observer_hears_at_once_what_was_read_and_what_to_do(
    phone: Page, served: Served, large: bytes
) -> None:
    small = large[:-2] + b"x" * 50 + large[-2:]
    files = [("p9.jpg", large), ("r8.jpg", small), ("evil.html", b"<script>alert(1)</script>")]
    phone.locator("#files").set_input_files(
        [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in files]
    )

    row = {name: phone.locator("#list > li", has_text=name) for name, _ in files}
    expect(row["p9.jpg"]).to_contain_text("№ 9. Everything was read and adds up.")
    expect(row["r8.jpg"]).to_contain_text("A person will look at it.")
    expect(row["r8.jpg"].locator("li")).to_contain_text("Candidate 1: not sure enough")
    expect(row["evil.html"]).to_contain_text("picture")  # kept, and said that it is none
    assert all(stored(served, data) for _, data in files)
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE[0]
    kept = row["p9.jpg"].get_by_role("link", name="Receipt")
    receipt = json.loads(unquote((kept.get_attribute("href") or "").partition(",")[2]))
    assert receipt["sha256"] == hashlib.sha256(large).hexdigest()
    assert receipt["checkpoint"]
    assert (kept.get_attribute("download") or "").startswith("hattama-")
    row["p9.jpg"].get_by_role("link", name="What was read?").click()
    expect(phone.get_by_role("heading", level=2)).to_have_text("№ 9")
    assert served.complaints == []


def test_a_connection_cut_in_the_middle_goes_on_by_itself(phone: Page, served: Served, large: bytes) -> None:
    offsets: list[int] = []

    def piece(route: Route) -> None:
        offset = int(route.request.url.rpartition("=")[2])
        offsets.append(offset)
        if offset == CHUNK_BYTES and offsets.count(offset) == 1:
            phone.context.set_offline(True)  # the phone loses its network before the second piece
            route.abort("internetdisconnected")
        elif offset == CHUNK_BYTES and offsets.count(offset) == 2:
            route.fetch()  # the piece arrives, its answer is lost
            route.abort("connectionreset")
        else:
            route.continue_()

    phone.route("**/chunk?offset=*", piece)
    choose(phone, "p9.jpg", large)
    row = phone.locator("#list > li")
    expect(row).to_contain_text("The connection dropped")
    phone.context.set_offline(False)
    expect(row).to_contain_text("Everything was read")

    assert offsets == [0, CHUNK_BYTES, CHUNK_BYTES, CHUNK_BYTES, 2 * CHUNK_BYTES]
    assert stored(served, large)
    assert len(served.events("received")) == 5  # four of the case, and this one once


def test_a_closed_page_goes_on_when_the_same_file_is_chosen_again(
    phone: Page, served: Served, large: bytes, tmp_path
) -> None:
    file = tmp_path / "p9.jpg"
    file.write_bytes(large)
    asked: list[str] = []
    phone.route(
        "**/chunk?offset=*", lambda route: route.continue_() if route.request.url.endswith("=0") else None
    )
    phone.locator("#files").set_input_files(file)
    expect(phone.locator("#list progress")).not_to_have_js_property("value", 0)
    phone.close()

    again = phone.context.new_page()
    again.on("request", lambda request: asked.append(request.url))
    again.goto("/upload")
    again.locator("#files").set_input_files(file)
    expect(again.locator("#list > li")).to_contain_text("Everything was read")

    assert not any(url.endswith(("/upload/begin", "offset=0")) for url in asked)
    assert stored(served, large)


def test_a_link_for_some_precincts_offers_only_these(served: Served) -> None:
    phone = served.enter("Scoped", Role.OBSERVER, PHONE, precincts=(9, 12), quota=1)
    phone.goto("/upload")

    assert phone.locator("#precinct option").all_inner_texts() == ["9", "12"]
    for path in ("/findings", "/people", "/export", "/district/smd-27"):
        answer = phone.goto(path)
        assert answer is not None
        assert answer.status == 403
