"""Forms are data: load them, list the shipped ones, and say what is wrong with one, by line.

``load_form("kz-2023-majilis-smd")`` or ``load_form("my-form.toml")``. The file's shape is in docs/forms.md.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path

from tally.errors import FormError
from tally.form_lines import FormProblem
from tally.form_model import Check, Field, Form, Layout, Row, Term
from tally.form_parse import parse
from tally.model import Mark, Reading, Span

__all__ = [
    "Check",
    "Field",
    "Form",
    "FormProblem",
    "Layout",
    "Row",
    "Term",
    "load_form",
    "shipped_form_ids",
    "shipped_forms",
    "validate_file",
    "value_span",
]

FORMS_DIR = Path(__file__).parent / "data" / "forms"


@cache
def shipped_form_ids() -> tuple[str, ...]:
    """Ids of the forms that come with the program, sorted."""
    return tuple(sorted(path.stem for path in FORMS_DIR.glob("*.toml")))


def shipped_forms() -> list[Form]:
    """All forms that come with the program, sorted by id."""
    return [load_form(form_id) for form_id in shipped_form_ids()]


def load_form(id_or_path: str | Path) -> Form:
    """A shipped form by id, or any form by path (a name that ends in .toml or holds a slash).

    Raises ``FormError`` if it is unknown or broken; the message lists all problems with their lines.
    """
    name = str(id_or_path)
    if isinstance(id_or_path, Path) or name.endswith(".toml") or "/" in name:
        return _own(Path(name), _stamp(Path(name)))
    if name not in shipped_form_ids():
        raise FormError(
            f"there is no form {name!r}",
            advice=f"Known forms: {', '.join(shipped_form_ids())}. Or give a .toml file.",
        )
    return _shipped(name)


def validate_file(path: str | Path) -> list[FormProblem]:
    """Every problem of a form file in order of lines; an empty list means that it can be used.

    Raises ``FormError`` only if the file cannot be opened or is not text.
    """
    return parse(_text(Path(path)))[1]


def value_span(field: Field, reading: Reading) -> Span:
    """The values that a cell may stand for: one if read, zero where the form says so, else 0..ceiling."""
    if reading.mark is Mark.READ and reading.value is not None:
        return Span.exactly(reading.value)
    meaning = {Mark.DASH: field.dash, Mark.CROSSED: field.crossed, Mark.BLANK: field.blank}.get(reading.mark)
    return Span.exactly(0) if meaning == "zero" else Span(0, field.ceiling)


@lru_cache(maxsize=64)
def _shipped(form_id: str) -> Form:
    return _load(FORMS_DIR / f"{form_id}.toml")


@lru_cache(maxsize=64)
def _own(path: Path, _: tuple[int, int] | None) -> Form:
    """A file is read again once it has changed."""
    return _load(path)


def _stamp(path: Path) -> tuple[int, int] | None:
    """Time of the last change (ns) and size (bytes) of a file; ``None`` if it cannot be asked."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _load(path: Path) -> Form:
    form, problems = parse(_text(path))
    if form is None or problems:
        listed = "; ".join(f"line {p.line}: {p.message}" for p in problems)
        raise FormError(
            listed if len(problems) > 1 else problems[0].message,
            advice="Correct the file and check it again.",
            file=str(path),
            line=problems[0].line,
        )
    return form


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise FormError(f"the form file cannot be opened: {error.strerror}", file=str(path)) from error
    except UnicodeDecodeError as error:
        advice = "Save it as UTF-8."
        raise FormError("the form file is not UTF-8 text", advice=advice, file=str(path)) from error
