from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.arbitration import LEAST, arbitrate
from tally.form import load_form
from tally.model import Mark, Reading

FORM = load_form("kz-2023-majilis-smd")
SURE = 0.9
PAPER = {
    "voters_listed": 500, "ballots_received": 505, "ballots_issued": 300, "voted_outside": 4,
    "voted_absentee": 0, "ballots_cancelled": 205, "ballots_found": 300, "ballots_invalid": 10,
    "ballots_valid": 290, "votes.1": 149, "votes.2": 130, "against_all": 11,
}  # fmt: skip


def sheet(**changed: Reading) -> dict[str, Reading]:
    said = {
        code: Reading(Mark.READ, value, 0.99, anchored=True, agreed=True) for code, value in PAPER.items()
    }
    return {**said, **{code.replace("__", "."): one for code, one in changed.items()}}


def doubt(value: int, rival: int, p: float = 0.6, q: float = 0.3) -> Reading:
    return Reading(Mark.READ, value, p, alternatives=((rival, q),), rivals=(rival,), anchored=True)


def test_the_sums_choose_between_two_values_that_were_read():
    out, settled = arbitrate(FORM, sheet(votes__1=doubt(49, 149)), SURE)
    assert settled == ("votes.1",)
    assert out["votes.1"].value == 149
    assert out["votes.1"].rivals == (49,)
    assert dict(out["votes.1"].alternatives)[49] == 0.6


def test_the_value_read_first_may_win_as_well():
    out, settled = arbitrate(FORM, sheet(votes__1=doubt(149, 49)), SURE)
    assert settled == ("votes.1",)
    assert out["votes.1"].value == 149


def test_a_value_that_nobody_read_is_never_made():
    reading = Reading(Mark.READ, 49, 0.6, alternatives=((149, 0.3),), anchored=True)
    assert arbitrate(FORM, sheet(votes__1=reading), SURE) == (sheet(votes__1=reading), ())


def test_two_cells_in_doubt_are_left_to_a_person():
    said = sheet(votes__1=doubt(49, 149), votes__2=doubt(130, 30))
    assert arbitrate(FORM, said, SURE) == (said, ())


def test_a_mistake_on_the_paper_is_not_read_away_by_a_slip_of_one_reader():
    """The paper says 159, one reader slipped to the 149 that the sums would like."""
    said = sheet(votes__1=doubt(159, 149, 0.85, LEAST / 2))
    assert arbitrate(FORM, said, SURE) == (said, ())


def test_a_sure_cell_is_never_changed():
    said = sheet(votes__1=replace(doubt(159, 149), confidence=0.95))
    assert arbitrate(FORM, said, SURE) == (said, ())


def test_a_cell_that_no_sum_covers_is_not_arbitrated():
    said = sheet(voters_listed=doubt(500, 900))
    assert arbitrate(FORM, said, SURE) == (said, ())


def test_nothing_is_settled_while_another_sum_is_broken():
    said = sheet(votes__1=doubt(49, 149), ballots_cancelled=Reading(Mark.READ, 99, 0.99, anchored=True))
    assert arbitrate(FORM, said, SURE) == (said, ())


def test_a_cell_without_anchor_is_not_settled():
    said = sheet(votes__1=replace(doubt(49, 149), anchored=False))
    assert arbitrate(FORM, said, SURE) == (said, ())


@pytest.mark.parametrize("mark", [Mark.ILLEGIBLE, Mark.STRUCK])
def test_a_cell_that_only_one_reader_could_read_may_be_settled(mark):
    reading = Reading(mark, None, 0.5, alternatives=((149, 0.4),), rivals=(149,), anchored=True)
    out, settled = arbitrate(FORM, sheet(votes__1=reading), SURE)
    assert settled == ("votes.1",)
    assert out["votes.1"].value == 149


@given(st.sampled_from(sorted(PAPER)), st.integers(0, 3000), st.integers(0, 3000))
def test_at_most_one_cell_and_only_read_values(code, value, rival):
    said = sheet(**{code.replace(".", "__"): doubt(value, rival)})
    out, settled = arbitrate(FORM, said, SURE)
    changed = [one for one in out if out[one].value != said[one].value]
    assert len(settled) <= 1
    assert set(changed) <= set(settled)
    assert out[code].value in (value, rival)


def by_words(value: int, *, rival: int | None = None, q: float = 0.0) -> Reading:
    """What ``told_by_words`` of the reader leaves behind, as a page holds it."""
    others = () if rival is None else ((rival, q),)
    return Reading(
        Mark.READ,
        value,
        0.5,
        alternatives=others,
        rivals=() if rival is None else (rival,),
        anchored=True,
        reader="words sha256:ab and digits 1 sha256:cd",
    )


def test_words_alone_are_no_number_that_the_sums_could_settle():
    for reading in (by_words(149), by_words(149, rival=7, q=LEAST / 2)):
        said = sheet(votes__1=reading)
        assert arbitrate(FORM, said, SURE) == (said, ())


def test_between_words_and_figures_the_sums_may_choose_and_the_reading_says_whose_number_it_is():
    out, settled = arbitrate(FORM, sheet(votes__1=by_words(149, rival=49, q=0.4)), SURE)
    assert settled == ("votes.1",)
    assert (out["votes.1"].value, out["votes.1"].by_words) == (149, True)
    out, settled = arbitrate(FORM, sheet(votes__1=by_words(49, rival=149, q=0.4)), SURE)
    assert (out["votes.1"].value, out["votes.1"].by_words) == (149, False)
    assert out["votes.1"].reader == "digits 1 sha256:cd"
