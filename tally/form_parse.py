"""From the text of a form file to a Form, collecting every problem with its line instead of stopping."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tally import form_model as fm
from tally.form_lines import FormProblem, LineIndex, Path, syntax_line
from tally.form_rules import problems_of
from tally.form_tables import TableReader

_FORM_KEYS = {
    *("id", "title", "source", "source_seen", "reconstruction", "languages", "keywords"),
    *("layout", "marks", "signatures", "header", "field", "check"),
}
_FIELD_KEYS = {
    *("code", "labels", "digits", "ceiling", "dash", "crossed", "blank", "repeat", "required", "group"),
    *("kind", "rows", "count"),
}
_CHECK_KEYS = {"id", "says", "left", "relation", "right", "tolerance", "factor", "severity", "law"}
_LAYOUT_KEYS = {"kind", "number", "boxes", "words", "words_in", "anchor", "padded"}
_SIGNATURE_KEYS = {"roles", "time"}
_MARK_KEYS = {"dash", "crossed", "blank"}


def parse(text: str) -> tuple[fm.Form | None, list[FormProblem]]:
    """The form, or ``None`` if it is too broken to build, and all problems sorted by line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return None, [FormProblem(syntax_line(str(error)), f"this is not TOML: {error}")]
    reader = _Reader(LineIndex(text))
    form = reader.form(data)
    found = {*reader.problems, *problems_of(form, reader.lines)}
    return (form if not found else None), sorted(found)


class _Reader(TableReader):
    """Builds the parts of a form out of their tables."""

    def form(self, data: Mapping[str, Any]) -> fm.Form:
        self.keys(data, _FORM_KEYS, ())
        marks = self.table(data, "marks", ())
        self.keys(marks, _MARK_KEYS, ("marks",))
        layout = self.layout(self.table(data, "layout", ()))
        counts = self.fields(data, "field", marks)
        return fm.Form(
            id=self.string(data, "id", ()),
            title=self.words(data, "title", ()),
            source=self.string(data, "source", ()),
            source_seen=self.flag(data, "source_seen", (), None),
            reconstruction=self.flag(data, "reconstruction", (), None),
            languages=self.strings(data, "languages", ()),
            layout=layout,
            header=self.fields(data, "header", marks),
            fields=tuple(replace(field, padded=layout.padded) for field in counts),
            checks=tuple(self.check(t, ("check", i)) for i, t in enumerate(self.tables(data, "check"))),
            keywords=self.strings(data, "keywords", ()),
            signatures=self.signatures(self.table(data, "signatures", ())),
        )

    def signatures(self, table: Mapping[str, Any]) -> fm.Signatures:
        at: Path = ("signatures",)
        self.keys(table, _SIGNATURE_KEYS, at)
        return fm.Signatures(self.strings(table, "roles", at), self.strings(table, "time", at))

    def layout(self, table: Mapping[str, Any]) -> fm.Layout:
        at: Path = ("layout",)
        self.keys(table, _LAYOUT_KEYS, at)
        return fm.Layout(
            kind=self.choice(table, "kind", at, ("auto", "column"), "auto"),
            number=self.choice(table, "number", at, ("right_of_label",), "right_of_label"),
            boxes=self.flag(table, "boxes", at, False),
            words=self.flag(table, "words", at, False),
            words_in=self.strings(table, "words_in", at),
            anchor=self.choice(table, "anchor", at, ("label", "order"), "label"),
            padded=self.flag(table, "padded", at, False),
        )

    def fields(self, data: Mapping[str, Any], key: str, marks: Mapping[str, Any]) -> tuple[fm.Field, ...]:
        return tuple(self.field(table, (key, i), marks) for i, table in enumerate(self.tables(data, key)))

    def field(self, table: Mapping[str, Any], at: Path, marks: Mapping[str, Any]) -> fm.Field:
        self.keys(table, _FIELD_KEYS, at)
        kind = self.choice(table, "kind", at, fm.KINDS, "count" if at[0] == "field" else "number")
        digits = 0 if kind == "text" else self.whole(table, "digits", at, None)
        return fm.Field(
            code=self.string(table, "code", at),
            labels=self.labels(table, at),
            digits=digits,
            ceiling=0 if kind == "text" else self.whole(table, "ceiling", at, 10 ** min(digits, 7) - 1),
            dash=self.meaning(table, "dash", at, marks),
            crossed=self.meaning(table, "crossed", at, marks),
            blank=self.meaning(table, "blank", at, marks),
            repeat=self.flag(table, "repeat", at, False),
            required=self.flag(table, "required", at, True),
            group=self.string(table, "group", at, "main"),
            kind=kind,
            rows=tuple(self.row(t, (*at, "rows", i)) for i, t in enumerate(self.tables(table, "rows", at))),
            count=self.whole(table, "count", at, 0) or None,
        )

    def row(self, table: Mapping[str, Any], at: Path) -> fm.Row:
        self.keys(table, {"code", "labels"}, at)
        return fm.Row(code=self.string(table, "code", at), labels=self.labels(table, at))

    def check(self, table: Mapping[str, Any], at: Path) -> fm.Check:
        self.keys(table, _CHECK_KEYS, at)
        return fm.Check(
            id=self.string(table, "id", at),
            says=self.words(table, "says", at),
            left=self.terms(table, "left", at),
            relation=self.choice(table, "relation", at, fm.RELATIONS, None),
            right=self.terms(table, "right", at),
            tolerance=self.whole(table, "tolerance", at, 0),
            factor=self.factor(table, at),
            severity=self.choice(table, "severity", at, fm.SEVERITIES, "error"),
            law=self.string(table, "law", at),
        )

    def meaning(self, table: Mapping[str, Any], key: str, at: Path, marks: Mapping[str, Any]) -> str:
        if key in table or key not in marks:
            return self.choice(table, key, at, fm.MEANINGS, "unknown")
        return self.choice(marks, key, ("marks",), fm.MEANINGS, "unknown")

    def terms(self, table: Mapping[str, Any], key: str, at: Path) -> tuple[fm.Term, ...]:
        value = table.get(key)
        value = value if isinstance(value, list) else [value]
        if value and all(isinstance(term, str | int) and not isinstance(term, bool) for term in value):
            return tuple(value)
        self.missing(table, key, at, "a list of field codes or whole numbers")
        return ()

    def factor(self, table: Mapping[str, Any], at: Path) -> Fraction:
        value = table.get("factor", 1)
        try:
            factor = Fraction(value) if isinstance(value, str | int) else Fraction(0)
        except (ValueError, ZeroDivisionError):
            factor = Fraction(0)
        if factor > 0:
            return factor
        self.missing(table, "factor", at, 'an exact number above 0 in quotes, such as "1.01"')
        return Fraction(1)
