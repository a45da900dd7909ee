"""The rows of a sheet in printed order, with their labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from samples.plan import SheetPlan
from samples.style import Style
from tally.form import Form, load_form


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row. ``texts`` holds one label per language of the sheet."""

    code: str
    texts: tuple[str, ...]
    candidate: bool


@lru_cache(maxsize=8)
def form_of(form_id: str) -> Form:
    """The shipped form ``form_id``."""
    return load_form(form_id)


def rows(plan: SheetPlan, style: Style) -> list[Row]:
    """All rows of ``plan`` in the order of its form."""
    form = form_of(plan.form)
    out: list[Row] = []
    for code in form.codes_for(len(plan.candidates)):
        stem, _, number = code.partition(".")
        if stem == "votes" and number.isdigit():
            name = plan.candidates[int(number) - 1]
            texts = tuple(name.kk if language == "kk" else name.ru for language in style.languages)
            out.append(Row(code, _distinct(texts), True))
            continue
        printed = form.field(code).labels
        variants = (printed[language] for language in style.languages)
        out.append(Row(code, tuple(v[style.variant % len(v)] for v in variants), False))
    return out


def _distinct(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))


def blank_label(form_id: str, style: Style, code: str) -> str:
    """The label before the blank of ``precinct`` or ``district``: the usual one on two sheets of three."""
    labels = form_of(form_id).field(code).labels
    texts = []
    for language in style.languages:
        # a blank follows the label here, so wordings with the number in front or in a sentence do not fit
        fitting = [t for t in labels[language] if t.endswith("№") and t[0].isupper()]
        texts.append(fitting[style.variant % len(fitting) if style.variant >= 8 else 0])
    if style.joined and len(texts) > 1:
        return " / ".join(text.removesuffix("№").strip() for text in texts) + " №"
    return " / ".join(texts)


def optional_rows(form_id: str) -> tuple[str, ...]:
    """Codes of rows that real sheets may lack; there a writer may put a dash instead of a zero."""
    return tuple(field.code for field in form_of(form_id).fields if not field.required)
