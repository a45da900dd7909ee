"""Draws the body of a sheet: rows of labels and numbers, as a table or as lines with blanks."""

from __future__ import annotations

from samples.faces import printed, wrap
from samples.fill import Body, fill_number, fill_words
from samples.rows import Row, rows
from samples.style import Style

HEADS = {
    "kk": ("№", "Көрсеткіш", "Саны", "Саны жазумен"),
    "ru": ("№", "Показатель", "Число", "Число прописью"),
}
CANDIDATES = {
    "kk": "Кандидаттарға берілген дауыстар саны",
    "ru": "Число голосов, поданных за каждого кандидата",
}


def draw_body(body: Body, top: int) -> int:
    """Draws all rows from ``top`` downwards; returns the y below the last one, in pixels."""
    lines = body.style.layout == "lines"
    draw = _line_row if lines else _table_row
    y = top if lines else _table_head(body, top)
    announced = False
    for number, row in enumerate(rows(body.plan, body.style), 1):
        if row.candidate and not announced:
            announced = True
            y = _subhead(body, y)
        y = draw(body, row, number, y)
    return y


def label_lines(style: Style, row: Row, width: float) -> list[tuple[str, bool]]:
    """The label in lines that fit ``width`` pixels, each with whether it is bold."""
    bold = style.bold_rows and row.candidate
    font = printed(style.family, style.size, bold)
    texts = (" / ".join(row.texts),) if style.joined or row.candidate else row.texts
    return [(line, bold) for text in texts for line in wrap(text, font, width)]


def _columns(style: Style) -> tuple[int, int, int]:
    """Left edge of the table, of the labels, and of the numbers."""
    return style.margin, style.margin + (52 if style.numbered else 0), style.number_left


def _table_head(body: Body, y: int) -> int:
    style, paper = body.style, body.paper
    left, labels, numbers = _columns(style)
    heads = (HEADS[language] for language in style.languages)
    words = [" / ".join(texts) for texts in zip(*heads, strict=True)]
    font = printed(style.family, style.size - 4, True)
    bottom = y + int(style.size * 2.2)
    spans = [(labels, numbers, words[1]), (numbers, numbers + style.number_width, words[2])]
    if style.numbered:
        spans.append((left, labels, "№"))
    if style.words_width:
        end = numbers + style.number_width
        spans.append((end, end + style.words_width, words[3]))
    for x0, x1, text in spans:
        paper.text((x0 + x1) / 2, (y + bottom) / 2, text, font, "mm")
    _frame(body, y, bottom)
    return bottom


def _subhead(body: Body, y: int) -> int:
    style = body.style
    font = printed(style.family, style.size - 2, True)
    text = " / ".join(CANDIDATES[language] for language in style.languages)
    lines = wrap(text, font, style.text_width - 20)
    height = int(len(lines) * style.size * 1.2) + 14
    for n, line in enumerate(lines):
        body.paper.text(style.margin + 10, y + 7 + n * style.size * 1.2, line, font)
    if style.layout != "lines":
        right = style.margin + style.text_width
        for x in (style.margin, right):
            body.paper.rule(x, y, x, y + height, style.rule)
        body.paper.rule(style.margin, y + height, right, y + height, style.rule)
    return y + height


def _frame(body: Body, top: int, bottom: int) -> None:
    """The rules around one row of the table."""
    style, paper = body.style, body.paper
    left, labels, numbers = _columns(style)
    right = style.margin + style.text_width
    edges = {left, labels, numbers, numbers + style.number_width, right}
    for x in edges:
        paper.rule(x, top, x, bottom, style.rule)
    for y in (top, bottom):
        paper.rule(left, y, right, y, style.rule)


def _put_label(body: Body, lines: list[tuple[str, bool]], x: int, top: float) -> None:
    style = body.style
    for n, (line, bold) in enumerate(lines):
        body.paper.text(x, top + n * style.size * 1.18, line, printed(style.family, style.size, bold))


def _table_row(body: Body, row: Row, number: int, top: int) -> int:
    style = body.style
    left, labels, numbers = _columns(style)
    lines = label_lines(style, row, numbers - labels - 18)
    tall = len(lines) * style.size * 1.18
    bottom = top + max(style.row, int(tall) + 12)
    _put_label(body, lines, labels + 9, (top + bottom - tall) / 2)
    if style.numbered:
        font = printed(style.family, style.size)
        body.paper.text((left + labels) / 2, (top + bottom) / 2, str(number), font, "mm")
    _frame(body, top, bottom)
    cell = (numbers, top, numbers + style.number_width, bottom)
    body.paper.cells[row.code] = cell
    body.paper.labels[row.code] = " / ".join(row.texts)
    fill_number(body, row.code, cell)
    if style.words_width:
        wide = (cell[2], top, cell[2] + style.words_width, bottom)
        fill_words(body, row.code, wide)
    return bottom


def _line_row(body: Body, row: Row, number: int, top: int) -> int:
    """A label that is followed by an underscore blank, on the label's last line."""
    style = body.style
    label_x = style.margin + (46 if style.numbered else 0)
    lines = label_lines(style, row, style.number_left - label_x - 12)
    tall = len(lines) * style.size * 1.18
    bottom = top + max(style.row, int(tall) + 16)
    y = bottom - 8 - tall
    _put_label(body, lines, label_x, y)
    if style.numbered:
        body.paper.text(style.margin, y, f"{number}.", printed(style.family, style.size))
    base = int(bottom - 8)
    right = style.margin + style.text_width
    # some printers start the blank right after the label, others in a column
    end = int(label_x + printed(style.family, style.size).getlength(lines[-1][0]) + 14)
    start = style.number_left if style.variant % 2 else min(style.number_left, max(end, label_x + 260))
    body.paper.rule(start, base, right, base, max(1, style.rule))
    cell = (style.number_left, max(top, base - 62), right, bottom)
    body.paper.cells[row.code] = cell
    body.paper.labels[row.code] = " / ".join(row.texts)
    fill_number(body, row.code, cell)
    return bottom
