"""Typed protocols as PDFs, honest ones and others."""

from __future__ import annotations

import typst

ROWS = (
    ("Число избирателей, включённых в списки избирателей", 1512),
    ("Число бюллетеней, полученных участковой избирательной комиссией", 1528),
    ("Число избирателей, получивших бюллетени", 906),
    ("в том числе проголосовавших вне помещения для голосования", 14),
    ("в том числе по открепительным удостоверениям", 3),
    ("Число погашенных (неиспользованных) бюллетеней", 622),
    ("Число бюллетеней, обнаруженных в ящиках для голосования", 905),
    ("Число бюллетеней, признанных недействительными", 21),
    ("Число действительных бюллетеней", 884),
    ("Примеров Пример", 512),
    ("Образцова Сауле", 344),
    ("Против всех", 28),
)
VALUES = dict(
    zip(
        (
            *("voters_listed", "ballots_received", "ballots_issued", "voted_outside", "voted_absentee"),
            *("ballots_cancelled", "ballots_found", "ballots_invalid", "ballots_valid"),
            *("votes.1", "votes.2", "against_all"),
        ),
        (number for _, number in ROWS),
        strict=True,
    )
)


def typed(shown: dict[int, str] | None = None, extra: str = "", fonts: str = "") -> bytes:
    """A typed protocol; ``shown`` replaces the typst source of single numbers, ``extra`` is put on the page."""
    cells = ",".join(
        f"[{number}],[{label}],[{(shown or {}).get(value, str(value))}]"
        for number, (label, value) in enumerate(ROWS, 1)
    )
    source = f"""
#set page(paper: "a4", margin: 2cm)
#set text(size: 11pt)
#align(center)[*ПРОТОКОЛ* \\ участковой избирательной комиссии о результатах голосования по одномандатному
территориальному избирательному округу]
#v(6pt)
Избирательный участок № #h(6pt) #box(width: 3cm, stroke: (bottom: 0.5pt), outset: (bottom: 2pt))[#h(8pt) 379] \\
#v(4pt)
Избирательный округ № #h(6pt) #box(width: 3cm, stroke: (bottom: 0.5pt), outset: (bottom: 2pt))[#h(8pt) 4]
#v(6pt)
#table(columns: (1.2cm, 1fr, 3cm), inset: 7pt, {cells})
{extra}
"""
    data = typst.compile(source.encode())
    assert isinstance(data, bytes)
    return data
