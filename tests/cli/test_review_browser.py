"""People at work in a real browser: two who type blind, a third who decides, a lead, and all ways around the rule."""

from __future__ import annotations

import re

import pytest

from cli.review.roles import Role
from tally.review.settle import By, Stage, standing
from tests.cli.browsing import PHONE, Served, chromium, follow, served, type_sheet
from tests.cli.conftest import jpeg
from tests.cli.reviewing import fake_reader, filled, typed

pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not here")

from playwright.sync_api import Page, expect

__all__ = ["chromium", "fake_reader", "filled", "served"]


def begin(page: Page) -> str:
    """Take the next sheet; its task."""
    page.get_by_role("button", name="Next sheet").first.click()
    page.wait_for_url(re.compile(r"/task/"))
    return page.url.rpartition("/")[2].partition("?")[0]


def place(served: Served, task: str) -> tuple[str, int]:
    return served.room.state().review.leases[task].place


def now(served: Served, sheet: tuple[str, int]):
    return standing(served.room.state().review, sheet)


def test_two_people_type_blind_and_agree(served: Served) -> None:
    aida, bolat = served.enter("Aida", Role.REVIEWER), served.enter("Bolat", Role.REVIEWER, PHONE)

    sheet = place(served, begin(aida))
    assert all(box.input_value() == "" for box in aida.locator("#sheet input:not([type=hidden])").all())
    assert not re.search(r"\b(808|490)\b", aida.content())  # what the program read
    type_sheet(aida)
    expect(aida.get_by_role("status")).to_contain_text("Saved")
    assert now(served, sheet).stage is Stage.SECOND
    second = begin(bolat)
    assert place(served, second) == sheet
    assert not re.search(r"\b(808|490)\b", bolat.content())
    assert "Aida" not in bolat.content()
    type_sheet(bolat)

    assert now(served, sheet).by is By.DOUBLE
    assert served.complaints == []


def test_a_third_person_decides_and_sees_no_names(served: Served) -> None:
    aida, bolat = served.enter("Aida", Role.REVIEWER), served.enter("Bolat", Role.REVIEWER)
    judge = served.enter("Judge", Role.ADJUDICATOR)
    sheet = place(served, begin(aida))
    type_sheet(aida, **{"votes.1": "300"})
    begin(bolat)
    type_sheet(bolat, **{"votes.1": "308"})
    assert now(served, sheet).stage is Stage.CONFLICT

    assert place(served, begin(judge)) == sheet
    expect(judge.get_by_role("heading", level=1)).to_have_text("Decide between two entries")
    assert "Aida" not in judge.content()
    assert "Bolat" not in judge.content()
    row = judge.locator(".field.split")
    expect(row).to_have_count(1)
    assert sorted(row.locator("[data-fill] b").all_inner_texts()) == ["300", "308"]
    row.locator("[data-fill='308']").click()
    follow(judge, judge.locator("#sheet .actions button"))

    assert now(served, sheet).by is By.ADJUDICATED
    assert dict(now(served, sheet).content.fields)["votes.1"] == 308


def test_a_sheet_is_typed_without_a_mouse(served: Served) -> None:
    aida = served.enter("Aida", Role.REVIEWER)
    keys = aida.keyboard

    keys.press("Tab")
    expect(aida.locator(":focus")).to_have_text("Skip to the content")
    keys.press("Enter")
    for _ in range(10):
        keys.press("Tab")
        if aida.evaluate("document.activeElement.textContent").strip() == "Next sheet":
            break
    keys.press("Enter")
    aida.wait_for_url(re.compile(r"/task/"))

    boxes = aida.locator("#sheet input:not([type=hidden])")
    aida.locator("#region").select_option("turkistan") if aida.locator("#region").count() else None
    boxes.first.focus()
    tops = []
    codes = [box.get_attribute("name") for box in boxes.all()]
    wanted = typed(voted_absentee="N", ballots_invalid="S")
    for code in codes:
        assert aida.evaluate("document.activeElement.name") == code  # focus goes down the sheet, row by row
        tops.append(aida.evaluate("document.activeElement.getBoundingClientRect().top + scrollY"))
        assert aida.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
        text = wanted.get(code, "B")
        keys.press("z")
        assert aida.evaluate("document.activeElement.closest('.field').classList.contains('zoomed')")
        keys.press("z")
        if text in "NDSB":
            keys.press(text.lower())  # a mark goes on by itself
        else:
            keys.type(text)
            keys.press("Enter")
    assert tops == sorted(tops)
    expect(aida.locator(":focus")).to_have_text("Save")
    keys.press("Enter")
    expect(aida.get_by_role("status")).to_contain_text("Saved")

    (entry,) = served.events("entered")
    marks = {
        code: entry.body["fields"][code] for code in ("voted_outside", "voted_absentee", "ballots_invalid")
    }
    assert marks == {"voted_outside": "dash", "voted_absentee": "illegible", "ballots_invalid": "struck"}
    assert entry.body["fields"]["votes.1"] == 300


def test_a_forgotten_row_is_asked_about_and_what_was_typed_is_kept(served: Served) -> None:
    aida = served.enter("Aida", Role.REVIEWER, PHONE)
    begin(aida)
    type_sheet(aida, **{"votes.2": ""})

    assert served.events("entered") == []
    expect(aida.get_by_role("alert")).to_be_visible()
    expect(aida.locator("[name='votes.1']")).to_have_value("300")
    assert aida.evaluate("document.activeElement.name") == "votes.2"


def test_the_same_person_on_two_devices_confirms_nothing(served: Served) -> None:
    laptop, phone = served.enter("Aida", Role.REVIEWER), served.enter("AIDA ", Role.REVIEWER, PHONE)
    sheet = place(served, begin(laptop))
    type_sheet(laptop)

    assert place(served, begin(phone)) != sheet
    assert now(served, sheet).stage is Stage.SECOND


def test_who_handed_a_photo_in_never_types_it(served: Served) -> None:
    phone = served.enter("Bolat", Role.OBSERVER, PHONE)
    phone.goto("/upload")
    phone.locator("#files").set_input_files(
        [{"name": "r7.jpg", "mimeType": "image/jpeg", "buffer": jpeg(133)}]
    )
    phone.get_by_role("link", name="What was read?").wait_for()
    served.room.accounts.revoke(next(i.id for i in served.room.accounts.invitations.values()), "lead")
    later = served.enter("bolat", Role.REVIEWER)

    seen = set()
    for _ in range(6):
        if "/task/" not in later.url:
            if not later.get_by_role("button", name="Next sheet").count():
                break
            follow(later, later.get_by_role("button", name="Next sheet").first)
        if "/task/" not in later.url:
            break
        sheet = place(served, later.url.rpartition("/")[2].partition("?")[0])
        seen.add(served.room.state().photos[sheet[0]].name)
        follow(later, later.get_by_role("button", name="Not a protocol"))
    assert seen == {"r3.jpg", "n4.jpg"}


def test_two_tabs_and_a_request_sent_again_are_one_entry(served: Served) -> None:
    one = served.enter("Aida", Role.REVIEWER)
    task = begin(one)
    two = one.context.new_page()
    two.goto(f"/task/{task}")
    type_sheet(one)
    type_sheet(two, **{"votes.1": "999"})
    again = one.context.request.post(
        f"/task/{task}", form=typed(**{"votes.1": "998"}), headers={"Origin": served.base}, max_redirects=0
    )

    assert again.status == 303
    assert [event.body["fields"]["votes.1"] for event in served.events("entered")] == [300]


def test_a_task_of_somebody_else_cannot_be_taken_over(served: Served) -> None:
    aida, bolat = served.enter("Aida", Role.REVIEWER), served.enter("Bolat", Role.REVIEWER)
    task = begin(aida)

    bolat.goto(f"/task/{task}")
    expect(bolat.get_by_role("alert")).to_contain_text("not handed to you")
    sent = bolat.context.request.post(
        f"/task/{task}", form=typed(), headers={"Origin": served.base}, max_redirects=0
    )
    assert sent.status == 404
    assert served.events("entered") == []


def test_a_lead_has_more_rights_and_still_types_nothing(served: Served) -> None:
    aida, lead = served.enter("Aida", Role.REVIEWER), served.enter("Lead", Role.LEAD)
    task = begin(aida)

    assert lead.get_by_role("button", name="Next sheet").count() == 0
    for path in ("/next", f"/task/{task}"):
        answer = lead.context.request.post(
            path, form=typed(), headers={"Origin": served.base}, max_redirects=0
        )
        assert answer.status == 403
    assert served.events("entered") == []


def test_a_lock_down_stops_everybody_and_loses_nothing(served: Served) -> None:
    lead, aida = served.enter("Lead", Role.LEAD), served.enter("Aida", Role.REVIEWER)
    begin(aida)
    lead.goto("/people")
    lead.get_by_role("button", name="Lock down").click()
    expect(lead.get_by_role("button", name="Open again")).to_be_visible()

    sheet = aida.url
    aida.goto("/")
    expect(aida.get_by_role("alert")).to_contain_text("Locked down")
    lead.get_by_role("button", name="Open again").click()
    expect(lead.get_by_role("button", name="Lock down")).to_be_visible()
    aida.goto(sheet)
    type_sheet(aida)
    assert len(served.events("entered")) == 1
    assert [event.kind for event in served.events("locked", "unlocked")] == ["locked", "unlocked"]


def test_a_link_that_expired_was_used_or_was_revoked_opens_nothing(served: Served) -> None:
    used, late = served.link("Aida", Role.REVIEWER), served.link("Late", Role.REVIEWER)
    first = served.device().new_page()
    first.goto(used)
    first.wait_for_url(f"{served.base}/")
    served.expire(late)

    for link in (used, late):
        other = served.device(PHONE).new_page()
        other.goto(link)
        expect(other.get_by_role("alert")).to_contain_text("was used, has expired or was revoked")
        assert "#" not in other.url
        assert other.context.cookies() == []
        other.goto("/findings")
        assert other.url == f"{served.base}/join"


def test_a_revoked_person_is_out_at_once(served: Served) -> None:
    lead, aida = served.enter("Lead", Role.LEAD), served.enter("Aida", Role.REVIEWER)
    lead.goto("/people")
    follow(lead, lead.get_by_role("button", name="Revoke Aida"))

    aida.goto("/")
    assert aida.url == f"{served.base}/join"
