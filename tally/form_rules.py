"""What must be true of a form file beyond its shape: codes are unique, checks name fields, numbers fit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from tally.form_lines import FormProblem, LineIndex, Path
from tally.form_model import Check, Field, Form

_CODE = re.compile(r"[a-z][a-z0-9_]*(\.[A-Za-z0-9_]+)?")
MOST_ROWS = 200  # the longest ballots seen anywhere have about a hundred lines
_ID = re.compile(r"[a-z0-9][a-z0-9-]*")


def problems_of(form: Form, lines: LineIndex) -> Iterator[FormProblem]:
    """All problems of a form as far as it could be built."""
    if form.id and not _ID.fullmatch(form.id):
        yield FormProblem(lines.line(("id",)), f"id {form.id!r} may hold a-z, 0-9 and hyphens only")
    if not form.fields:
        yield FormProblem(1, "the form has no fields; each field begins with [[field]]")
    yield from _duplicates(form, lines)
    yield from _shared_labels(form, lines)
    for section, fields in (("header", form.header), ("field", form.fields)):
        for index, field in enumerate(fields):
            for at, message in _field_problems(field, form):
                yield FormProblem(lines.line((section, index, *at)), message)
    for index, check in enumerate(form.checks):
        for key, message in _check_problems(check, form):
            yield FormProblem(lines.line(("check", index, key)), message)


def _duplicates(form: Form, lines: LineIndex) -> Iterator[FormProblem]:
    places: list[tuple[str, str, Path]] = []
    places += [(f.code, "field code", ("header", i, "code")) for i, f in enumerate(form.header)]
    places += [(f.code, "field code", ("field", i, "code")) for i, f in enumerate(form.fields)]
    places += [(c.id, "check id", ("check", i, "id")) for i, c in enumerate(form.checks)]
    first: dict[tuple[str, str], Path] = {}
    for name, what, path in places:
        known = first.setdefault((what, name), path)
        if known != path and name:
            message = f"{what} {name!r} is used twice (first on line {lines.line(known)})"
            yield FormProblem(lines.line(path), message)
    repeated = [i for i, f in enumerate(form.fields) if f.repeat]
    for i in repeated[1:]:
        yield FormProblem(lines.line(("field", i, "repeat")), "only one field of a form can repeat")


def _field_problems(field: Field, form: Form) -> Iterator[tuple[Path, str]]:
    if field.code and not _CODE.fullmatch(field.code):
        yield ("code",), f"field code {field.code!r} may hold a-z, 0-9 and _, beginning with a letter"
    if field.kind != "text":
        if not 1 <= field.digits <= 7:
            yield ("digits",), f"digits of {field.code} must be 1 to 7, not {field.digits}"
        elif not 1 <= field.ceiling < 10**field.digits:
            yield (
                ("ceiling",),
                (
                    f"ceiling {field.ceiling} of {field.code} does not fit into {field.digits} digits "
                    f"(1 to {10**field.digits - 1})"
                ),
            )
    if not field.labels and form.layout.anchor == "label" and not field.rows and not field.repeat:
        yield ("labels",), f"{field.code} has no labels: the words that are printed beside it"
    if (field.rows or field.count is not None) and not field.repeat:
        yield ("rows",), f"{field.code} has rows but does not repeat; set repeat = true"
    yield from _row_problems(field, form)


def _row_problems(field: Field, form: Form) -> Iterator[tuple[Path, str]]:
    codes = [row.code for row in field.rows]
    for index, row in enumerate(field.rows):
        if row.code in codes[:index]:
            yield ("rows", index, "code"), f"row {row.code!r} of {field.code} is listed twice"
        if row.code and not (_CODE.fullmatch(row.code) and row.code.startswith(f"{field.code}.")):
            yield ("rows", index, "code"), f"row {row.code!r} must be named {field.code}.SOMETHING"
        if not row.labels and form.layout.anchor == "label":
            yield ("rows", index), f"row {row.code} has no labels"
    if (field.count or 0) > MOST_ROWS:
        yield ("count",), f"count of {field.code} is {field.count}; no ballot has more than {MOST_ROWS} rows"
    if field.rows and field.count not in (None, len(field.rows)):
        yield ("count",), f"count is {field.count}, but {len(field.rows)} rows are listed"


def _shared_labels(form: Form, lines: LineIndex) -> Iterator[FormProblem]:
    """A wording that stands for two rows would tie a number to the wrong one."""
    first: dict[str, str] = {}
    for index, field in enumerate(form.fields):
        places: list[tuple[str, Mapping[str, tuple[str, ...]], Path]] = [(field.code, field.labels, ())]
        places += [(row.code, row.labels, ("rows", i)) for i, row in enumerate(field.rows)]
        for code, labels, at in places:
            for lang, label in ((lang, label) for lang, variants in labels.items() for label in variants):
                owner = first.setdefault(label.casefold(), code)
                if owner != code:
                    line = lines.line(("field", index, *at, "labels", lang))
                    yield FormProblem(line, f"label {label!r} of {code} is a label of {owner} too")


def _check_problems(check: Check, form: Form) -> Iterator[tuple[str, str]]:
    yield from _operand_problems(check, form)
    if check.relation == "~" and check.tolerance < 1:
        yield "tolerance", f"{check.id}: a relation ~ needs a tolerance of at least 1 vote"
    if check.relation != "~" and check.tolerance:
        yield "tolerance", f"{check.id}: tolerance goes with the relation ~ only"
    if check.relation == "==" and check.factor != 1:
        yield "factor", f"{check.id}: a factor needs the relation ~ or <=, because votes are whole numbers"
    if check.severity == "error" and check.relation == "~":
        yield "severity", f"{check.id}: a relation ~ can only warn"


def _operand_problems(check: Check, form: Form) -> Iterator[tuple[str, str]]:
    codes = [term for term in check.terms if isinstance(term, str)]
    if not codes:
        yield "left", f"{check.id} names no field"
    for code in _twice(codes):
        yield "right", f"{check.id} names {code} twice; an operand may appear once, or ranges get too wide"
    for side, terms in (("left", check.left), ("right", check.right)):
        for term in terms:
            if isinstance(term, int) and term < 0:
                yield side, f"{check.id}: a constant is 0 or more, not {term}"
            elif isinstance(term, str) and (reason := _unusable(term, form)):
                yield side, f"{check.id} names {term!r}, {reason}"
    if any(code.endswith(".*") and _overlaps(code, codes) for code in codes):
        yield "right", f"{check.id} names a candidate beside the sum of all candidates"


def _unusable(term: str, form: Form) -> str:
    if term.endswith(".*"):
        repeated = form.repeated
        return "" if repeated and repeated.code == term[:-2] else "but no field of that name repeats"
    if any(f.repeat and f.code == term for f in form.fields):
        return f"which repeats; write {term}.* for the sum"
    fields = [f for f in form.fields if f.row(term) is not None and f.kind == "count"]
    return "" if fields else "which is not a counted field of this form"


def _overlaps(star: str, codes: list[str]) -> bool:
    return any(code != star and code.startswith(star[:-1]) for code in codes)


def _twice(names: Iterable[str]) -> list[str]:
    seen: set[str] = set()
    return [name for name in names if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
