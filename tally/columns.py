"""Which column of a foreign table is what: given once by a person, remembered by the case.

::

    [columns]                      # a TOML file, or --map "Reg.Voters=voters_listed" for each
    "Reg.Voters" = "voters_listed"
    "#1" = "precinct"              # the first column, whatever its head
    "PDF_created" = ""             # not wanted
    "id" = "region-precinct"       # cells like 75-379, see tally.composed
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypeAlias

from tally.composed import is_composed
from tally.errors import UsageError

ColumnMap: TypeAlias = Mapping[str, str]
"""Head of a column (or ``#n``, its number from 1) -> what it is; an empty text: passed by."""

PASSED_BY = "\0"
"""Name of a column that nobody wants; no table can hold it."""
_PLACE = re.compile(r"#([1-9][0-9]{0,2})")


def read_mapping(given: Iterable[str]) -> dict[str, str]:
    """From ``head=column`` pairs and paths of TOML files, later ones first in rank. Raises :class:`UsageError`."""
    found: dict[str, str] = {}
    for one in given:
        if one.endswith(".toml") and "=" not in one:
            found |= _from_file(Path(one))
            continue
        head, sign, column = one.rpartition("=")
        if not sign or not head.strip():
            raise UsageError(
                f"{one!r} does not say which column is what.",
                advice='Write --map "head of the column=field".',
            )
        found[head.strip()] = column.strip()
    return found


def _from_file(path: Path) -> dict[str, str]:
    try:
        columns = tomllib.loads(path.read_text(encoding="utf-8-sig")).get("columns")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}.", file=str(path)) from error
    except ValueError as error:
        raise UsageError(f"this is not TOML: {error}.", file=str(path)) from error
    if not isinstance(columns, dict) or not all(isinstance(value, str) for value in columns.values()):
        raise UsageError(
            "the file has no table [columns] of texts.",
            file=str(path),
            advice='"Reg.Voters" = "voters_listed"',
        )
    return {str(head): value for head, value in columns.items()}


def rename(header: Sequence[str], mapping: ColumnMap) -> list[str]:
    """The heads as the mapping wants them; heads that it does not name stay. Unwanted ones are :data:`PASSED_BY`."""
    folded = {_fold(head): column for head, column in mapping.items()}
    renamed = []
    for number, head in enumerate(header, 1):
        column = folded.get(_fold(head), folded.get(f"#{number}"))
        renamed.append(head if column is None else column or PASSED_BY)
    return renamed


def check_targets(mapping: ColumnMap, known: Iterable[str], kept: ColumnMap) -> None:
    """Raise :class:`UsageError` if a new mapping names a column that the case does not have."""
    columns = list(known)
    wrong = sorted(
        {
            column
            for head, column in mapping.items()
            if column
            and column not in columns
            and not is_composed(column, columns)
            and kept.get(head) != column
        }
    )
    if wrong:
        shown = ", ".join(name for name in columns if not re.fullmatch(r".*\.(?!1$)[0-9]+", name))
        raise UsageError(
            f"there is no column {', '.join(map(repr, wrong))}.",
            advice=f"Columns are {shown}. Where a cell says several things, write how it is built: "
            "region-precinct, or district * (* is not wanted).",
        )


def _fold(head: str) -> str:
    return " ".join(head.casefold().split())
