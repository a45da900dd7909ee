"""Plain data -> tables on the terminal. No arithmetic and no decisions happen here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table

from cli.console import printable
from cli.lang import Lang
from cli.words import word


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], *, numbers: Sequence[int] = ()) -> Table:
    """A table; the columns listed in ``numbers`` are right-aligned; :func:`cell` makes the texts.

    Without ``heads`` the first row says how many columns there are.
    """
    cells = [[cell(value) for value in row] for row in rows]
    names = heads or ([""] * len(cells[0]) if cells else [])
    made = Table(box=box.SIMPLE_HEAD, show_header=bool(heads), pad_edge=False)
    for index, name in enumerate(names):
        if index in numbers:
            made.add_column(name, justify="right", no_wrap=True)
        else:
            made.add_column(name, overflow="fold")
    for row in cells:
        made.add_row(*row)
    return made


def show(console: Console, made: Table) -> None:
    """Print the table unless it has no rows, without the blanks with which rich fills up lines."""
    if not made.row_count:
        return
    with console.capture() as captured:
        console.print(made)
    text = captured.get()
    if not console.is_terminal:
        text = "\n".join(line.rstrip() for line in text.strip("\n").split("\n")) + "\n"
    console.file.write(text)


def cell(value: object) -> str:
    """Text of one cell: whole numbers with thousands separated, ``None`` as a dash."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return "+" if value else "-"
    return thousands(value) if isinstance(value, int) else printable(str(value))


def thousands(number: int) -> str:
    """``35178`` -> ``35,178``, the way the contract prints sums."""
    return f"{number:,}"


def span(low: int, high: int) -> str:
    """``35,178`` or ``35,000..36,200``."""
    return thousands(low) if low == high else f"{thousands(low)}..{thousands(high)}"


def yes_no(value: bool, lang: Lang) -> str:
    """``yes`` or ``no`` in the person's language."""
    return word("yes" if value else "no", lang)
