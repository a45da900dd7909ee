"""Findings of a case: the protocols against the official figures, and the sheets against themselves."""

from __future__ import annotations

from tally.case import Case
from tally.official import snapshots_of
from tally.reconcile import Finding, diff, residual_tables
from tally.rules.placing import misplaced
from tally.rules.table import Residuals
from tally.state import CaseState, state
from tally.totals import CaseTotals

# A residual statement and an indicator say what follows; they are not differences by themselves.
_QUIET = frozenset({"statement", "indicator"})


def case_findings(case: Case, found: CaseTotals, known: CaseState | None = None) -> tuple[Finding, ...]:
    """All findings, in the order of the rules. ``known``: the state from which ``found`` was added up."""
    known = known or state(case)
    return (*diff(found, case.election(), snapshots_of(known)), *misplaced(found, known))


def case_residuals(case: Case, found: CaseTotals, known: CaseState | None = None) -> tuple[Residuals, ...]:
    """Seen, official, unseen, contest by contest."""
    return residual_tables(found, case.election(), snapshots_of(known or state(case)))


def differs(findings: tuple[Finding, ...]) -> bool:
    """True if some finding is more than a statement: this is exit code 1 of ``hattama diff``."""
    return any(finding.verdict not in _QUIET for finding in findings)
