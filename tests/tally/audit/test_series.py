"""Turnout by the hour: a register that grows is lawful, a slip in a region's percentage is not hidden by it."""

from __future__ import annotations

from fractions import Fraction

from tally.audit.audit import audit
from tally.audit.file_table import table_from_cells
from tally.audit.model import AuditReport
from tally.audit.rounding import percent_of

REGIONS = {"East": 900_000, "West": 600_000, "South": 1_500_000}
HOURS = {10: Fraction(12, 100), 14: Fraction(41, 100), 20: Fraction(63, 100)}


def rows(register_at: dict[int, Fraction], changed: dict[tuple[str, int], str] | None = None):
    """A table of three regions; at an hour only a part of the final register was listed yet."""
    head = ["region", "registered"] + [f"t{h}_{kind}" for h in HOURS for kind in ("votes", "pct")]
    body, sums = [], dict.fromkeys(HOURS, 0)
    for name, final in REGIONS.items():
        cells = [name, str(final)]
        for hour, part in HOURS.items():
            listed = int(final * register_at[hour])
            voted = int(listed * part) + len(name) * 37
            sums[hour] += voted
            cells += ["", (changed or {}).get((name, hour)) or shown(voted, listed)]
        body.append(cells)
    final = sum(REGIONS.values())
    total = ["Total", str(final)]
    for hour in HOURS:
        total += [
            str(sums[hour]),
            shown(sums[hour], sum(int(r * register_at[hour]) for r in REGIONS.values())),
        ]
    return [head, *body, total]


def shown(votes: int, base: int) -> str:
    return f"{float(percent_of(Fraction(votes), Fraction(base), 2)):.2f}%"


def run(table) -> AuditReport:
    return audit([table_from_cells(enumerate(table, 1), "t.csv")])


def test_one_register_all_day_says_nothing():
    assert run(rows(dict.fromkeys(HOURS, Fraction(1)))).findings == ()


def test_lists_that_grew_are_a_statement_and_no_alarm():
    (one,) = run(rows({10: Fraction(995, 1000), 14: Fraction(995, 1000), 20: Fraction(1)})).findings
    assert (one.code, one.verdict) == ("T9", "statement")
    assert one.details["explained_hours"] == [14] or one.details["explained_hours"] == [10, 14]


def test_lists_that_shrank_are_a_finding():
    found = run(rows({10: Fraction(1), 14: Fraction(1), 20: Fraction(98, 100)})).findings
    assert ("T9", "table") in {(f.code, f.verdict) for f in found}


def test_a_slip_in_a_region_is_found_although_turnout_never_falls():
    table = rows(dict.fromkeys(HOURS, Fraction(1)), {("South", 14): "46.01%"})
    (one,) = run(table).findings
    assert (one.code, one.verdict, one.details["hour"]) == ("T9", "table", 14)
    assert "41.01%" in [r.suggested for r in one.repairs]
