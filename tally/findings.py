"""A finding: something true of the paper or of a published table, with what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tally.model import Span

VERDICTS = ("contradiction", "difference", "statement", "copies", "sheet", "table", "indicator")
"""The heaviest first: what two documents cannot both say, what touches the result, then single sheets."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One answer of one rule. docs/rules.md says what each code proves and what it does not."""

    code: str
    family: str
    """``district`` (a whole contest), ``region`` (its part in one), ``sheet``, ``copies`` or ``table``."""
    verdict: str
    """One of :data:`VERDICTS`; ``contradiction`` only if no reading still open could undo it."""
    contest: str
    subject: str
    """Candidate id, field code, or the id of a check."""
    protocols: Span | None
    """What the protocols say, in votes."""
    official: int | None
    """What the official table says, in votes."""
    margin: int | None
    """How many votes would have to be misread for the finding to vanish."""
    robust: bool
    """True if it survives every value in the ranges and the copies least favourable to it."""
    text: Mapping[str, str]
    """kk, ru, en."""
    sources: tuple[str, ...]
    """Hashes of photos, ``typed:<ledger event>``, sources of official tables."""
    confirmed: bool = False
    """True if a person has confirmed every reading behind it."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """JSON data that belongs to the rule; keys are in docs/rules.md."""

    def __post_init__(self) -> None:
        if self.verdict not in VERDICTS:
            raise ValueError(f"unknown verdict {self.verdict!r}")

    def to_dict(self) -> dict[str, Any]:
        """One entry of ``findings`` in ``diff --json``."""
        return {
            "code": self.code,
            "family": self.family,
            "verdict": self.verdict,
            "contest": self.contest,
            "subject": self.subject,
            "protocols": self.protocols.to_dict() if self.protocols is not None else None,
            "official": self.official,
            "margin": self.margin,
            "robust": self.robust,
            "confirmed": self.confirmed,
            "text": dict(self.text),
            "sources": list(self.sources),
            "details": dict(self.details),
        }


def observed(
    code: str,
    family: str,
    contest: str,
    subject: str,
    text: Mapping[str, str],
    sources: tuple[str, ...],
    details: Mapping[str, Any],
    *,
    verdict: str = "indicator",
    confirmed: bool = False,
) -> Finding:
    """A finding that sets no sum beside a figure: something seen on sheets. Robust only once people confirmed it."""
    return Finding(
        code=code,
        family=family,
        verdict=verdict,
        contest=contest,
        subject=subject,
        protocols=None,
        official=None,
        margin=None,
        robust=confirmed,
        text=text,
        sources=sources,
        confirmed=confirmed,
        details=details,
    )
