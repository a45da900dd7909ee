"""What people typed from one sheet: two blind entries, a decision, tables. Nothing is overwritten on paper either."""

from __future__ import annotations

from dataclasses import dataclass

from tally import texts
from tally.bundle.contents import Contents
from tally.catalogue import messages
from tally.model import Reading
from tally.review.answers import Answer
from tally.state import Typed
from tally.versions import Sheet

COLUMNS = 3
"""First reviewer, second reviewer, everything else: decision, table, what does not count."""


@dataclass(frozen=True, slots=True)
class Said:
    """One act of one person (or table), with the column in which its values stand."""

    column: int
    title: str
    who: str
    time_utc: str
    fields: dict[str, int | str]
    """By field code or candidate id: a number, or the word of a mark."""


def said_of(sheet: Sheet, contents: Contents, language: str) -> list[Said]:
    """Everything that was typed from a sheet, in order."""
    out: list[Said] = []
    if sheet.page is not None:
        place = (sheet.source, sheet.page.page)
        alive = [answer.seq for answer in contents.state.review.of(place)]
        live = [a for a in contents.state.review.answers.get(place, ()) if a.seq in alive and not a.decides]
        order = {answer.seq: number for number, answer in enumerate(live[:2])}
        answers = contents.state.review.answers.get(place, ())
        out = [_answer(answer, order, alive, language) for answer in answers]
    out += [_table(row, contents, language) for row in contents.state.imported_rows if _is_of(row, sheet)]
    return out


def values_of(said: list[Said], code: str, subject: str, language: str) -> list[str]:
    """What stands in the columns of one row; several values of a column are in the order in which they came."""
    columns: list[list[str]] = [[] for _ in range(COLUMNS)]
    for one in said:
        value = one.fields.get(code, one.fields.get(subject))
        if value is not None:
            text = (
                texts.written(value, language) if isinstance(value, int) else _word(f"mark.{value}", language)
            )
            columns[one.column].append(text)
    return ["; ".join(values) for values in columns]


def legend(said: list[Said]) -> list[str]:
    """One line per act: what, who, when."""
    return [f"{one.title}: {one.who}, {one.time_utc[:19].replace('T', ' ')}" for one in said]


def _answer(answer: Answer, order: dict[int, int], alive: list[int], language: str) -> Said:
    if answer.decides:
        title = _word("decided", language)
    else:
        title = _word("reviewer", language).format(n=order.get(answer.seq, 0) + 1)
    if answer.content.aside:
        title += f" ({_word(f'aside.{answer.content.aside}', language)})"
    if answer.seq not in alive:
        title += f" ({_word('void', language)})"
    column = order.get(answer.seq, COLUMNS - 1)
    return Said(column, title, answer.reader, answer.time_utc, answer.content.values())


def _table(row: Typed, contents: Contents, language: str) -> Said:
    told = {"person": "typed", "adjudicator": "decided"}.get(row.kind, "table")
    fields = {code: _plain(cell) for code, cell in row.fields.items() if cell is not None}
    return Said(COLUMNS - 1, _word(told, language), row.reader, contents.events[row.seq - 1].time_utc, fields)


def _plain(cell: Reading) -> int | str:
    return cell.value if cell.value is not None else cell.mark.value


def _is_of(row: Typed, sheet: Sheet) -> bool:
    if row.sha256 is None:
        return sheet.page is None and sheet.name == row.reader and sheet.key.precinct == row.precinct
    return row.sha256 == sheet.source and (sheet.page is None or row.page == sheet.page.page)


def _word(key: str, language: str) -> str:
    return messages()[f"report.{key}"][language]
