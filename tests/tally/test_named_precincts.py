"""Precinct numbers repeat between regions: a finding about "precinct 46" of a country sends people to the wrong one."""

from __future__ import annotations

from dataclasses import replace

from tally import texts
from tally.election import load_election
from tally.findings import Finding
from tally.reconcile import diff
from tally.totals import totals
from tests.tally.building import ELECTION, folded, full, typed_body
from tests.tally.test_reconcile import coded, snapshot

KAZAKHSTAN = load_election(ELECTION)
NAMES = {one.id: texts.region_name(one) for one in KAZAKHSTAN.regions}
ABAI, AQMOLA = list(NAMES)[:2]
PARTIES = [candidate.id for candidate in KAZAKHSTAN.contest("party").candidates]
VOTES = dict(zip(PARTIES, (310, 45, 27, 19, 33, 12, 8), strict=True))
SHEET = {c: n for c, n in full(list(VOTES.values())).items() if not c.startswith("votes.")} | VOTES


def found(*changes: dict[str, int], official: int | None = None) -> list[Finding]:
    """Findings about precinct 46 of two regions, both with the same sheet but for ``changes`` of each."""
    rows = [
        typed_body(46, SHEET | changed, contest="party", region=region)
        for region, changed in zip((ABAI, AQMOLA), changes, strict=True)
    ]
    figures = []
    if official is not None:
        one = snapshot(contest="party", amanat=official)
        figures = [replace(one, figures=(replace(one.figures[0], unit=AQMOLA, precinct=46),))]
    return list(diff(totals(folded([], (), rows), KAZAKHSTAN), KAZAKHSTAN, figures))


def test_a_sheet_that_contradicts_itself_is_named_with_its_region():
    broken = [one for one in coded(found({}, {"ballots_invalid": 4}), "S1") if one.subject == "K1"]
    assert [one.details["region"] for one in broken] == [AQMOLA]
    for language in texts.LANGUAGES:
        assert f"46 ({NAMES[AQMOLA][language]})" in broken[0].text[language]
        assert NAMES[ABAI][language] not in broken[0].text[language]


def test_look_alikes_with_one_number_are_told_apart():
    (alike,) = coded(found({}, {}), "C2")
    for language in texts.LANGUAGES:
        both = f"46 ({NAMES[ABAI][language]}), 46 ({NAMES[AQMOLA][language]})"
        assert both in alike.text[language]


def test_an_official_figure_of_one_precinct_names_the_region_too():
    (other,) = coded(found({}, {}, official=311), "O3")
    for language in texts.LANGUAGES:
        assert f"46 ({NAMES[AQMOLA][language]})" in other.text[language]
