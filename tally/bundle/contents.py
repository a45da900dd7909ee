"""A case at one moment of its ledger, folded once: what every document of a bundle is made from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tally.case import Case
from tally.checkpoint import Checkpoint, checkpoint_of
from tally.election import Election, is_own, load_election
from tally.findings import Finding
from tally.ledger import Event, verify_chain
from tally.official import Snapshot, snapshots_of
from tally.reconcile import diff, residual_tables
from tally.rules.placing import misplaced
from tally.rules.table import Residuals
from tally.state import CaseState, fold
from tally.totals import CaseTotals, totals


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything that follows from a run of events."""

    events: tuple[Event, ...]
    note: str
    state: CaseState
    election: Election
    totals: CaseTotals
    snapshots: tuple[Snapshot, ...]
    findings: tuple[Finding, ...]
    residuals: tuple[Residuals, ...]
    """Seen, official, unseen, contest by contest."""
    own_election: Path | None = None
    """Folder of the election's files if it is not a shipped one."""

    @property
    def checkpoint(self) -> Checkpoint:
        """The checkpoint over all events; making it writes nothing into the ledger."""
        return checkpoint_of(self.events)

    @property
    def latest(self) -> Event:
        """The last event. Its time is the time of the bundle: the clock of the machine is never asked."""
        return self.events[-1]


def contents_of(case: Case) -> Contents:
    """Read the ledger of an open case once. Raises :class:`CaseError` if its chain is broken."""
    events = tuple(case.ledger.events())
    verify_chain(events, str(case.ledger.path))
    return derive(events, case.election_at, case.districts, case.note)


def derive(events: Sequence[Event], election_at: str, districts: tuple[int, ...], note: str = "") -> Contents:
    """Sums and findings from events; ``election_at``: id or folder, as :func:`load_election` takes it.

    Raises :class:`tally.errors.FormError` for an unknown election.
    """
    election = load_election(election_at)
    state = fold(election.id, districts, events)
    sums = totals(state, election)
    snapshots = snapshots_of(state)
    findings = (*diff(sums, election, snapshots), *misplaced(sums, state))
    residuals = residual_tables(sums, election, snapshots)
    own = Path(election_at) if is_own(election_at) else None
    return Contents(tuple(events), note, state, election, sums, snapshots, findings, residuals, own)
