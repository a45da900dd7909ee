"""What must hold of any table: a consistent one never alarms, order is irrelevant, a planted slip is found."""

from __future__ import annotations

import random
from collections.abc import Sequence
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tally.audit.audit import audit
from tally.audit.file_table import table_from_cells
from tally.audit.model import AuditReport
from tally.audit.rounding import percent_of

HEAD = ["region", "registered", "A", "A %", "B", "B %", "C", "C %", "invalid", "total", "turnout %"]
Rows = list[list[str]]

regions = st.lists(
    st.tuples(st.integers(40, 9000), st.integers(40, 9000), st.integers(40, 9000), st.integers(0, 300)),
    min_size=3,
    max_size=7,
)


def consistent(votes: Sequence[tuple[int, int, int, int]], slack: int = 3) -> Rows:
    """A table whose every number follows from the votes; the last row is the total."""
    rows = [_row(f"R{i}", *v, registered=slack * sum(v)) for i, v in enumerate(votes, 1)]
    sums = [sum(column) for column in zip(*votes, strict=True)]
    return [*rows, _row("Total", *sums, registered=slack * sum(sums))]


def _row(name: str, a: int, b: int, c: int, invalid: int, registered: int) -> list[str]:
    valid, total = a + b + c, a + b + c + invalid
    cells = [name, f"{registered:,}"]
    for votes in (a, b, c):
        cells += [f"{votes:,}", share(votes, valid)]
    return [*cells, str(invalid), f"{total:,}", share(total, registered)]


def share(votes: int, base: int) -> str:
    rounded = percent_of(Fraction(votes), Fraction(base), 2)
    return f"{float(rounded):.2f}%"


def run(rows: Rows, head: Sequence[str] = HEAD) -> AuditReport:
    return audit([table_from_cells(enumerate([list(head), *rows], 1), "t.csv")])


@given(regions)
@settings(max_examples=20)
def test_a_consistent_table_never_alarms(votes):
    assert run(consistent(votes)).findings == ()


@given(regions, st.randoms(use_true_random=False))
@settings(max_examples=12)
def test_the_order_of_rows_changes_nothing(votes, source):
    rows = consistent(votes)
    rows[0][2] = f"{int(rows[0][2].replace(',', '')) + 1000:,}"
    shuffled = list(rows)
    source.shuffle(shuffled)

    def told(report: AuditReport) -> list[tuple[object, ...]]:
        return [
            (f.code, f.unit, f.subject, f.margin, f.text, tuple((r.cell.row, r.suggested) for r in f.repairs))
            for f in report.findings
        ]

    assert told(run(rows)) == told(run(shuffled))


@given(regions, st.integers(0, 2), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_a_planted_slip_in_a_count_is_found_and_its_repair_offered(votes, party, source):
    rows = consistent(votes)
    row = source.randrange(len(rows) - 1)
    at = 2 + 2 * party
    true = rows[row][at]
    rows[row][at] = slipped(true, source)

    report = run(rows)

    codes = {finding.code for finding in report.findings}
    assert {"T1", "T2"} <= codes
    for one in report.findings:
        if one.code in ("T1", "T2"):
            offered = [(r.cell.row, r.suggested) for r in one.repairs]
            assert (f"R{row + 1}", true) in offered
            best = one.repairs[0]
            assert (best.cell.row, best.suggested) == (f"R{row + 1}", true)
            assert best.breaks == 0


@given(regions, st.integers(0, 2), st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_a_planted_slip_in_a_percentage_is_found_and_its_repair_offered(votes, party, source):
    rows = consistent(votes)
    row = source.randrange(len(rows) - 1)
    at = 3 + 2 * party
    true = rows[row][at]
    rows[row][at] = slipped(true, source)

    report = run(rows)

    assert {(f.code, f.unit) for f in report.findings} <= {("T3", (f"R{row + 1}",)), ("T5", (f"R{row + 1}",))}
    (one,) = [f for f in report.findings if f.code == "T3"]
    fixed = [r for r in one.repairs if r.cell.column == HEAD[at]]
    assert any(abs(float(r.suggested[:-1]) - float(true[:-1])) < 0.015 for r in fixed)
    assert true in [r.suggested for r in fixed]


def slipped(text: str, source: random.Random) -> str:
    """The text with its first digit changed, so that the slip is never within rounding."""
    others = [d for d in "123456789" if d != text[0]]
    return source.choice(others) + text[1:]


@given(regions)
@settings(max_examples=15)
def test_a_missing_cell_is_never_a_zero(votes):
    rows = consistent(votes)
    rows[0][2] = "-"
    assert run(rows).findings == ()


def test_rows_that_are_left_out_are_not_called_a_contradiction():
    rows = consistent([(500, 400, 300, 9), (700, 200, 100, 5), (300, 800, 350, 2), (90, 80, 70, 1)])
    (one,) = run([*rows[:2], *rows[3:]]).findings
    assert (one.code, one.verdict) == ("T1", "indicator")
    assert "may not hold all rows" in one.text["en"]


def test_totals_hold_on_every_level():
    head = ["region", "district", "A", "B"]
    rows = [
        ["North", "N1", "10", "20"],
        ["", "N2", "30", "41"],
        ["North", "Total", "40", "61"],
        ["South", "S1", "5", "6"],
        ["South", "S2", "7", "8"],
        ["South", "Total", "12", "14"],
        ["Total", "", "52", "76"],
    ]
    (one,) = run(rows, head).findings
    assert (one.code, one.unit, one.margin) == ("T1", (), 1)
    assert one.subject == "B"


def test_more_ballots_than_voters_is_an_indicator():
    rows = consistent([(500, 400, 300, 9), (700, 200, 100, 5), (300, 800, 350, 2)])
    rows[1][1] = "1,004"
    found = run(rows[:-1]).findings
    assert [(f.code, f.verdict) for f in found] == [("T6", "table"), ("T7", "indicator")]


def test_ballots_that_were_taken_away_are_no_contradiction():
    head = ["region", "ballots issued", "A", "B", "invalid"]
    rows = [["R1", "100", "50", "45", "5"], ["R2", "90", "50", "30", "8"], ["R3", "80", "50", "31", "0"]]
    (one,) = run(rows, head).findings
    assert (one.code, one.unit, one.margin) == ("T2", ("R3",), 1)


def test_a_candidate_who_is_not_listed_is_no_contradiction():
    """Three rows of five are complete by chance; in the others a third candidate had votes."""
    rows = [["R1", "5", "6", "11"], ["R2", "7", "8", "15"], ["R3", "5", "6", "13"], ["R4", "1", "2", "3"]]
    head = ["region", "A", "B", "total"]
    assert run([*rows, ["R5", "4", "4", "9"]], head).findings == ()
    (one,) = run([*rows, ["R5", "4", "6", "9"]], head).findings
    assert (one.code, one.unit, one.margin) == ("T2", ("R5",), 1)
    assert "more than" in one.text["en"]


def test_the_two_leaders_of_each_district_need_not_make_up_100():
    head = ["district", "A votes", "A %", "B votes", "B %"]
    full = [[f"D{i}", "600", "60.0%", "400", "40.0%"] for i in range(4)]
    assert run([*full, ["D9", "500", "50.0%", "300", "30.0%"]], head).findings == ()
