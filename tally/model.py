"""The words of the project as plain, frozen data: marks, spans, readings, protocols.

Votes are ``int``; the only floats are confidences (0..1). Positions are ``(x, y)`` pixels of the
original photo after EXIF orientation, origin top left; they are carried, never interpreted here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

Quad: TypeAlias = tuple[tuple[int, int], tuple[int, int], tuple[int, int], tuple[int, int]]


class Mark(StrEnum):
    """What kind of ink a cell holds. Only ``READ`` carries a value: missing is a type, not zero."""

    READ = "read"
    BLANK = "blank"
    DASH = "dash"
    CROSSED = "crossed"
    ILLEGIBLE = "illegible"
    STRUCK = "struck"
    CROPPED = "cropped"  # the cell leaves the picture
    ABSENT = "absent"  # the row was not found on this page


_MARKS = {mark.value: mark for mark in Mark}


class Status(StrEnum):
    """What may be done with a page without a person."""

    ACCEPTED = "accepted"
    REVIEW = "review"
    UNREADABLE = "unreadable"
    NOT_A_PROTOCOL = "not_a_protocol"


class Outcome(StrEnum):
    """Whether a relation holds for all, some or none of the values that the spans allow."""

    HOLDS = "holds"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Span:
    """All whole numbers from ``low`` to ``high``, both included; ``0 <= low <= high`` is not required."""

    low: int
    high: int

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise ValueError(f"a span runs upwards, not from {self.low} to {self.high}")

    @classmethod
    def exactly(cls, value: int) -> Span:
        """The span that holds one value."""
        return cls(value, value)

    @property
    def is_exact(self) -> bool:
        """True if one value is left."""
        return self.low == self.high

    def __add__(self, other: Span) -> Span:
        return Span(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Span) -> Span:
        return Span(self.low - other.high, self.high - other.low)

    def hull(self, other: Span) -> Span:
        """The smallest span that holds both."""
        return Span(min(self.low, other.low), max(self.high, other.high))

    def to_dict(self) -> dict[str, int]:
        """``{"low": .., "high": ..}``."""
        return {"low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader saw in one cell. A transcription, never a judgement."""

    mark: Mark
    value: int | None = None
    """Votes, >= 0; ``None`` unless ``mark`` is ``READ``."""
    confidence: float = 0.0
    """Calibrated probability that mark and value are what the paper says, 0..1."""
    reader: str = ""
    """``digits 0.1.0 sha256:ab12``, ``words sha256:cd34 and digits …`` or ``person:name``."""
    alternatives: tuple[tuple[int, float], ...] = ()
    """Other values the readers considered, with their probability, best first."""
    quad_px: Quad | None = None
    """Corners of the cell in the photo: top left, top right, bottom right, bottom left."""
    anchored: bool = False
    """True if the row was tied to its field by a printed label or by its place between two such rows."""
    agreed: bool = False
    """True if two independent readers saw the same."""
    rivals: tuple[int, ...] = ()
    """Values that one of the readers read in this cell, other than ``value``: between them checks may arbitrate."""
    text: str = ""
    """The raw transcript, for example ``-58-``."""
    label: str = ""
    """The printed label as it was read, for rows of candidates."""

    def __post_init__(self) -> None:
        if (self.value is None) == (self.mark is Mark.READ):
            raise ValueError(f"mark {self.mark.value} cannot carry value {self.value!r}")
        if self.value is not None and self.value < 0:
            raise ValueError(f"a count of votes is never negative: {self.value}")
        if not 0.0 <= self.confidence <= 1.0:
            raise ValueError(f"confidence {self.confidence} is outside 0..1")

    @property
    def by_words(self) -> bool:
        """True if ``value`` is what stands in words, because the figures did not tell surely."""
        return self.reader.startswith("words ")

    @property
    def figures_reader(self) -> str:
        """``reader`` without the networks that read words."""
        return self.reader.partition(" and ")[2] if self.by_words else self.reader

    def to_dict(self) -> dict[str, Any]:
        """The reading with the keys of the contract; ``value`` only when read."""
        out: dict[str, Any] = {"mark": self.mark.value}
        if self.value is not None:
            out["value"] = self.value
        out["confidence"] = round(self.confidence, 4)
        if self.alternatives:
            out["alternatives"] = [[v, round(p, 4)] for v, p in self.alternatives]
        if self.quad_px is not None:
            out["quad_px"] = [list(point) for point in self.quad_px]
        out["anchored"] = self.anchored
        out["agreed"] = self.agreed
        if self.rivals:
            out["rivals"] = list(self.rivals)
        out["text"] = self.text
        if self.label:
            out["label"] = self.label
        if self.reader:
            out["reader"] = self.reader
        return out

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Reading:
        """The inverse of :meth:`to_dict`. Raises ``KeyError`` or ``ValueError`` on foreign data."""
        get, mark = data.get, data["mark"]
        quad, alternatives, rivals = get("quad_px"), get("alternatives"), get("rivals")
        # By place, and nothing made of what is not there: the ledger of a country holds half a million of them.
        return cls(
            _MARKS[mark] if isinstance(mark, str) and mark in _MARKS else Mark(mark),
            get("value"),
            float(get("confidence", 0.0)),
            get("reader", ""),
            tuple([(int(v), float(p)) for v, p in alternatives]) if alternatives else (),
            _quad(quad) if quad else None,
            bool(get("anchored", False)),
            bool(get("agreed", False)),
            tuple([int(v) for v in rivals]) if rivals else (),
            get("text", ""),
            get("label", ""),
        )


def _quad(points: Any) -> Quad:
    a, b, c, d = [(int(x), int(y)) for x, y in points]
    return (a, b, c, d)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one control relation of the form on one sheet."""

    id: str
    outcome: Outcome
    severity: str = "error"
    """``error`` (the law or arithmetic demands it) or ``warn``."""
    left: Span | None = None
    right: Span | None = None
    fields: tuple[str, ...] = ()
    says: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Stable keys; spans as ``{"low", "high"}``."""
        out: dict[str, Any] = {"id": self.id, "outcome": self.outcome.value, "severity": self.severity}
        if self.left is not None and self.right is not None:
            out |= {"left": self.left.to_dict(), "right": self.right.to_dict()}
        return out | {"fields": list(self.fields), "says": self.says}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CheckResult:
        """The inverse of :meth:`to_dict`."""
        left, right = data.get("left"), data.get("right")
        return cls(
            id=data["id"],
            outcome=Outcome(data["outcome"]),
            severity=data.get("severity", "error"),
            left=Span(**left) if left else None,
            right=Span(**right) if right else None,
            fields=tuple(data.get("fields", ())),
            says=data.get("says", ""),
        )


@dataclass(frozen=True, slots=True)
class PageReading:
    """Everything that was read on one page of one photo, with what followed from the checks."""

    file: str
    page: int
    """1-based page of the file."""
    sha256: str
    """Hash of the original bytes, 64 hex digits."""
    form: str | None
    form_confidence: float
    status: Status
    header: Mapping[str, Reading] = field(default_factory=dict)
    fields: Mapping[str, Reading] = field(default_factory=dict)
    checks: tuple[CheckResult, ...] = ()
    suggestions: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why a person has to look, in words; empty when accepted."""
    candidates: Mapping[str, str] = field(default_factory=dict)
    """``{"votes.1": "altaev"}`` where the printed name was recognised."""
    marks: Mapping[str, Any] = field(default_factory=dict)
    quality: Mapping[str, Any] = field(default_factory=dict)
    reader: str = ""
    elapsed_ms: int = 0
    arbitrated: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The object of ``hattama scan --json``."""
        return {
            "file": self.file,
            "page": self.page,
            "sha256": self.sha256,
            "form": self.form,
            "form_confidence": round(self.form_confidence, 3),
            "status": self.status.value,
            "reasons": list(self.reasons),
            "header": {code: reading.to_dict() for code, reading in self.header.items()},
            "fields": {code: reading.to_dict() for code, reading in self.fields.items()},
            "candidates": dict(self.candidates),
            "checks": [check.to_dict() for check in self.checks],
            "suggestions": list(self.suggestions),
            "arbitrated": list(self.arbitrated),
            "marks": dict(self.marks),
            "quality": dict(self.quality),
            "reader": self.reader,
            "elapsed_ms": self.elapsed_ms,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> PageReading:
        """The inverse of :meth:`to_dict`."""
        return cls(
            file=data["file"],
            page=int(data["page"]),
            sha256=data["sha256"],
            form=data.get("form"),
            form_confidence=float(data.get("form_confidence", 0.0)),
            status=Status(data["status"]),
            header={code: Reading.from_dict(r) for code, r in data.get("header", {}).items()},
            fields={code: Reading.from_dict(r) for code, r in data.get("fields", {}).items()},
            checks=tuple(CheckResult.from_dict(c) for c in data.get("checks", ())),
            suggestions=tuple(data.get("suggestions", ())),
            reasons=tuple(data.get("reasons", ())),
            candidates=dict(data.get("candidates", {})),
            marks=dict(data.get("marks", {})),
            quality=dict(data.get("quality", {})),
            reader=data.get("reader", ""),
            elapsed_ms=int(data.get("elapsed_ms", 0)),
            arbitrated=tuple(data.get("arbitrated", ())),
        )
