"""From sheets to protocols: photographed copies of one protocol become versions, and versions become ranges.

Never average, never let the later copy overwrite the earlier one. Copies that agree wherever both can be
read are one version with more witnesses; copies that differ are kept apart, and the protocol then stands
for the hull of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from operator import attrgetter
from types import MappingProxyType
from typing import Any, NamedTuple

from tally.form import Form
from tally.model import PageReading, Span


class Key(NamedTuple):
    """What one protocol is: the sheet of one precinct for one contest."""

    contest: str
    region: str
    """Region id, empty where the contest needs none."""
    precinct: int | None
    """``None`` if the precinct is not known; then ``photo`` keeps such sheets apart."""
    photo: str = ""
    """``sha256#page`` of a sheet that does not count: it must never join, and so narrow, one that does."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One field of one sheet as it counts in a sum."""

    span: Span
    """The values that it may stand for; exact only if settled or typed."""
    value: int | None = None
    """Face value: what was read, also when nobody is sure of it yet."""
    confirmed: bool = False
    """True if a person typed it."""
    optional: bool = False
    """True if the row may be missing on a lawful sheet and was not found on this one."""
    settled: bool = False
    """True if sure without the help of an equality: by the rule for lone cells, or typed."""
    readers: frozenset[str] = frozenset()
    """The people who typed this very value, each for himself."""
    is_plain: bool = field(init=False, compare=False, repr=False)
    """True if it is one number, the one that was read, and nobody has confirmed it: as nearly all cells are."""

    def __post_init__(self) -> None:
        low, high = self.span.low, self.span.high
        plain = self.value == low == high and not (self.confirmed or self.optional)
        object.__setattr__(self, "is_plain", plain)

    @property
    def people(self) -> int:
        """How many people typed this value."""
        return len(self.readers)


class Sheet(NamedTuple):
    """One page, or one row of typed numbers, as a copy of a protocol."""

    key: Key
    source: str
    """sha256 of the photo, or ``typed:<ledger event>``."""
    name: str
    """File name as claimed, or the reader's name."""
    cells: Mapping[str, Cell]
    """By field code."""
    form: Form
    accepted: bool
    """True if the readers accepted the sheet without a person."""
    page: PageReading | None = None
    candidates: Mapping[str, str] = MappingProxyType({})
    """Candidates by ballot position as this sheet itself prints them."""
    positions_conflict: bool = False
    """True if it prints the candidates in another order than the other sheets of its contest."""
    district_read: int | None = None
    """Another district than the contest's, as read on the sheet; ``None`` if they agree."""
    numbered: bool = False
    """True if a person answers for its precinct number."""
    doubt: str = ""
    """Why it may belong elsewhere: ``form_unsure``, ``district_unread`` or empty."""

    @property
    def countable(self) -> bool:
        """False if the sheet may belong elsewhere or repeat a precinct: it then only widens a sum."""
        return self.key.precinct is not None and self.district_read is None and not self.doubt


class Version(NamedTuple):
    """Copies that say the same."""

    sheets: tuple[Sheet, ...]
    cells: Mapping[str, Cell]
    """By field code: the best that any copy offers."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Photos (or typed rows) that bear witness, each once."""
        if len(self.sheets) == 1:
            return (self.sheets[0].source,)
        return tuple(dict.fromkeys(sheet.source for sheet in self.sheets))

    @property
    def marks(self) -> Sequence[Mapping[str, Any]]:
        """What was seen beside the numbers of each copy on which somebody looked; nobody does on typed rows."""
        return [sheet.page.marks for sheet in self.sheets if sheet.page is not None and sheet.page.marks]

    @property
    def has_marks(self) -> bool:
        """True if somebody looked for marks on a copy."""
        return bool(self.marks)

    @property
    def signed_and_sealed(self) -> bool:
        """True if a stamp and a signature were found on one copy."""
        return any(map(_signed_and_sealed, self.marks))


class Protocol(NamedTuple):
    """One protocol of the case with all its versions, the one with most witnesses first."""

    key: Key
    versions: tuple[Version, ...]
    cells: Mapping[str, Cell]
    """One cell per field over all versions: hull of the spans, the largest face value."""
    countable: bool
    """See :attr:`Sheet.countable`."""
    first: int = 0
    """Which of the versions was received first."""

    @property
    def main(self) -> Version:
        """The version with most witnesses (of equals, the one received first)."""
        return self.versions[0]

    @property
    def has_marks(self) -> bool:
        """True if somebody looked for marks on a copy of a version."""
        return any(map(_HAS_MARKS, self.versions))

    @property
    def signed_and_sealed(self) -> bool:
        """True if a version is."""
        return any(map(_SIGNED_AND_SEALED, self.versions))

    @property
    def numbered(self) -> bool:
        """True if for every version a person answers for the precinct number."""
        return all(any(sheet.numbered for sheet in version.sheets) for version in self.versions)


_HAS_MARKS = attrgetter("has_marks")
_SIGNED_AND_SEALED = attrgetter("signed_and_sealed")


def _signed_and_sealed(marks: Mapping[str, Any]) -> bool:
    seal, signatures = marks.get("seal"), marks.get("signatures")
    sealed = seal.get("present") if isinstance(seal, Mapping) else seal
    count = signatures.get("count") if isinstance(signatures, Mapping) else signatures
    return sealed is True and isinstance(count, int) and count > 0


def gather(sheets: Iterable[Sheet]) -> tuple[Protocol, ...]:
    """Group sheets into protocols. Sums do not depend on the order of the sheets."""
    groups: dict[Key, list[Sheet]] = {}
    for sheet in sheets:
        groups.setdefault(sheet.key, []).append(sheet)
    return tuple(_protocol(key, group) for key, group in groups.items())


def _protocol(key: Key, sheets: list[Sheet]) -> Protocol:
    versions = _versions(sheets)
    counts = versions[0].sheets[0].countable
    if counts and len(versions) == 1:
        return Protocol(key, versions, versions[0].cells, counts)
    cells = _joined([version.cells for version in versions], counts)
    first = next(i for i, v in enumerate(versions) if any(sheet is sheets[0] for sheet in v.sheets))
    return Protocol(key, versions, cells, counts, first)


def _joined(versions: Sequence[Mapping[str, Cell]], counts: bool) -> dict[str, Cell]:
    """One cell per field over all versions; ``counts``: see :attr:`Sheet.countable`.

    A protocol that does not count has no face value: a hasty sum must not hold it either.
    """
    codes = dict.fromkeys(chain.from_iterable(versions))
    return {code: _hull([cells[code] for cells in versions if code in cells], counts) for code in codes}


def _hull(cells: Sequence[Cell], counts: bool) -> Cell:
    """One cell for those of all versions."""
    span = cells[0].span
    for cell in cells[1:]:
        span = span.hull(cell.span)
    if not counts:
        # It may be a second photo of a precinct that is counted already: then it adds nothing.
        return Cell(span.hull(Span.exactly(0)), optional=all(cell.optional for cell in cells))
    confirmed = all(cell.confirmed for cell in cells) and len({cell.span for cell in cells}) == 1
    return Cell(
        span,
        max((cell.value for cell in cells if cell.value is not None), default=None),
        confirmed,
        all(cell.optional for cell in cells),
        all(cell.settled for cell in cells) and span.is_exact,
        min((cell.readers for cell in cells), key=len) if confirmed else frozenset(),
    )


def differing(one: Version, other: Version) -> tuple[str, ...]:
    """Fields in which both versions are certain and do not agree, in the order of the first."""
    return tuple(
        code
        for code, cell in one.cells.items()
        if code in other.cells and not _overlap(cell.span, other.cells[code].span)
    )


def _versions(sheets: list[Sheet]) -> tuple[Version, ...]:
    if len(sheets) == 1:
        return (Version((sheets[0],), sheets[0].cells),)
    versions: list[Version] = []
    # The most complete copies first, so that a poor photo joins a good one instead of founding a version.
    for sheet in sorted(sheets, key=lambda s: (-_exact(s), s.source)):
        home = next((i for i, version in enumerate(versions) if _same(version, sheet)), None)
        if home is None:
            versions.append(Version((sheet,), sheet.cells))
        else:
            old = versions[home]
            versions[home] = Version((*old.sheets, sheet), _merged(old.cells, sheet.cells))
    return tuple(
        sorted(versions, key=lambda v: (-len(v.sources), -sum(c.confirmed for c in v.cells.values())))
    )


def _exact(sheet: Sheet) -> int:
    return sum(cell.span.is_exact for cell in sheet.cells.values())


def _same(version: Version, sheet: Sheet) -> bool:
    shared = [
        (version.cells[code].span, cell.span) for code, cell in sheet.cells.items() if code in version.cells
    ]
    return all(_overlap(one, other) for one, other in shared)


def _overlap(one: Span, other: Span) -> bool:
    return one.low <= other.high and other.low <= one.high


def _merged(one: Mapping[str, Cell], other: Mapping[str, Cell]) -> dict[str, Cell]:
    out = dict(one)
    for code, cell in other.items():
        known = out.get(code)
        out[code] = cell if known is None else _better(known, cell)
    return out


def _better(one: Cell, other: Cell) -> Cell:
    if one.confirmed != other.confirmed:
        return one if one.confirmed else other
    if one.confirmed and one.span == other.span:
        return one if other.readers <= one.readers else replace(one, readers=one.readers | other.readers)
    if one.span == other.span and one.settled != other.settled:
        return one if one.settled else other
    return other if (other.span.high - other.span.low) < (one.span.high - one.span.low) else one
