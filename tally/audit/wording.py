"""The words of an audit in Kazakh, Russian and English, filled in with numbers as each language writes them."""

from __future__ import annotations

from collections.abc import Sequence

from tally import texts
from tally.audit.model import PERCENT, SERIES, Key, Names, Operand, Table
from tally.texts import LANGUAGES, Value

__all__ = ["COLUMNS", "column_name", "country", "key_names", "listed", "operands", "say"]

COLUMNS = (
    *("registered", "registered_before", "ballots_issued", "total", "ballots_valid", "ballots_invalid"),
    *("turnout", "opponents_max", "against_all"),
)
"""Columns of counts that have a name in every language."""


def say(key: str, **values: Value) -> dict[str, str]:
    """The sentence of a key of the audit in all languages."""
    return texts.say(f"audit.{key}", **values)


def country() -> Names:
    """The row of the whole."""
    return say("country")


def column_name(column: str) -> Names:
    """A count column by its id (``registered``, ``turnout_at_18``), percent sign left out."""
    plain = column.removesuffix(PERCENT)
    if plain.startswith(SERIES):
        return say("at-hour", hour=plain.removeprefix(SERIES))
    return say(f"column.{plain}") if plain in COLUMNS else dict.fromkeys(LANGUAGES, plain)


def key_names(table: Table, key: Key) -> Names:
    """Unit and column of a cell: *Astana, turnout, %*."""
    unit = table.rows[key.unit].names
    plain = key.column.removesuffix(PERCENT)
    column = table.column_names.get(plain) or column_name(plain)
    tail = ", %" if key.column.endswith(PERCENT) else ""
    return {language: f"{unit[language]}, {column[language]}{tail}" for language in LANGUAGES}


def operands(tables: dict[str, Table], *keys: Key) -> tuple[Operand, ...]:
    """The printed numbers behind a finding, each with its place."""
    return tuple(
        Operand(key_names(tables[key.table], key), tables[key.table].cells[key])
        for key in dict.fromkeys(keys)
    )


def listed(names: Sequence[Names]) -> Names:
    """Several names in a row."""
    return {language: ", ".join(name[language] for name in names) for language in LANGUAGES}
