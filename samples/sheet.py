"""One whole sheet: header, body, foot, seal."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from samples.faces import printed, wrap
from samples.fill import Body, write_on_line
from samples.hand import INKS, Writer
from samples.layout import draw_body
from samples.paper import Box, Picture, blank_paper
from samples.plan import SheetPlan
from samples.rows import blank_label
from samples.stamp import SEAL_COLOURS, seal, signature
from samples.style import HEIGHT, WIDTH, Style

NOTICE = "SYNTHETIC SAMPLE · ҮЛГІ · ОБРАЗЕЦ"
"""Stands on the face of every sheet."""
NOTICE_BOX: Box = (WIDTH // 2 - 220, 26, WIDTH // 2 + 220, 62)
TITLE = {"kk": "ХАТТАМА", "ru": "ПРОТОКОЛ"}
SUBTITLE = {
    "kk": "Бір мандатты аумақтық сайлау округі бойынша дауыс беру нәтижелері туралы"
    " учаскелік сайлау комиссиясының хаттамасы",
    "ru": "участковой избирательной комиссии о результатах голосования"
    " по одномандатному территориальному избирательному округу",
}
ELECTION = {
    "kk": "Қазақстан Республикасы Парламенті Мәжілісі депутаттарының сайлауы, 2023 жылғы 19 наурыз",
    "ru": "Выборы депутатов Мажилиса Парламента Республики Казахстан, 19 марта 2023 года",
}
ROLES = {
    "kk": ("Комиссия төрағасы", "Төрағаның орынбасары", "Хатшы", "Комиссия мүшелері"),
    "ru": ("Председатель комиссии", "Заместитель председателя", "Секретарь", "Члены комиссии"),
}
SIGNED = {
    "kk": "Хаттамаға қол қойылды: 2023 жылғы 20 наурыз, сағат",
    "ru": "Протокол подписан 20 марта 2023 года в",
}


@dataclass(frozen=True, slots=True)
class FootPlan:
    """What stands at the foot of a sheet; by default everything, as on a sheet that is in order."""

    seal: bool = True
    seal_over: str = ""
    """Code of the cell on which the seal is centred; by default it stands below the rows."""
    unsigned: tuple[int, ...] = ()
    """Signature lines, counted from 0, that stay empty; lines that the sheet does not have are ignored."""
    time: tuple[int, int] | None = None
    """Hour and minute of signing; by default drawn between 00:00 and 04:59."""
    timed: bool = True
    """False if nobody filled in the time."""


@dataclass(frozen=True, slots=True)
class Foot:
    """What was drawn at the foot, in pixels of the sheet."""

    lines: int
    """Signature lines."""
    signatures: int
    time: str | None
    """``HH:MM``."""
    seal: Box | None
    seal_over: tuple[str, ...]
    """Codes of the cells that the seal touches."""
    bottom: int
    """Lower edge of everything at the foot."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A finished sheet and where its numbers are, in pixels of the sheet."""

    picture: Picture
    cells: dict[str, Box]
    """Number cells by field code; ``precinct`` and ``district`` for the blanks of the header."""
    labels: dict[str, str]
    foot: Foot
    notice: Box
    """Where the notice stands."""


def draw_sheet(
    plan: SheetPlan, style: Style, writer: Writer, seed: int, foot: FootPlan | None = None
) -> Sheet:
    """The sheet of ``plan``; the font shrinks until everything fits on the page."""
    for size in range(style.size, 12, -1):
        rng = np.random.default_rng([seed, 7])
        paper = blank_paper()
        fitted = replace(style, size=size, row=max(46, style.row - 3 * (style.size - size)))
        body = Body(paper, plan, fitted, writer, rng)
        bottom = draw_body(body, _draw_header(body))
        if bottom < HEIGHT - 300:
            break
    drawn = _draw_foot(body, bottom, foot or FootPlan())
    return Sheet(paper.developed(rng, NOTICE), paper.cells, paper.labels, drawn, NOTICE_BOX)


def _draw_header(body: Body) -> int:
    paper, style, rng = body.paper, body.style, body.rng
    paper.text(WIDTH / 2, 44, NOTICE, printed("print-3", 30, True), "mm")
    small = printed(style.family, style.size - 3)
    y = 70.0
    for language in style.languages:
        for line in wrap(ELECTION[language], small, style.text_width):
            paper.text(WIDTH / 2, y, line, small, "ma")
            y += style.size * 1.12
    big = printed(style.family, style.size + 8, True)
    paper.text(WIDTH / 2, y + 8, " / ".join(TITLE[language] for language in style.languages), big, "ma")
    y += style.size + 26
    bold = printed(style.family, style.size - 1, True)
    for language in style.languages:
        for line in wrap(SUBTITLE[language], bold, style.text_width - 60):
            paper.text(WIDTH / 2, y, line, bold, "ma")
            y += style.size * 1.15
    region = " / ".join(_in(body.plan.region.kk, body.plan.region.ru, lang) for lang in style.languages)
    paper.text(style.margin, y + 10, region, printed(style.family, style.size, True))
    return _draw_blanks(body, int(y + style.size + 16)) + int(rng.integers(10, 22))


def _in(kk: str, ru: str, language: str) -> str:
    return kk if language == "kk" else ru


def _draw_blanks(body: Body, y: int) -> int:
    """The blanks for the numbers of the precinct and of the district."""
    paper, style = body.paper, body.style
    font = printed(style.family, style.size)
    numbers = {"precinct": body.plan.precinct, "district": body.plan.district}
    side_by_side = style.variant % 3 != 0 and len(style.languages) == 1
    x = style.margin
    for code, value in numbers.items():
        label = blank_label(body.plan.form, style, code)
        end = int(x + font.getlength(label) + 10)
        base = y + 54
        paper.text(x, base, label, font, "ls")
        paper.rule(end, base + 3, end + 150, base + 3, max(1, style.rule - 1))
        cell = (end, base - 50, end + 150, base + 10)
        paper.cells[code] = cell
        write_on_line(body, str(value), cell)
        x, y = (WIDTH // 2 + 20, y) if side_by_side and code == "precinct" else (style.margin, y + 58)
    return y + 6


def _draw_foot(body: Body, top: int, foot: FootPlan) -> Foot:
    """Signatures, time and seal below ``top``."""
    paper, style, rng = body.paper, body.style, body.rng
    language = style.languages[0]
    roles = ROLES[language]
    members = int(rng.integers(5, 8))
    room = HEIGHT - 64 - top - 12
    step = min(50, room // (members + 1))
    font = printed(style.family, min(style.size, step - 10, 20))
    y = top + 12
    for n in range(members):
        base = y + int(step * 0.8)
        role = roles[min(n, 3)] if n <= 3 else ""
        paper.text(style.margin, base, role, font, "ls")
        paper.rule(style.margin + 330, base + 3, style.margin + 610, base + 3, 1)
        shape = signature(rng, int(rng.integers(130, 230)), int(step * 1.25) + 12)
        colour = list(INKS.values())[int(rng.integers(0, len(INKS)))]
        left = (
            style.margin + 350 + int(rng.integers(0, 50))
        )  # drawn also for empty lines: one seed, one sheet
        if n not in foot.unsigned:
            paper.ink(shape, left, base - step, colour)
        y += step
    time = _draw_time(body, y + int(step * 0.9), language, foot)
    stamp, over = _draw_seal(body, top, foot)
    signed = members - len({n for n in foot.unsigned if 0 <= n < members})
    return Foot(members, signed, time, stamp, over, y + step)


def _draw_time(body: Body, base: int, language: str, foot: FootPlan) -> str | None:
    """The line with the time of signing; returns what is written on it."""
    paper, style = body.paper, body.style
    font = printed(style.family, min(style.size, 20))
    text = SIGNED[language]
    paper.text(style.margin, base, text, font, "ls")
    x = int(style.margin + font.getlength(text) + 8)
    written = []
    for part, (limit, unit) in enumerate(((5, ":"), (60, ""))):
        value = int(body.rng.integers(0, limit))
        value = foot.time[part] if foot.time else value
        written.append(f"{value:02d}")
        box = (x, base - 36, x + 62, base + 8)
        if foot.timed:
            write_on_line(body, written[-1], box)
        paper.rule(x, base + 3, x + 60, base + 3, 1)
        paper.text(x + 66, base, unit, font, "ls")
        x += 78
    return ":".join(written) if foot.timed else None


def _draw_seal(body: Body, top: int, foot: FootPlan) -> tuple[Box | None, tuple[str, ...]]:
    """The seal; returns where it is and the codes of the cells that it touches."""
    rng, paper = body.rng, body.paper
    patch = seal(rng, body.plan.precinct)
    side = patch.shape[0]
    x = int(rng.integers(body.style.margin + 560, WIDTH - side - 24))
    overlap = int(rng.integers(10, 70)) if rng.random() < 0.25 else -int(rng.integers(4, 30))
    y = min(top - overlap, HEIGHT - side - 10)
    colour = SEAL_COLOURS[int(rng.integers(0, len(SEAL_COLOURS)))]
    if not foot.seal:
        return None, ()
    if foot.seal_over in paper.cells:
        cell = paper.cells[foot.seal_over]
        x, y = (cell[0] + cell[2] - side) // 2, (cell[1] + cell[3] - side) // 2
    paper.ink(patch, x, y, colour)
    place = (x, y, x + side, y + side)
    return place, tuple(code for code, cell in paper.cells.items() if _overlap(cell, place))


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
