"""The rules that never bend, one test each (and, with each, the proof that it can fail).

Each rule is shown honest data, over which it must stay silent, and the same data with the rule broken, over
which it must not.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

import cv2
import numpy as np
import pytest

from ocr import crops
from ocr.focus import focus
from ocr.photo import open_photos
from ocr.pipeline import crop, read_file
from ocr.readings import interpret, readers
from tally.acceptance import decide
from tally.checks import run_checks, spans_of, suggest
from tally.election import OfficialFigure, load_election
from tally.errors import PhotoError
from tally.findings import VERDICTS
from tally.form import load_form, value_span
from tally.model import Mark, Outcome, PageReading, Reading, Span, Status
from tally.official import Snapshot
from tally.reconcile import diff
from tally.state import state
from tally.totals import totals
from tests.ocr.committed import INCONSISTENT, WORDS, photo_bytes, read, truths
from tests.tally.building import ELECTION, FORM, folded, full, make_case, page, sums, unsure

SMD = load_form(FORM)
CEILING = SMD.field("votes.1").ceiling


@pytest.fixture(scope="module")
def election():
    return load_election(ELECTION)


def official(**figures: int) -> Snapshot:
    rows = tuple(
        OfficialFigure("smd-27", who, "", votes, str(votes), "votes", False, "https://example.org", "2023")
        for who, votes in figures.items()
    )
    return Snapshot("0" * 64, "table.csv", "https://example.org", "2023-03-27T12:00+05:00", rows)


def checked(fields: Mapping[str, Any], **changes: object) -> PageReading:
    """A page with its checks and its verdict, as the reader hands it over."""
    one = dataclasses.replace(page(100, fields), **changes)
    one = dataclasses.replace(one, checks=run_checks(SMD, spans_of(SMD, one.fields), 2))
    status, reasons = decide(SMD, one)
    return dataclasses.replace(one, status=status, reasons=reasons)


# 1. Transcribe first, judge later: arithmetic never creates a value.


def invented(seen: PageReading, paper: Mapping[str, int | None]) -> dict[str, int | None]:
    """Settled values of a page that do not stand on the paper."""
    return {
        code: cell.value
        for code, cell in seen.fields.items()
        if cell.value is not None and cell.confidence >= 0.9 and cell.value != paper.get(code)
    }


def repaired(seen: PageReading) -> PageReading:
    """What a reader that mends sums would have said."""
    values = {code: cell.value or 0 for code, cell in seen.fields.items()}
    valid = sum(v for code, v in values.items() if code.startswith("votes.")) + values["against_all"]
    mended = dataclasses.replace(seen.fields["ballots_valid"], value=valid + 1, confidence=0.99)
    return dataclasses.replace(seen, fields={**seen.fields, "ballots_valid": mended})


def test_rule_1_an_inconsistent_sheet_is_transcribed_as_it_stands():
    seen, paper = read(INCONSISTENT), truths()[INCONSISTENT]["fields"]
    assert not truths()[INCONSISTENT]["consistent"]
    assert seen.status is Status.REVIEW
    assert invented(seen, paper) == {}
    assert invented(repaired(seen), paper) != {}


def test_rule_1_a_value_never_depends_on_the_other_cells():
    honest = checked(full([10, 20]))
    broken = checked(full([10, 20]) | {"ballots_valid": 999})
    assert Outcome.BROKEN in {check.outcome for check in broken.checks}
    for code, cell in honest.fields.items():
        if code != "ballots_valid":
            assert broken.fields[code] == cell
    assert broken.fields["ballots_valid"].value == 999


def test_rule_1_a_suggestion_is_said_and_never_applied():
    doubtful = Reading(
        Mark.READ, 49, confidence=0.95, alternatives=((149, 0.04),), anchored=True, agreed=True
    )
    one = checked(full([149, 20]) | {"votes.1": doubtful})
    told = suggest(SMD, one.fields, 2)
    assert told
    assert told[0].startswith("149 instead of 49 in votes.1")
    assert one.fields["votes.1"].value == 49
    assert one.status is Status.REVIEW
    assert not suggest(SMD, checked(full([149, 20])).fields, 2)


def test_rule_1_a_value_that_nobody_read_is_never_suggested():
    one = checked(full([149, 20]) | {"votes.1": 49})  # no reader offered 149
    assert suggest(SMD, one.fields, 2) == ()


@pytest.mark.parametrize("name", [WORDS, INCONSISTENT])
def test_rule_1_at_most_one_cell_of_a_sheet_is_arbitrated(name):
    assert len(read(name).arbitrated) <= 1


# 2. Missing is a type, not zero.


@pytest.mark.parametrize("mark", [mark for mark in Mark if mark is not Mark.READ])
def test_rule_2_only_a_read_mark_carries_a_value(mark):
    assert Reading(mark).value is None
    with pytest.raises(ValueError, match="cannot carry"):
        Reading(mark, 0)
    with pytest.raises(ValueError, match="cannot carry"):
        Reading(Mark.READ)


def test_rule_2_there_are_eight_marks():
    assert [mark.value for mark in Mark] == "read blank dash crossed illegible struck cropped absent".split()


@pytest.mark.parametrize("mark", [Mark.DASH, Mark.BLANK, Mark.CROSSED])
def test_rule_2_the_form_says_whether_a_mark_is_a_zero(mark):
    field = SMD.field("votes.1")
    zero = dataclasses.replace(field, dash="zero", blank="zero", crossed="zero")
    assert value_span(zero, Reading(mark)) == Span.exactly(0)
    assert value_span(dataclasses.replace(zero, **{mark.value: "unknown"}), Reading(mark)) == Span(0, CEILING)


@pytest.mark.parametrize("mark", [Mark.ILLEGIBLE, Mark.STRUCK, Mark.CROPPED, Mark.ABSENT])
def test_rule_2_what_was_not_read_is_never_a_zero(mark):
    field = dataclasses.replace(SMD.field("votes.1"), dash="zero", blank="zero", crossed="zero")
    assert value_span(field, Reading(mark)) == Span(0, CEILING)


# 3. An unread number is a range.


@pytest.mark.parametrize("unread", [Mark.ILLEGIBLE, Mark.ABSENT, Mark.CROPPED, unsure(80)])
def test_rule_3_one_unread_cell_makes_the_sum_a_range(election, unread):
    whole = [page(1, full([100, 50])), page(2, full([80, 70]))]
    open_ = [whole[0], page(2, full([80, 70]) | {"votes.1": unread}, status=Status.REVIEW)]
    assert sums(folded(whole), election)["altaev"] == (180, 180)
    assert sums(folded(open_), election)["altaev"] == (100, 100 + CEILING)


def robust_codes(pages: list[PageReading], election: Any, **figures: int) -> set[str]:
    found = diff(totals(folded(pages), election), election, [official(**figures)])
    return {one.code for one in found if one.robust and one.code == "D1"}


def test_rule_3_a_difference_is_robust_only_if_no_value_in_the_range_undoes_it(election):
    sure = [page(1, full([100, 50])), page(2, full([80, 70]))]
    open_ = [sure[0], page(2, full([80, 70]) | {"votes.1": unsure(80)}, status=Status.REVIEW)]
    assert robust_codes(sure, election, altaev=150, qyryqbaev=500) == {"D1"}
    assert robust_codes(open_, election, altaev=150, qyryqbaev=500) == set()
    assert robust_codes(open_, election, altaev=99, qyryqbaev=500) == {
        "D1"
    }  # the sure sheet alone exceeds it


def test_rule_3_the_least_favourable_copy_decides(election):
    copies = [page(1, full([100, 50])), page(1, full([10, 50]))]
    assert robust_codes(copies, election, altaev=50, qyryqbaev=500) == set()
    assert robust_codes(copies, election, altaev=9, qyryqbaev=500) == {"D1"}


# 4. Abstain rather than guess.

FAULTS: dict[str, dict[str, Any]] = {
    "a row is not tied to its label": {"votes.1": {"anchored": False}},
    "a cell inside a sum is not sure enough": {"votes.1": {"confidence": 0.6}},
    "a cell outside every sum is read by one reader only": {"voters_listed": {"agreed": False}},
    "a number breaks a sum": {"votes.1": {"value": 11}},
    "a cell was not read": {"votes.1": {"mark": Mark.ILLEGIBLE, "value": None}},
    "a cell leaves the picture": {"ballots_found": {"mark": Mark.CROPPED, "value": None}},
    "a cell was struck out": {"against_all": {"mark": Mark.STRUCK, "value": None}},
    "the ballots-found row was not found": {"ballots_found": {"mark": Mark.ABSENT, "value": None}},
}


def test_rule_4_a_sheet_without_a_fault_is_accepted():
    assert checked(full([10, 20])).status is Status.ACCEPTED


@pytest.mark.parametrize("fault", FAULTS)
def test_rule_4_each_fault_alone_sends_the_sheet_to_a_person(fault):
    one = checked(full([10, 20]))
    cells = {
        code: dataclasses.replace(one.fields[code], **changes) for code, changes in FAULTS[fault].items()
    }
    seen = checked({**full([10, 20]), **cells})
    assert seen.status is Status.REVIEW
    assert seen.reasons


def test_rule_4_an_unknown_precinct_sends_the_sheet_to_a_person():
    assert checked(full([10, 20]), header={}).status is Status.REVIEW


def test_rule_4_unreadable_is_a_result_and_never_a_crash():
    grey = np.full((600, 450, 3), 120, np.uint8)
    ok, png = cv2.imencode(".png", grey)
    assert ok
    (seen,) = read_file(png.tobytes(), "grey.png", FORM)
    assert seen.status in (Status.UNREADABLE, Status.NOT_A_PROTOCOL)


# 5. Nothing is lost.


def test_rule_5_bytes_that_cannot_be_decoded_are_kept_and_listed(tmp_path):
    garbage = b"\x00 this was a photo once \xff" * 9
    with pytest.raises(PhotoError) as refusal:
        list(open_photos(garbage, "broken.jpg"))
    case = make_case(tmp_path / "case")
    added = case.add_bytes(garbage, "broken.jpg", quarantine_reason=str(refusal.value))
    assert added.outcome == "quarantined"
    assert added.sha256 == hashlib.sha256(garbage).hexdigest()
    assert case.photo_bytes(added.sha256) == garbage
    listed = state(case).photos[added.sha256]
    assert listed.names == ("broken.jpg",)
    assert listed.quarantined


def test_rule_5_a_second_reading_does_not_remove_the_first(tmp_path):
    case = make_case(tmp_path / "case")
    added = case.add_bytes(b"the bytes of a photo", "a.jpg")
    for pipeline, votes in (("one", 10), ("two", 11)):
        seen = dataclasses.replace(page(1, full([votes, 20])), sha256=added.sha256)
        case.record_pages(added.sha256, [seen], pipeline)
    kept = state(case).readings[added.sha256]
    assert [kept[p][1].fields["votes.1"].value for p in ("one", "two")] == [10, 11]


# 6. Four verdicts are never mixed.


def verdicts(pages: list[PageReading], election: Any, **figures: int) -> set[str]:
    found = diff(totals(folded(pages), election), election, [official(**figures)] if figures else ())
    return {one.verdict for one in found} - {"statement"}


def test_rule_6_we_may_have_misread_the_sheet_errs_copies_differ_the_table_differs(election):
    sound = full([100, 50])
    broken = sound | {"ballots_valid": 999}
    misread = page(1, sound | {"votes.1": unsure(160)}, status=Status.REVIEW)
    assert verdicts([page(1, sound)], election) == set()
    assert verdicts([misread], election) == set()  # our own doubt accuses nobody
    assert verdicts([page(1, broken, status=Status.REVIEW)], election) <= {"sheet", "indicator"}
    assert "sheet" in verdicts([page(1, broken, status=Status.REVIEW)], election)
    assert verdicts([page(1, sound), page(1, full([70, 50]))], election) == {"copies"}
    assert verdicts([page(1, sound)], election, altaev=99, qyryqbaev=500) == {"contradiction"}


def test_rule_6_a_status_of_ours_is_no_verdict_about_the_paper():
    assert not set(VERDICTS) & {status.value for status in Status}


# 7. Votes are whole numbers.

MAY_BE_FLOAT = {"confidence", "form_confidence", "alternatives", "sharpness"}
MAY_BE_FLOAT |= {"seal_confidence", "time_confidence", "cover"}


def floats(data: Any, key: str = "") -> Iterator[str]:
    """Paths of floating point numbers that are no confidences."""
    if isinstance(data, float) and key not in MAY_BE_FLOAT:
        yield key
    elif isinstance(data, Mapping):
        for name, value in data.items():
            yield from floats(value, str(name))
    elif isinstance(data, list | tuple):
        for value in data:
            yield from floats(value, key)


def test_rule_7_no_number_of_votes_is_a_float(election):
    added = totals(folded([page(1, full([100, 50])), page(2, full([3, 4]))]), election)
    found = diff(added, election, [official(altaev=10, qyryqbaev=20, ballots_valid=99)])
    outputs = [read(WORDS).to_dict(), added.to_dict(), *(one.to_dict() for one in found)]
    assert list(floats(outputs)) == []
    assert list(floats({"sums": {"altaev": 102.0}})) == ["altaev"]
    for one in found:
        assert one.margin is None or type(one.margin) is int


def test_rule_7_every_read_value_is_a_whole_number():
    for cell in read(WORDS).fields.values():
        assert cell.value is None or type(cell.value) is int


def test_rule_7_factors_of_a_form_are_exact():
    (factor,) = {check.factor for check in SMD.checks if check.relation == "~"}
    assert type(factor) is Fraction
    assert factor == Fraction(101, 100)


# 8. Every number leads back to a crop, a photo and a reader.


def untraced(seen: PageReading, photo: bytes) -> list[str]:
    """Codes of the values that nobody could look up."""
    right_photo = seen.sha256 == hashlib.sha256(photo).hexdigest()
    return [
        code
        for code, cell in {**seen.header, **seen.fields}.items()
        if cell.value is not None
        and not (right_photo and cell.quad_px is not None and "sha256:" in cell.reader)
    ]


def test_rule_8_every_read_number_leads_back_to_its_ink():
    seen, photo = read(WORDS), photo_bytes(WORDS)
    assert any(cell.value is not None for cell in seen.fields.values())
    assert untraced(seen, photo) == []
    for change in ({"quad_px": None}, {"reader": ""}):
        lost = dataclasses.replace(seen.fields["ballots_found"], **change)
        fields = {**seen.fields, "ballots_found": lost}
        assert untraced(dataclasses.replace(seen, fields=fields), photo) == ["ballots_found"]
    assert untraced(seen, photo + b"\x00")


def test_rule_8_the_crop_behind_a_number_can_be_cut_again_and_read_again():
    seen, photo = read(WORDS), photo_bytes(WORDS)
    (upright,) = open_photos(photo, WORDS)
    for code in ("ballots_found", "ballots_valid", "votes.1"):
        cell = seen.fields[code]
        assert cell.quad_px is not None
        picture = crops.cut(upright.pixels, cell.quad_px)
        assert crop(photo, 1, cell.quad_px)
        (again,) = readers()[0].read([focus(picture)])
        said = interpret(again, (again.text, again.text), SMD.field(code))
        assert said.value == cell.value or not cell.agreed


def test_rule_8_every_protocol_in_a_sum_names_its_photos(election):
    pages = [page(1, full([100, 50])), page(2, full([3, 4]))]
    (contest,) = [c for c in totals(folded(pages), election).contests if c.contest.id == "smd-27"]
    named = {source for protocol in contest.protocols for v in protocol.versions for source in v.sources}
    assert named == {one.sha256 for one in pages}


def test_rule_8_every_finding_names_its_sources(election):
    pages = [page(1, full([100, 50])), page(1, full([70, 50])), page(2, full([9, 9]) | {"ballots_valid": 77})]
    found = diff(totals(folded(pages), election), election, [official(altaev=10, qyryqbaev=20)])
    assert found
    assert all(one.sources for one in found)
