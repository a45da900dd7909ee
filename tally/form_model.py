"""What a form is: fields in printed order, what an empty cell means, and the relations that must hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as dataclass_field
from fractions import Fraction
from typing import TypeAlias

from tally.errors import FormError

Term: TypeAlias = str | int
"""An operand of a check: a field code, ``votes.*`` (the sum over all candidates) or a constant."""

RELATIONS = ("==", "<=", "~")
SEVERITIES = ("error", "warn")
MEANINGS = ("zero", "unknown")
KINDS = ("count", "number", "text")


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row of a repeated field, for forms whose rows are fixed (parties printed on the sheet)."""

    code: str
    """Whole code, for example ``votes.LP``."""
    labels: Mapping[str, tuple[str, ...]]
    """Language -> printed variants; empty if the picture shows no labels."""


@dataclass(frozen=True, slots=True)
class Field:
    """One place on the sheet where a number (or, in the header, a word) is written."""

    code: str
    labels: Mapping[str, tuple[str, ...]]
    """Language (``kk``, ``ru``, ``en``, ``tr`` ...) -> printed variants, the likeliest first."""
    digits: int
    """Most digits that the number can have, 1..7; 0 for text."""
    ceiling: int
    """Largest possible value in votes; the basis stands beside it in the form file."""
    dash: str = "unknown"
    """What a dash counts as: ``zero`` or ``unknown``."""
    crossed: str = "unknown"
    blank: str = "unknown"
    repeat: bool = False
    """True for ``votes``: one row per candidate, codes ``votes.1`` .. ``votes.N``."""
    required: bool = True
    """False if real sheets of this form may lack the row."""
    group: str = "main"
    """Name of the table or section that holds the row."""
    kind: str = "count"
    """``count`` (votes, ballots, people), ``number`` (an identifier, such as a precinct) or ``text``."""
    rows: tuple[Row, ...] = ()
    """The printed rows of a repeated field, where they are fixed."""
    count: int | None = None
    """How many rows a repeated field has, where that is fixed; ``None``: as many as candidates."""
    padded: bool = False
    """True if its numbers are written with leading zeros to all ``digits``, as the form's layout says."""

    def codes(self, n_candidates: int) -> tuple[str, ...]:
        """Codes of this field's rows from top to bottom; ``n_candidates`` matters only if not fixed."""
        if not self.repeat:
            return (self.code,)
        if self.rows:
            return tuple(row.code for row in self.rows)
        return tuple(f"{self.code}.{i}" for i in range(1, (self.count or n_candidates) + 1))

    def row(self, code: str) -> Field | None:
        """This field narrowed to one row, with that row's labels; ``None`` if there is no such row."""
        if not self.repeat:
            return self if code == self.code else None
        if self.rows:
            found = next((row for row in self.rows if row.code == code), None)
            if found is None:
                return None
            return replace(self, code=code, labels=found.labels, repeat=False, rows=(), count=None)
        stem, _, index = code.rpartition(".")
        if stem != self.code or not index.isdecimal() or not 1 <= int(index) <= (self.count or 999):
            return None
        return replace(self, code=code, repeat=False, count=None)


@dataclass(frozen=True, slots=True)
class Check:
    """One control relation: ``sum(left) relation factor * sum(right)``, within ``tolerance`` votes."""

    id: str
    says: Mapping[str, str]
    """The relation in words: kk, ru, en."""
    left: tuple[Term, ...]
    relation: str
    """``==``, ``<=`` or ``~`` (equal within the tolerance)."""
    right: tuple[Term, ...]
    tolerance: int = 0
    """Votes; 0 for ``==``, at least 1 for ``~``."""
    factor: Fraction = Fraction(1)
    """The right side is multiplied by it; > 0."""
    severity: str = "error"
    """``error``: arithmetic or law demands it. ``warn``: usual, with lawful exceptions."""
    law: str = ""

    @property
    def terms(self) -> tuple[Term, ...]:
        """All operands, left then right."""
        return self.left + self.right


@dataclass(frozen=True, slots=True)
class Layout:
    """Hints for the reader. Nothing here is a coordinate: rows are found by labels and order."""

    kind: str = "auto"
    """``auto`` (a whole sheet) or ``column`` (a picture of the number column alone)."""
    number: str = "right_of_label"
    boxes: bool = False
    """True if digits may stand in one box each."""
    words: bool = False
    """True if the number may be repeated in words."""
    words_in: tuple[str, ...] = ()
    """Languages of those words (``kk``, ``ru``, ``en``, ``id``, ``tr``); empty: those that the form is printed in."""
    anchor: str = "label"
    """``label``, or ``order`` where no label is in the picture and rows are known by order only."""
    padded: bool = False
    """True if numbers are written with leading zeros to the full number of digits."""


@dataclass(frozen=True, slots=True)
class Signatures:
    """The words that are printed where the commission signs; empty where the form is not known to have them."""

    roles: tuple[str, ...] = ()
    """Beside the lines: who signs."""
    time: tuple[str, ...] = ()
    """Before the blank for the time of signing."""


@dataclass(frozen=True, slots=True)
class Form:
    """One printed form: the data that a reader and the checks need, and where it comes from."""

    id: str
    title: Mapping[str, str]
    """kk, ru, en."""
    source: str
    """The act that sets the form, or the public form itself."""
    source_seen: bool
    """True if the text of the source or a filled sheet was seen when the file was written."""
    reconstruction: bool
    """True if rows and wording are deduced, not copied from the form."""
    languages: tuple[str, ...]
    """Tesseract language codes of the printed text; empty if there is none to read."""
    layout: Layout
    header: tuple[Field, ...]
    fields: tuple[Field, ...]
    """In printed order."""
    checks: tuple[Check, ...]
    keywords: tuple[str, ...] = ()
    """Printed words that tell this form from its near twins."""
    signatures: Signatures = Signatures()
    _known: dict[str, Field] = dataclass_field(default_factory=dict, init=False, compare=False, repr=False)
    """Codes that were looked up before: totals ask for the same few codes ten thousand times."""

    def field(self, code: str) -> Field:
        """The field (or header field) of a code; ``votes.3`` gives one row. Raises ``FormError``."""
        found = self._find(code)
        if found is None:
            codes = ", ".join(f.code for f in self.fields)
            raise FormError(f"form {self.id} has no field {code!r}", advice=f"It has: {codes}.")
        return found

    def has(self, code: str) -> bool:
        """True if :meth:`field` would find the code."""
        return self._find(code) is not None

    def _find(self, code: str) -> Field | None:
        if code not in self._known:
            places = (*self.fields, *self.header)
            found = next((row for f in places if (row := f.row(code)) is not None), None)
            found = found or next((f for f in places if f.code == code), None)
            if found is None:
                return None
            self._known[code] = found
        return self._known[code]

    def codes_for(self, n_candidates: int) -> tuple[str, ...]:
        """All field codes in printed order, with ``votes`` spread over ``n_candidates`` rows."""
        return tuple(code for f in self.fields for code in f.codes(n_candidates))

    @property
    def repeated(self) -> Field | None:
        """The field with one row per candidate, if the form has one."""
        return next((f for f in self.fields if f.repeat), None)
