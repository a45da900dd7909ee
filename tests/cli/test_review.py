"""The review page on localhost: blind, written down as typed, and closed to other pages."""

from __future__ import annotations

import html
import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from cli.review.app import PAGES
from cli.review.guard import MAX_BODY_BYTES, MAX_CHUNK_BYTES, refusal
from cli.review.outcomes import tells_values
from cli.review.pictures import quarter_turns
from cli.review.texts import texts
from cli.waiting import queue
from tally.case import Case
from tally.findings import Finding
from tally.model import Quad
from tally.state import state
from tests.cli.fakes import page
from tests.cli.reviewing import VALUES, fake_reader, filled, local, typed

__all__ = ["fake_reader", "filled", "local"]


def task(web: TestClient) -> str:
    """The page of the sheet that is handed out next."""
    return web.post("/next", headers={"Content-Type": "application/x-www-form-urlencoded"}).headers[
        "location"
    ]


def test_what_the_program_read_is_nowhere_on_the_page_of_a_sheet(local: TestClient) -> None:
    for where in (task(local), "/api" + task(local)):
        shown = local.get(where).text
        for value in (300, 150, 808, 490):
            assert not re.search(rf'(?<![\d"]){value}(?!\d)', shown)
    assert 'name="votes.1" value=""' in local.get(task(local)).text


def test_no_page_tells_a_person_who_types_what_was_read_on_an_open_sheet(
    local: TestClient, filled: Case
) -> None:
    (sha256,) = (one.sha256 for one in queue(filled, state(filled)) if one.name == "r3.jpg")

    photo = local.get(f"/api/photo/{sha256}").json()
    assert photo["hidden"]
    assert photo["pages"][0]["readings"] == []
    listed = local.get("/api/district/smd-27").json()["protocols"]
    where = next(one["address"] for one in listed if one["precinct"] == 1)
    accepted = local.get(f"/api{where}").json()
    local.post("/mode", data={"entries": "2", "everything": "1"})
    open_ = local.get(f"/api{where}").json()
    assert accepted["versions"][0]["cells"]
    assert (accepted["hidden"], open_["hidden"]) == (False, True)
    assert open_["versions"][0]["cells"] == []
    assert local.get(where).status_code == 200


def test_findings_do_not_tell_what_was_read_on_a_sheet_still_to_be_typed() -> None:
    about = (*("S1", "sheet", "sheet", "smd-27", "K1"), None, None, None, True, {"en": "880 against 886"})
    open_, other = (Finding(*about, sources=(sha,)) for sha in ("1" * 64, "0" * 64))

    assert tells_values(open_, {"1" * 64})
    assert not tells_values(other, {"1" * 64})


def test_an_entry_becomes_one_event_of_that_person(local: TestClient, filled: Case) -> None:
    answer = local.post(task(local), data=typed())

    (event,) = filled.ledger.events("entered")
    assert answer.status_code == 303
    assert event.actor == "person:Aigul"
    assert (event.body["reader"], event.body["precinct"]) == ("Aigul", 3)
    assert event.body["fields"]["votes.1"] == 300
    assert event.body["fields"]["voted_outside"] == "dash"
    assert "precinct" not in event.body["fields"]
    assert state(filled).typed == []  # one person confirms nothing


def test_a_sheet_that_contradicts_itself_is_taken_as_it_is(local: TestClient, filled: Case) -> None:
    assert local.post(task(local), data=typed(ballots_valid="999")).status_code == 303
    assert next(filled.ledger.events("entered")).body["fields"]["ballots_valid"] == 999


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
    local: TestClient, filled: Case, code: str, text: str, message: str
) -> None:
    answer = local.post(task(local), data=typed(**{code: text}))

    assert answer.status_code == 422
    assert message in answer.text
    assert 'name="votes.1" value="300"' in answer.text  # what the person typed is not lost
    assert list(filled.ledger.events("entered")) == []


def test_a_person_can_say_that_it_is_no_protocol(local: TestClient, filled: Case) -> None:
    where = task(local)

    assert local.post(f"{where}/aside", data={"reason": "boring"}).status_code == 422
    assert local.post(f"{where}/aside", data={"reason": "not_a_protocol"}).status_code == 303
    assert len(list(filled.ledger.events("set_aside"))) == 1


def test_a_headquarters_of_one_person_sets_it_and_every_page_says_so(local: TestClient, filled: Case) -> None:
    assert local.post("/mode", data={"entries": "1"}).status_code == 303
    local.post(task(local), data=typed())

    assert [one.contest for one in state(filled).typed] == ["smd-27"]
    for path in ("/", "/findings", "/district/smd-27"):
        assert "typed by one person only" in local.get(path).text
    assert local.get("/api/overview").json()["review"]["settled_by"]["single"] == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "localhost", "Origin": ""},
        {"Host": "localhost", "Origin": "http://evil.example"},
        {"Host": "localhost", "Origin": "null"},
        {"Host": "localhost", "Origin": "http://localhost:9999"},
        {"Host": "localhost", "Sec-Fetch-Site": "cross-site"},
        {"Host": "localhost", "Sec-Fetch-Site": "same-site", "Origin": "http://localhost"},
        {"Host": "evil.example", "Origin": "http://evil.example"},
    ],
)
def test_asvs_3_5_1_another_web_page_cannot_write(
    local: TestClient, filled: Case, headers: dict[str, str]
) -> None:
    where = task(local)

    for path in (where, "/mode", "/lock", "/next", "/people/invalidate", "/upload/begin"):
        assert local.post(path, data=typed(entries="1"), headers=headers).status_code == 403
    assert list(filled.ledger.events("entered", "review_mode", "locked")) == []


def test_a_name_that_points_here_from_the_internet_cannot_read(local: TestClient) -> None:
    assert local.get("/", headers={"Host": "rebind.example"}).status_code == 403
    assert local.get("/", headers={"Host": "127.0.0.1:8765"}).status_code == 200
    assert local.get("/", headers={"Host": "[::1]:8765"}).status_code == 200


def test_asvs_5_2_1_a_huge_body_is_refused_before_it_is_read() -> None:
    def sent(length: str, path: str = "/") -> str:
        return refusal(
            "POST", {"host": "localhost", "origin": "http://localhost", "content-length": length}, path
        )

    piece = f"/upload/{'a' * 32}/chunk"
    assert sent(str(MAX_BODY_BYTES + 1))
    assert sent("10") == ""
    assert sent("")  # no length: chunked
    assert sent("٣")
    assert sent(str(MAX_CHUNK_BYTES), piece) == ""
    assert sent(str(MAX_CHUNK_BYTES + 1), piece)
    assert sent(str(MAX_CHUNK_BYTES), "/upload/begin")


def test_asvs_3_4_every_answer_forbids_foreign_scripts_and_needs_no_network(local: TestClient) -> None:
    pages = ("/", "/queue", "/people", "/findings", "/official", "/export", "/upload", "/join")
    for path in (*pages, "/district/smd-27", task(local), "/static/review.js", "/gone", "/openapi.json"):
        answer = local.get(path)

        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert not re.search(r'(?:src|href|action)="(?:https?:)?//', answer.text)
        assert "<script>" not in answer.text
        assert not re.search(r"\s(?:on[a-z]+|style)=", answer.text)


def test_no_page_or_picture_of_the_case_stays_on_a_phone_and_styles_are_sent_once(local: TestClient) -> None:
    for path in ("/", "/openapi.json", task(local)):
        assert local.get(path).headers["cache-control"] == "no-store"
    style = local.get("/static/review.css")
    assert style.headers["cache-control"] == "no-cache"
    again = local.get("/static/review.css", headers={"If-None-Match": style.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/json"])
def test_another_content_type_is_refused(local: TestClient, kind: str) -> None:
    assert local.post("/mode", content=b"entries=1", headers={"Content-Type": kind}).status_code == 415
    assert local.post("/api/mode", data={"entries": "1"}).status_code == 415


@pytest.mark.parametrize("body", ["{", "[]", '{"entries": {"a": 1}}', "[" * 9000, "\xff"])
def test_json_that_is_no_flat_object_is_refused(local: TestClient, body: str) -> None:
    answer = local.post(
        "/api/mode", content=body.encode("latin-1"), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 400


def test_the_crops_and_the_page_are_pictures_made_elsewhere(local: TestClient) -> None:
    shown = local.get(task(local)).text
    cell = re.findall(r'src="(/task/[^"]+\.png)"', shown)[0]
    whole = re.findall(r'src="(/task/[^"]+\.jpg[^"]*)"', shown)[0]

    assert local.get(cell).content.startswith(b"\x89PNG")
    assert local.get(whole).content.startswith(b"\xff\xd8")
    assert local.get(cell.replace("precinct", "gone")).status_code == 404


def test_asvs_5_4_the_original_is_only_handed_out_to_be_saved_and_that_is_an_event(
    local: TestClient, filled: Case
) -> None:
    sha256 = next(iter(state(filled).photos))

    answer = local.get(f"/photo/{sha256}/original")

    assert answer.content == filled.photo_bytes(sha256)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert [e.body["sha256"] for e in filled.ledger.events("viewed")] == [sha256]


@pytest.mark.parametrize(
    "path",
    [
        f"/photo/{'0' * 64}", f"/photo/{'0' * 64}/1.jpg", "/photo/../../etc/1.jpg", "/task/x", "/task/x/page.jpg",
        "/district/nope", "/precinct/smd-27/-/99", "/district/smd-27/nope.svg", "/export/../case.toml", "/sent/x",
        f"/upload/{'0' * 32}", "/photo/..%2f..%2fetc%2fpasswd/original",
    ],
)  # fmt: skip
def test_asvs_5_3_2_what_is_not_there_is_a_page_with_advice(local: TestClient, path: str) -> None:
    assert local.get(path).status_code == 404


@pytest.mark.parametrize("lang", ["kk", "ru", "en"])
def test_the_page_speaks_three_languages(local: TestClient, lang: str) -> None:
    from cli.lang import Lang

    answer = local.get(f"/lang/{lang}")
    local.cookies.update(answer.cookies)

    assert "samesite=strict" in answer.headers["set-cookie"].lower()
    shown = html.unescape(local.get(task(local)).text)
    assert f'<html lang="{lang}">' in shown
    assert texts(Lang(lang))["blind"] in shown
    assert texts(Lang(lang))["double_mode"] in shown
    assert "built-in method" not in shown
    assert local.get("/lang/xx").status_code == 404


def test_every_text_that_a_template_asks_for_is_there() -> None:
    from pathlib import Path

    import cli.review
    from cli.lang import Lang

    there = texts(Lang.EN)
    folder = Path(cli.review.__file__).parent / "templates"
    asked = {
        key for path in folder.glob("*.html") for key in re.findall(r"\bt\.(\w+)", path.read_text("utf-8"))
    }
    assert asked - there.keys() == set()
    assert all(text.strip() for lang in Lang for text in texts(lang).values())


def test_every_page_has_a_twin_with_the_same_data(local: TestClient) -> None:
    paths = {
        "overview": "/overview", "queue": "/queue", "findings": "/findings", "official": "/official",
        "people": "/people", "export": "/export", "upload": "/upload", "district": "/district/smd-27",
    }  # fmt: skip
    for path in paths.values():
        assert local.get(f"/api{path}").headers["content-type"] == "application/json"
    described = local.get("/openapi.json").json()
    assert described["openapi"].startswith("3.1")
    operations = {op["operationId"] for ways in described["paths"].values() for op in ways.values()}
    assert operations == {one.name for one in PAGES}
    assert len(operations) == len(PAGES)


def test_the_description_tells_which_answers_can_come(local: TestClient) -> None:
    """Every address is tried with odd values: no server error, nothing that the description does not know."""
    described = local.get("/openapi.json").json()
    odd = ("0", "-", "x" * 300, "%00", "..%2f", "'\"<>", "９")
    for path, ways in described["paths"].items():
        for method, operation in ways.items():
            for value in odd:
                filled_in = re.sub(r"\{\w+\}", value, path)
                if method == "get":
                    answer = local.get(filled_in)
                elif "application/json" in operation["requestBody"]["content"]:
                    names = operation["requestBody"]["content"]["application/json"]["schema"]["properties"]
                    if operation["operationId"] == "lock":
                        continue
                    answer = local.post(filled_in, json=dict.fromkeys(names, value))
                else:
                    kind = {"Content-Type": "application/octet-stream"}
                    answer = local.post(f"{filled_in}?offset={value}", content=b"x", headers=kind)
                assert str(answer.status_code) in operation["responses"], (method, filled_in, answer.text)


def test_the_export_is_what_the_commands_print(local: TestClient, filled: Case) -> None:
    assert local.get("/export/totals.json").json()["election"] == "kz-2023-majilis"
    assert local.get("/export/protocols.csv").text.startswith("contest,region,precinct")
    assert len(local.get("/export/ledger.jsonl").text.splitlines()) == filled.ledger.head()[0]
    assert "findings" in local.get("/export/findings.json").json()


def test_a_district_shows_its_sums_and_pictures(local: TestClient) -> None:
    found = local.get("/api/district/smd-27").json()

    sums = {one["subject"]: one for one in found["sums"]}
    assert sums["altaev"]["low"] == 2 * VALUES["votes.1"]
    assert sums["altaev"]["official"] == 35116
    assert local.get(f"/district/smd-27/{found['pictures'][0]}.svg").text.startswith("<?xml")


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
    read = page("a.jpg", "0" * 64, 1, True)
    turned = {code: replace(one, quad_px=quad) for code, one in read.fields.items()}

    assert quarter_turns(replace(read, fields=turned, header={})) == turns
    assert quarter_turns(replace(read, fields={}, header={})) == 0


def test_who_has_typed_all_that_one_person_may_is_told_what_to_do(local: TestClient) -> None:
    while task := local.post("/api/next", json={}).json()["task"]:
        assert "Next sheet" in local.get("/").text
        assert local.post(f"/api/task/{task}/aside", json={"reason": "not_a_protocol"}).status_code == 200
    page = local.get("/").text
    assert "Next sheet" not in page
    assert "--reader" in page


def test_an_english_page_shows_words_and_no_codes(local: TestClient) -> None:
    page = local.get("/district/smd-27").text
    assert "Voters listed" in page
    assert "voters_listed" not in page
