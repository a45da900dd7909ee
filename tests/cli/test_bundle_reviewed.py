"""A case that people typed blind: the bundle tells all that they said, and checks it without us."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tally.bundle.verified import contents_of_bundle
from tests.cli import bundling
from tests.cli.bundling import check, edit, events_in, repair_ledger, repair_manifests, rewrite_all, said


@pytest.fixture(scope="module")
def clean(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("reviewed")
    return bundling.make_bundle(bundling.reviewed_case(folder / "case"), folder / "bag")


def test_a_reviewed_case_has_a_bundle_without_problems(clean):
    assert said(check(clean)) == ""
    assert contents_of_bundle(clean).totals.contests[0].sums["altaev"].confirmed > 0  # people count in it


def test_every_blind_entry_and_decision_is_told_with_both_values(clean):
    told = json.loads((clean / "data/entries.json").read_bytes())
    acts = [(one["act"], one.get("reader")) for one in told]
    assert acts.count(("entered", "Aida")) == 1
    assert acts.count(("entered", "Bolat")) == 3  # one of them was taken back
    assert acts.count(("withdrawn", "Bolat")) == 1
    assert [who for act, who in acts if act == "set_aside"] == ["Aida", "Dana"]
    (decided,) = (one for one in told if one["act"] == "decided")
    true = bundling.TRUTH["district-27-2.jpg"]["cells"]["votes.1"]["value"]
    assert decided["changed"] == {"votes.1": {"old": [true, 1], "new": true}}
    assert (decided["reader"], decided["time_utc"][-1]) == ("Aida", "Z")


def test_an_entry_left_out_or_put_into_another_mouth(bag):
    told = json.loads((bag / "data/entries.json").read_bytes())
    number = next(i for i, one in enumerate(told) if one["act"] == "entered")
    left = [one for i, one in enumerate(told) if i != number]
    edit(bag, "entries.json", lambda _: left)
    repair_manifests(bag)
    assert f"event {told[number]['event']} of the ledger is left out" in said(check(bag))
    edit(bag, "entries.json", lambda _: [one | {"reader": "Zarina"} for one in told])
    repair_manifests(bag)
    assert f"event {told[number]['event']} is not what the ledger says" in said(check(bag))


def test_a_value_that_only_one_of_two_people_typed_confirms_nothing(bag):
    """Dana's 1 was overruled: the sums say it all the same, and everything outside is repaired."""
    true = bundling.TRUTH["district-27-2.jpg"]["cells"]["votes.1"]["value"]

    def cell(contests):
        for protocol in contests[0]["protocols"]:
            for version in protocol["versions"]:
                for cells in (version["cells"], *(sheet["cells"] for sheet in version["sheets"])):
                    if cells.get("votes.1", {}).get("value") == true:
                        cells["votes.1"] |= {"low": 1, "high": 1, "value": 1}

    def total(totals):
        for key in ("low", "high", "as_read", "confirmed"):
            totals["contests"][0]["sums"]["altaev"][key] += 1 - true

    edit(bag, "protocols.json", cell)
    edit(bag, "totals.json", total)
    repair_manifests(bag)
    shown = said(check(bag))
    assert "sum data/totals.json" not in shown  # the attacker added up well
    assert "votes.1: nobody read or typed 1 from" in shown


@pytest.mark.parametrize("who", ["Aida", " AIDA "])
def test_one_person_under_two_spellings_confirms_nothing(bag, who):
    """The second entry is the first person's own: with history, documents and manifests repaired, still one person."""
    events = events_in(bag)
    second = next(e for e in events if e["kind"] == "entered" and e["body"]["reader"] == "Bolat")
    second["body"]["reader"] = who
    before = json.loads((bag / "data/protocols.json").read_bytes())
    repair_ledger(bag, events)
    rewrite_all(bag)
    edit(bag, "protocols.json", lambda _: before)
    repair_manifests(bag)
    assert "nobody read or typed" in said(check(bag))
