"""Several people at one page: invitations, sessions, roles, and double entry that nobody can defeat."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from starlette.testclient import TestClient

from cli.review.accounts import Accounts
from cli.review.app import PAGES, make_app
from cli.review.roles import RIGHTS, Right, Role
from cli.review.room import Room
from tally.case import Case, open_case
from tally.review.settle import Stage, standing
from tests.cli.reviewing import House, browser, fake_reader, filled, house, typed

__all__ = ["fake_reader", "filled", "house"]


def sheet(house: House) -> tuple[str, int]:
    return next(t.place for t in house.room.desk.queue() if t.status.value == "review")


def stage(house: House) -> Stage:
    return standing(house.room.state().review, sheet(house)).stage


def enter(house: House, client: TestClient, **changes: str) -> int:
    """Type the sheet of precinct 3 when it comes; other sheets are given back."""
    for _ in range(4):
        task = house.next(client)
        if house.place(task) == sheet(house):
            return client.post(f"/task/{task}", data=typed(**changes)).status_code
        client.post(f"/api/task/{task}/pass", json={})
    raise AssertionError("the sheet was not handed out")


def test_two_people_type_a_third_decides_and_never_sees_who(house: House) -> None:
    one, two = house.join("Aida", Role.REVIEWER), house.join("Berik", Role.REVIEWER)
    third = house.join("Colpan", Role.ADJUDICATOR)

    assert enter(house, one) == 303
    assert enter(house, two, **{"votes.2": "151"}) == 303
    assert stage(house) is Stage.CONFLICT
    assert house.place(house.next(one)) != sheet(house)  # reviewers do not decide
    task = house.next(third)
    assert house.place(task) == sheet(house)
    shown = third.get(f"/task/{task}").text
    assert "150" in shown
    assert "151" in shown
    assert "Aida" not in shown
    assert "Berik" not in shown
    assert third.post(f"/task/{task}", data=typed()).status_code == 303
    assert stage(house) is Stage.DONE
    lead = house.join("Lead", Role.LEAD)
    quality = {r["reader"]: r for r in lead.get("/api/people").json()["reviewers"]}
    assert quality["Berik"]["cells_wrong"] > quality["Aida"]["cells_wrong"] == 0


def test_the_same_person_on_two_devices_is_one_person(house: House) -> None:
    phone, laptop = house.join("Aida", Role.REVIEWER), house.join("aida", Role.REVIEWER)

    enter(house, phone)
    for _ in range(3):
        task = house.next(laptop)
        assert not task or house.place(task) != sheet(house)
        if task:
            laptop.post(f"/api/task/{task}/pass", json={})
    assert stage(house) is Stage.SECOND


def test_a_task_of_somebody_else_opens_for_nobody(house: House) -> None:
    one, two = house.join("Aida", Role.REVIEWER), house.join("Berik", Role.REVIEWER)
    task = house.next(one)

    for path in (
        f"/task/{task}",
        f"/api/task/{task}",
        f"/task/{task}/page.jpg",
        f"/task/{task}/cell/precinct.png",
    ):
        assert two.get(path).status_code == 404
    assert two.post(f"/task/{task}", data=typed()).status_code == 404
    assert two.post(f"/task/{task}/aside", data={"reason": "not_a_protocol"}).status_code == 404
    assert stage(house) is Stage.FIRST


def test_a_request_sent_twice_from_two_tabs_is_one_entry(house: House) -> None:
    client = house.join("Aida", Role.REVIEWER)
    task = house.next(client)

    assert task == house.next(client)  # a second tab gets the same sheet
    answers = [client.post(f"/task/{task}", data=typed()).status_code for _ in range(3)]
    assert answers == [303, 303, 303]
    assert len(list(house.case.ledger.events("entered"))) == 1


@pytest.mark.parametrize("role", [Role.LEAD, Role.READER, Role.OBSERVER])
def test_more_rights_are_not_the_right_to_type(house: House, role: Role) -> None:
    client = house.join("Somebody", role)

    assert client.post("/api/next", json={}).status_code == 403
    assert client.post("/next", data={"x": "1"}).status_code == 403


def test_whoever_handed_a_photo_in_does_not_get_it_to_type(house: House) -> None:
    open_case(house.case.path, actor="person:Aida").add_bytes(
        house.case.photo_bytes(sheet(house)[0]), "x.jpg"
    )
    client = house.join("Aida", Role.REVIEWER)

    task = house.next(client)
    assert not task or house.place(task) != sheet(house)


def test_an_invalidated_reviewers_sheets_come_again(house: House) -> None:
    one, two, lead = (
        house.join(name, role)
        for name, role in (("Aida", Role.REVIEWER), ("Berik", Role.REVIEWER), ("Lead", Role.LEAD))
    )
    enter(house, one)
    enter(house, two)
    assert stage(house) is Stage.DONE

    assert lead.post("/people/invalidate", data={"reader": "Berik", "reason": "asleep"}).status_code == 303
    assert stage(house) is Stage.SECOND
    assert two.post("/api/next", json={}).status_code == 409


def test_asvs_6_6_a_link_works_once(house: House) -> None:
    _, token = house.room.accounts.invite("Aida", Role.REVIEWER, "lead")
    first, second = browser(house.app), browser(house.app)

    assert first.post("/join", data={"token": token}).status_code == 303
    assert second.post("/join", data={"token": token}).status_code == 403
    assert second.get("/api/overview").status_code == 401


def test_a_link_used_in_two_servers_at_once_lets_one_in(house: House) -> None:
    made, token = house.room.accounts.invite("Aida", Role.REVIEWER, "lead")
    blind = Accounts(house.case)  # another server, which has not seen the first one's event
    blind.refresh()
    assert house.room.accounts.join(token)
    again = {"invite": made.id, "session_sha256": "0" * 64, "until": "2100-01-01T00:00:00+00:00"}
    house.case.record("joined", again)

    blind.refresh()
    assert len(blind._sessions) == 1


def test_sums_that_would_tell_an_open_sheet_are_hidden_from_reviewers(house: House) -> None:
    one, reader = house.join("Aida", Role.REVIEWER), house.join("Reader", Role.READER)

    shut, open_ = (web.get("/api/district/smd-27").json() for web in (one, reader))
    assert shut["hidden"] or not any(t.standing.stage is Stage.FIRST for t in house.room.desk.queue())
    assert open_["sums"]
    assert one.get("/api/official").json()["compared"] == []
    assert one.get("/district/smd-27").status_code == 200


def test_an_expired_and_a_revoked_link_let_nobody_in(house: House) -> None:
    late, token = house.room.accounts.invite("Late", Role.REVIEWER, "lead")
    late.until = datetime.now(UTC) - timedelta(seconds=1)
    gone, other = house.room.accounts.invite("Gone", Role.REVIEWER, "lead")
    house.room.accounts.revoke(gone.id, "lead")

    for one in (token, other, "", "x" * 100):
        assert browser(house.app).post("/join", data={"token": one}).status_code == 403


def test_asvs_7_4_a_revoked_person_is_out_at_once_and_signing_out_ends_the_session(house: House) -> None:
    one, two = house.join("Aida", Role.REVIEWER), house.join("Berik", Role.REVIEWER)
    cookie = dict(two.cookies)
    (aida,) = (i for i in house.room.accounts.invitations.values() if i.person.name == "Aida")

    house.room.accounts.revoke(aida.id, "lead")
    assert one.get("/api/overview").status_code == 401
    two.post("/leave", data={"x": ""})
    two.cookies.update(cookie)
    assert two.get("/api/overview").status_code == 401


def test_asvs_7_2_tokens_and_sessions_are_nowhere_on_disk_and_cookies_are_closed(house: House) -> None:
    _, token = house.room.accounts.invite("Aida", Role.REVIEWER, "lead")
    client = browser(house.app)
    answer = client.post("/join", data={"token": token})

    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    disk = (house.case.path / "ledger.sqlite").read_bytes()
    assert token.encode() not in disk
    assert client.cookies["session"].encode() not in disk


def test_a_session_survives_a_restart_of_the_server(house: House) -> None:
    client = house.join("Aida", Role.REVIEWER)
    task = house.next(client)
    again = browser(make_app(Room(open_case(house.case.path), house.room.lang)))
    again.cookies.update(client.cookies)

    assert again.post("/api/next", json={}).json()["task"] == task


def test_asvs_8_2_every_page_is_closed_to_strangers_and_to_roles_without_the_right(house: House) -> None:
    stranger = browser(house.app)
    people = {role: house.join(role.value, role) for role in Role if role is not Role.LOCAL}
    for page in PAGES:
        if page.public or page.method != "GET":
            continue
        path = page.path.replace("{page:int}", "1").replace("{precinct:int}", "1")
        path = path.replace("{sha256}", "0" * 64).replace("{contest}", "smd-27").replace("{region}", "-")
        path = path.replace("{name}", "x").replace("{token}", "x").replace("{code}", "x").replace("{id}", "x")
        assert stranger.get(path).status_code in (303, 401), path
        for role, client in people.items():
            allowed = page.right is None or page.right in RIGHTS[role]
            assert (client.get(path).status_code != 403) == allowed, (path, role)


def test_writing_without_a_session_is_refused(house: House) -> None:
    stranger = browser(house.app)
    for page in PAGES:
        if page.method == "POST" and page.kind == "json":
            path = f"/api{page.path}".replace("{token}", "x").replace("{id}", "0" * 32)
            assert stranger.post(path, json={}).status_code == 401, path
    assert {e.kind for e in house.case.ledger.events()} <= {"case_created", "received", "read", "quarantined"}


def test_lock_down_closes_everything_and_only_the_lead_opens_it(house: House) -> None:
    lead, one = house.join("Lead", Role.LEAD), house.join("Aida", Role.REVIEWER)
    task = house.next(one)

    assert lead.post("/lock", data={"locked": "1"}).status_code == 303
    for path in ("/", "/findings", f"/task/{task}", f"/task/{task}/page.jpg"):
        assert one.get(path).status_code == 503
    assert one.post(f"/task/{task}", data=typed()).status_code == 503
    assert lead.get("/").status_code == 503
    assert one.post("/lock", data={"locked": "0"}).status_code == 503
    assert lead.get("/people").status_code == 200
    assert lead.post("/lock", data={"locked": "0"}).status_code == 303
    assert one.post(f"/task/{task}", data=typed()).status_code == 303
    assert [e.actor for e in house.case.ledger.events("locked", "unlocked")] == ["person:Lead"] * 2


def test_the_lead_gets_a_link_with_the_token_behind_the_hash_and_a_qr_code(house: House) -> None:
    lead = house.join("Lead", Role.LEAD)
    body = {"name": "Aida", "role": "reviewer", "hours": "3"}

    made = lead.post("/api/people/invite", json=body)
    page = lead.post("/people/invite", data=body | {"name": "Berik"})

    assert made.status_code == 201
    assert made.json()["link"].startswith("http://localhost/join#")
    assert "<svg" in page.text
    token = made.json()["link"].partition("#")[2]
    assert browser(house.app).post("/join", data={"token": token}).status_code == 303


def test_one_name_has_one_role(house: House) -> None:
    lead = house.join("Lead", Role.LEAD)

    answer = lead.post("/api/people/invite", json={"name": "LEAD", "role": "reviewer"})
    assert answer.status_code == 422
    assert lead.post("/api/people/invite", json={"name": "x", "role": "local"}).status_code == 422


def test_guessing_links_is_slowed_down(house: House) -> None:
    client = browser(house.app)
    codes = [client.post("/join", data={"token": str(n)}).status_code for n in range(14)]

    assert codes[0] == 403
    assert codes[-1] == 429


def test_a_lead_who_sees_readings_has_no_way_to_type() -> None:
    for role, rights in RIGHTS.items():
        if role is not Role.LOCAL:
            assert not {Right.MANAGE, Right.TYPE} <= rights
            assert not {Right.UPLOAD, Right.TYPE} <= rights


def test_acts_name_the_person_and_no_address(house: House) -> None:
    enter(house, house.join("Aida", Role.REVIEWER))

    disk = (house.case.path / "ledger.sqlite").read_bytes()
    assert b"testclient" not in disk
    assert {e.actor for e in house.case.ledger.events("leased", "entered", "joined")} == {"person:Aida"}


def test_the_case_is_what_it_was_after_all_this(house: House, filled: Case) -> None:
    enter(house, house.join("Aida", Role.REVIEWER))
    assert filled.ledger.verify()[0] == filled.ledger.head()[0]


def test_an_observer_is_led_to_the_upload_and_not_to_figures(house: House) -> None:
    page = house.join("phone", Role.OBSERVER).get("/").text
    assert 'href="/upload">Hand in photos' in page
    assert "<progress" not in page
    assert "<progress" in house.join("Aigul", Role.REVIEWER).get("/").text
