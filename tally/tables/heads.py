"""The header of a table with one column per candidate or count: where it ends, and what each column is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tally.columns import PASSED_BY, ColumnMap, rename
from tally.composed import Composed, composed
from tally.election import Contest
from tally.errors import TableError
from tally.official_names import UnknownName, find_subject, fold_name
from tally.tables.grid import Grid, looks_like_number

_UNIT = frozenset(
    fold_name(word)
    for word in (
        *("district", "region", "unit", "territory", "constituency", "county", "city", "регион", "область"),
        *("округ", "территория", "тик", "район", "город", "наименование региона", "өңір", "облыс", "аймақ"),
        *("номер округа", "tik", "name", "название", "атауы", "округ нөмірі"),
    )
)
_NUMBERING = {"", "no", "n", "#", "п п", "№", "№ п п", "nr", "р с"}


@dataclass(frozen=True, slots=True)
class Heads:
    """What the columns of a table are."""

    unit: int
    """The column (from 0) that names the regions or districts."""
    subjects: Mapping[int, str]
    """Column -> candidate id or field code."""
    printed: Sequence[str]
    """Head of every column as the file has it, stacked parts joined."""
    left_out: Sequence[str]
    """Heads of columns that are passed by."""
    built: Composed | None = None
    """How the names of regions or districts stand in their cells, if among other things."""


def wide_columns(grid: Grid, contest: Contest, mapping: ColumnMap) -> int:
    """How many candidates or counts the header of a grid names; 2 or more make it a wide table."""
    printed, _ = split_header([cells for _, cells in grid.rows], contest, mapping)
    return _understood(printed, contest, mapping)


def split_header(rows: Sequence[list[str]], contest: Contest, mapping: ColumnMap) -> tuple[list[str], int]:
    """Heads of the columns, and how many rows come before the first row of numbers.

    Of the rows above the numbers, titles come first and belong to no column: the header begins at the row
    from which on the most columns are understood.
    """
    end = next((i for i, cells in enumerate(rows) if _is_numbers(cells)), len(rows))
    best: tuple[int, list[str]] = (-1, [])
    for start in range(end):
        printed = [_joined(column) for column in zip(*_same_width(rows[start:end]), strict=True)]
        known = _understood(printed, contest, mapping)
        if known >= best[0]:
            best = (known, printed)
    while end < len(rows) and _is_column_numbers(rows[end]):
        end += 1
    return best[1], end


def name_heads(
    printed: Sequence[str], contest: Contest, mapping: ColumnMap, skip: Iterable[str], file: str
) -> Heads:
    """What each column is. Raises :class:`TableError` for a head that says nothing, or two that say the same."""
    unit: int | None = None
    subjects: dict[int, str] = {}
    left_out: list[str] = []
    unwanted, meant = set(map(fold_name, skip)), rename(printed, mapping)
    for column, (head, name) in enumerate(zip(printed, meant, strict=True)):
        if name == PASSED_BY or "%" in name or fold_name(head) in unwanted or fold_name(name) in _NUMBERING:
            if head:
                left_out.append(head)
        elif unit is None and (fold_name(name) in _UNIT or _names_unit(name)):
            unit = column
        elif (subject := _subject(contest, name)) is None:
            raise TableError(
                f"nobody and nothing named {name!r} is known in {contest.id}.",
                file=file,
                advice=f"If the column is not needed, leave it out: --skip {head!r}. If it is known by another "
                f'name, say which: --map "{head}=COLUMN".',
            )
        elif subject in subjects.values():
            first = next(printed[i] for i, known in subjects.items() if known == subject)
            raise TableError(
                f"two columns speak of {subject}: {first!r} and {head!r}.",
                file=file,
                advice="Leave one out (--skip) or say what it is (--map HEAD=COLUMN).",
            )
        else:
            subjects[column] = subject
    if not subjects:
        raise TableError(
            f"no column names a candidate or a count of {contest.id}.",
            file=file,
            advice="Name the contest of the table: --contest ID.",
        )
    built = composed(meant[unit]) if unit is not None else None
    return Heads(unit or 0, subjects, printed, left_out, built)


def _names_unit(name: str) -> bool:
    """True if cells are built of the name of a region or district and of what is not wanted."""
    made = composed(name)
    return made is not None and made.names in (("region",), ("district",))


def _understood(printed: Sequence[str], contest: Contest, mapping: ColumnMap) -> int:
    return sum(_subject(contest, name) is not None for name in rename(printed, mapping))


def _subject(contest: Contest, name: str) -> str | None:
    try:
        return find_subject(contest, name) if name else None
    except UnknownName:
        return None


def _same_width(rows: Sequence[list[str]]) -> list[list[str]]:
    width = max(len(cells) for cells in rows)
    return [[*cells, *[""] * (width - len(cells))] for cells in rows]


def _is_numbers(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells[1:] if cell.strip()]
    return bool(filled) and 2 * sum(looks_like_number(cell) for cell in filled) > len(filled)


def _is_column_numbers(cells: Sequence[str]) -> bool:
    """``1 2 3 4 …`` below the header, as post-Soviet tables have it."""
    return len(cells) > 2 and [cell.strip(" .") for cell in cells] == [
        str(number) for number in range(1, len(cells) + 1)
    ]


def _joined(parts: Iterable[str]) -> str:
    """The parts of a stacked header, one below the other; a part filled down from a merged cell once."""
    kept: list[str] = []
    for part in (" ".join(text.split()) for text in parts):
        if part and (not kept or kept[-1] != part):
            kept.append(part)
    return " ".join(kept)
