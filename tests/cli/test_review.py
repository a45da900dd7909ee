"""The review page: blind, written down as typed, and closed to other pages."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from cli.lang import Lang
from cli.review.app import make_app
from cli.review.desk import Desk
from cli.review.guard import MAX_BODY_BYTES, refusal
from cli.review.texts import _TEXTS
from cli.waiting import queue
from tally.case import Case, open_case
from tally.model import Quad
from tally.state import state
from tests.cli.fakes import VALUES, fake_reader, filled

__all__ = ["fake_reader", "filled"]

SAME = {"Origin": "http://localhost", "Host": "localhost"}


@pytest.fixture
def web(filled: Case) -> Iterator[TestClient]:
    desk = Desk(open_case(filled.path, actor="person:Aigul"), "Aigul")
    with TestClient(make_app(desk, Lang.EN), base_url="http://localhost", follow_redirects=False) as client:
        yield client


def sheet_of(web: TestClient) -> str:
    return re.findall(r'href="(/sheet/[^"]+)"', web.get("/queue").text)[0]


def typed() -> dict[str, str]:
    entry = {code: str(value) for code, value in VALUES.items()}
    return {**entry, "precinct": "3", "district": "27", "contest": "smd-27", "voted_outside": "D"}


def test_what_the_program_read_is_nowhere_on_the_page_of_a_sheet(web: TestClient) -> None:
    page = web.get(sheet_of(web)).text

    shown = re.sub(r"[0-9a-f]{64}", "", page)
    for value in (300, 150, 808, 490):
        assert not re.search(rf"(?<!\d){value}(?!\d)", shown)
    assert 'name="votes.1" value=""' in page


def test_findings_do_not_tell_what_was_read_on_a_sheet_still_to_be_typed(
    web: TestClient, filled: Case
) -> None:
    from cli.review.overview import tells_values
    from tally.findings import Finding

    waiting = {one.sha256 for one in queue(filled, state(filled)) if not one.done}
    about = (*("S1", "sheet", "sheet", "smd-27", "K1"), None, None, None, True, {"en": "880 against 886"})
    open_, typed_ = (Finding(*about, sources=(sha,)) for sha in (next(iter(waiting)), "0" * 64))

    assert tells_values(open_, waiting)
    assert not tells_values(typed_, waiting)
    assert web.get("/").status_code == 200


def test_an_entry_becomes_one_event_of_that_person(web: TestClient, filled: Case) -> None:
    where = sheet_of(web)

    answer = web.post(where, data=typed(), headers=SAME)

    (event,) = filled.ledger.events("typed")
    assert answer.status_code == 303
    assert event.actor == "person:Aigul"
    assert event.body["reader"] == "Aigul"
    assert event.body["kind"] == "person"
    assert event.body["precinct"] == 3
    assert event.body["fields"]["votes.1"] == 300
    assert event.body["fields"]["voted_outside"] == "dash"
    assert "precinct" not in event.body["fields"]
    assert [one.done for one in queue(filled, state(filled))] == [False, True]


def test_a_sheet_that_contradicts_itself_is_taken_as_it_is(web: TestClient, filled: Case) -> None:
    answer = web.post(sheet_of(web), data=typed() | {"ballots_valid": "999"}, headers=SAME)

    assert answer.status_code == 303
    assert next(filled.ledger.events("typed")).body["fields"]["ballots_valid"] == 999


@pytest.mark.parametrize(
    ("code", "text", "message"),
    [
        ("votes.2", "", "mark what the paper shows"),
        ("votes.2", "12a", "A number, or N, D, S, B"),
        ("votes.2", "-5", "A number, or N, D, S, B"),
        ("votes.2", "٣", "A number, or N, D, S, B"),
        ("votes.2", "99999", "Too large"),
        ("district", "14", "another district"),
    ],
)
def test_a_slip_of_the_finger_is_asked_about_and_nothing_is_written(
    web: TestClient, filled: Case, code: str, text: str, message: str
) -> None:
    answer = web.post(sheet_of(web), data=typed() | {code: text}, headers=SAME)

    assert answer.status_code == 422
    assert message in answer.text
    assert 'name="votes.1" value="300"' in answer.text  # what the person typed is not lost
    assert list(filled.ledger.events("typed")) == []


def test_a_person_can_say_that_it_is_no_protocol(web: TestClient, filled: Case) -> None:
    where = sheet_of(web).replace("/sheet/", "/aside/")

    assert web.post(where, data={"reason": "not_a_protocol"}, headers=SAME).status_code == 303
    assert web.post(where, data={"reason": "boring"}, headers=SAME).status_code == 404
    assert sum(one.done for one in queue(filled, state(filled))) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "localhost"},
        {"Host": "localhost", "Origin": "http://evil.example"},
        {"Host": "localhost", "Origin": "null"},
        {"Host": "localhost", "Origin": "http://localhost:9999"},
        {"Host": "localhost", "Sec-Fetch-Site": "cross-site"},
        {"Host": "localhost", "Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_another_web_page_cannot_write(web: TestClient, filled: Case, headers: dict[str, str]) -> None:
    answer = web.post(sheet_of(web), data=typed(), headers=headers)

    assert answer.status_code == 403
    assert list(filled.ledger.events("typed")) == []


def test_a_name_that_points_here_from_the_internet_cannot_read(web: TestClient) -> None:
    assert web.get("/", headers={"Host": "rebind.example"}).status_code == 403
    assert web.get("/", headers={"Host": "127.0.0.1:8765"}).status_code == 200
    assert web.get("/", headers={"Host": "[::1]:8765"}).status_code == 200


def test_a_huge_form_is_refused() -> None:
    size = {"host": "localhost", "origin": "http://localhost", "content-length": str(MAX_BODY_BYTES + 1)}

    assert refusal("POST", size)
    assert refusal("POST", {**size, "content-length": "10"}) == ""
    assert refusal("POST", {"host": "localhost", "origin": "http://localhost"})  # no length: chunked


def test_every_answer_forbids_foreign_scripts_and_needs_no_network(web: TestClient) -> None:
    for path in ("/", "/queue", sheet_of(web), "/static/review.js", "/gone"):
        answer = web.get(path)

        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)
        assert "<script>" not in answer.text
        assert not re.search(r"\son[a-z]+=|style=", answer.text)


def test_the_crops_and_the_page_are_pictures(web: TestClient) -> None:
    page = web.get(sheet_of(web)).text
    cell = re.findall(r'src="(/cell/[^"]+)"', page)[0]
    whole = re.findall(r'src="(/page/[^"]+)"', page)[0]

    assert web.get(cell).content.startswith(b"\x89PNG")
    assert web.get(whole).content.startswith(b"\xff\xd8")
    assert web.get(cell.replace("precinct", "gone")).status_code == 404


@pytest.mark.parametrize("path", [f"/sheet/{'0' * 64}/1", f"/page/{'0' * 64}/1.jpg", "/sheet/../../etc/1"])
def test_a_sheet_that_is_not_there_is_a_page_with_advice(web: TestClient, path: str) -> None:
    assert web.get(path).status_code == 404


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_page_speaks_three_languages(web: TestClient, lang: str) -> None:
    index = ("kk", "ru", "en").index(lang)

    answer = web.get(f"/lang/{lang}")
    web.cookies.update(answer.cookies)

    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    page = html.unescape(web.get(sheet_of(web)).text)
    assert f'<html lang="{lang}">' in page
    assert _TEXTS["blind"][index] in page
    assert _TEXTS["one_entry"][index] in page
    assert "built-in method" not in page


def test_an_unknown_language_is_not_stored(web: TestClient) -> None:
    assert web.get("/lang/xx").status_code == 404


def test_a_page_nobody_can_read_can_still_be_typed(web: TestClient, filled: Case) -> None:
    sheets = re.findall(r'href="(/sheet/[^"]+)"', web.get("/queue").text)

    assert len(sheets) == 2
    answer = web.post(sheets[1], data=typed() | {"precinct": "4"}, headers=SAME)

    assert answer.status_code == 303
    assert next(filled.ledger.events("typed")).body["precinct"] == 4


@pytest.mark.parametrize(
    ("quad", "turns"),
    [
        (((0, 0), (90, 5), (90, 30), (0, 25)), 0),
        (((0, 0), (5, 90), (-20, 90), (-25, 0)), 3),
        (((90, 30), (0, 25), (0, 0), (90, 5)), 2),
        (((0, 90), (5, 0), (30, 0), (25, 90)), 1),
    ],
)
def test_a_photo_taken_sideways_is_shown_upright(quad: Quad, turns: int) -> None:
    from dataclasses import replace

    from cli.review.pictures import quarter_turns
    from tests.cli.fakes import page

    read = page("a.jpg", "0" * 64, 1, True)
    turned = {code: replace(one, quad_px=quad) for code, one in read.fields.items()}

    assert quarter_turns(replace(read, fields=turned, header={})) == turns
    assert quarter_turns(replace(read, fields={}, header={})) == 0
