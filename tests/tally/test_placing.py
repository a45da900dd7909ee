"""Sheets that stand in two places are shown to a person; honest cases stay silent."""

from __future__ import annotations

from dataclasses import replace

from tally.election import load_election
from tally.hints import captions_differ, hint, same_sheet
from tally.model import PageReading
from tally.rules.placing import misplaced
from tally.state import CaseState
from tally.totals import totals
from tests.tally.building import ELECTION, folded, full, page, typed_body

ELECTION_DATA = load_election(ELECTION)
ONE, OTHER = "a" * 64, "b" * 64


def found(known: CaseState) -> list[tuple[str, object]]:
    added = totals(known, ELECTION_DATA)
    return [(one.code, one.details) for one in misplaced(added, known)]


def with_phash(known: CaseState, *hashes: str) -> CaseState:
    for photo, phash in zip(list(known.photos.values()), hashes, strict=True):
        known.photos[photo.sha256] = replace(photo, phash=phash)
    return known


def sheet(precinct: int, first: int = 100, **more: object) -> PageReading:
    return page(precinct, full([first, 50, 20]), **more)


def test_an_ordinary_case_is_silent() -> None:
    known = folded([sheet(1), sheet(2, 90), sheet(3, 80)])
    assert found(with_phash(known, "0" * 64, "f" * 64, "0f" * 32)) == []


def test_one_photo_typed_under_two_precincts() -> None:
    body = full([100, 50, 20])
    rows = [
        typed_body(7, body, reader="aida", sha256=ONE),
        typed_body(8, body, reader="bolat", sha256=ONE),
    ]
    ((code, details),) = found(folded([sheet(7, sha256=ONE)], typed=rows))
    assert (code, details["precincts"]) == ("C3", [7, 8])


def test_a_reader_who_corrects_himself_is_not_two() -> None:
    body = full([100, 50, 20])
    rows = [typed_body(7, body, sha256=ONE), typed_body(8, body, sha256=ONE)]
    assert found(folded([sheet(7, sha256=ONE)], typed=rows)) == []


def test_one_shot_under_two_precincts() -> None:
    known = with_phash(folded([sheet(1), sheet(2, 90)]), "0" * 64, "0" * 63 + "3")
    ((code, details),) = found(known)
    assert (code, details) == ("C3", {"precincts": [1, 2], "bits": 2})


def test_one_shot_of_one_precinct_is_no_finding_and_one_witness() -> None:
    known = folded([sheet(1, sha256=ONE), sheet(1, sha256=OTHER)])
    assert found(with_phash(known, "0" * 64, "0" * 64)) == []
    (group,) = same_sheet(totals(known, ELECTION_DATA), known, [(ONE, OTHER)])
    assert (group["precinct"], group["shots"], len(group["versions"])) == (1, 1, 1)
    (group,) = same_sheet(totals(known, ELECTION_DATA), known)
    assert group["shots"] == 2


def test_photos_of_one_sheet_with_other_numbers_are_versions_side_by_side() -> None:
    known = folded([sheet(1, sha256=ONE), sheet(1, 99, sha256=OTHER)])
    (group,) = same_sheet(totals(known, ELECTION_DATA), known)
    assert sorted(group["versions"]) == [[ONE], [OTHER]]


def test_one_precinct_in_two_districts_of_a_region() -> None:
    same_region = [contest.district for contest in ELECTION_DATA.contests if contest.region == "almaty"]
    elsewhere = next(c.district for c in ELECTION_DATA.contests if c.region == "shymkent")
    one, other = (sheet(5, district=number) for number in same_region[:2])
    far = sheet(5, 70, district=elsewhere)
    districts = (*same_region[:2], elsewhere)
    ((code, details),) = found(folded([one, replace(other, sha256=OTHER)], districts))
    assert (code, details["precinct"], details["districts"]) == ("C4", 5, same_region[:2])
    assert found(folded([one, far], districts)) == []  # numbers repeat between regions


def test_a_caption_stands_beside_the_sheet_and_changes_nothing() -> None:
    known = folded([sheet(379, sha256=ONE)])
    before = totals(known, ELECTION_DATA)
    claims = ({"caption": "УИК №397 округ 27"},)
    known.photos[ONE] = replace(known.photos[ONE], claims=claims)
    after = totals(known, ELECTION_DATA)
    assert after.to_dict() == before.to_dict()
    (other,) = captions_differ(after, known)
    assert other["hint"] == {"precinct": 397, "district": 27}
    assert other["read"] == {"precinct": 379, "district": 27}


def test_captions_that_disagree_are_no_hint() -> None:
    known = folded([sheet(379, sha256=ONE)])
    claims = ({"caption": "участок 379"}, {"caption": "участок 380"})
    assert hint(replace(known.photos[ONE], claims=claims)).precinct is None
