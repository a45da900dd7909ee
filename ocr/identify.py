"""Which form a sheet is, and which row is which: the print reader first, Tesseract where that leaves doubt.

The print reader takes some 1.5 ms a line, Tesseract 15 to 20. What the first has tied to its row is not read again;
the second sees only the rows and the title that are still open, first in the last language alone (the Kazakh data
knows Russian letters too), then in all languages of the form.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ocr.anchor import Match, match_form
from ocr.boxes import Box
from ocr.labels import read_labels
from ocr.printed import read_printed
from ocr.rows import main_column
from ocr.rowtypes import Row, RowKind
from ocr.segments import Pixels
from ocr.tiles import LabelText, cut_tiles, joined
from tally.form import Form

GOOD_MATCH = 0.85
"""From here on a second reading of the labels has nothing to add."""
LOST = 0.3
"""Below this, what the print reader saw is no help: Tesseract reads everything. Pages that lie on their side or upside
down score 0 to 0.05, so from here on the page is the right way up as well."""
HEADER = 0.15
"""Blanks at most this far above the first row of numbers (shares of the sheet's height) are the header's."""
TITLE = 0.15
"""Share of the sheet's height, above the header, in which the title is sought: its last lines name the form."""
BETWEEN = 0.02
"""Room for a line of print between header and table, as a share of the sheet's height."""
LEGIBLE = 0.55
"""Mean confidence of the print reader below which the areas hold no print: noise gives 0.38 to 0.43, labels 0.76 to
0.93. Tesseract would spend seconds on it."""
MIN_ROWS = 4
"""Fewer rows than this are not worth Tesseract's time: the page is turned, or no protocol."""


@dataclass(frozen=True, slots=True)
class Print:
    """The printed text of one sheet, area by area, as far as it has been read."""

    rows: tuple[Row, ...]
    """The title first, as a row of its own, then all rows from top to bottom."""
    tiles: Mapping[Box, Pixels]
    texts: Mapping[Box, LabelText]

    @property
    def confidence(self) -> float:
        """Mean of the print reader over all areas in which it saw anything, 0..1."""
        return sum(text.confidence for text in self.texts.values()) / max(1, len(self.texts))

    @property
    def legible(self) -> bool:
        """False if what was seen is texture, not print."""
        return not self.texts or self.confidence >= LEGIBLE

    def with_texts(self, texts: Mapping[Box, LabelText]) -> Print:
        """The same sheet with some areas read anew."""
        return Print(self.rows, self.tiles, {**self.texts, **texts})


def read_print(grey: Pixels, rows: Sequence[Row]) -> Print:
    """Read title and labels of a straightened sheet, (H, W) uint8, with the print reader."""
    everything = (_title(grey, rows), *rows)
    tiles = cut_tiles(grey, everything)
    faint = [row for row in rows if row.labels and not any(area in tiles for area in row.labels)]
    if faint:
        tiles |= cut_tiles(grey, faint, faint=True)
    return Print(everything, tiles, read_printed(tiles))


def best_match(seen: Print, forms: Iterable[Form]) -> Match:
    """The form whose labels fit best."""
    title, *labels = (joined(seen.texts, row) for row in seen.rows)
    matches = [match_form(form, seen.rows[1:], labels, title.text) for form in forms]
    return max(matches, key=_rank)


def titled(grey: Pixels, seen: Print, forms: Sequence[Form]) -> tuple[Print, Match]:
    """The print with the title read where the match says that it is, and the match.

    Where signature lines outnumber the rows of one column, the title was sought above them; what is above the first
    row that was tied to its label is known only now.
    """
    match = best_match(seen, forms)
    anchors = (*match.header.values(), *match.fields.values())
    first = min((anchor.row.number.y0 for anchor in anchors if anchor.anchored), default=0)
    if match.keywords or not match.form.keywords or not first or seen.rows[0].number.y1 <= first:
        return seen, match
    title = _above(grey, first)
    tiles = cut_tiles(grey, [title])
    again = Print((title, *seen.rows[1:]), {**seen.tiles, **tiles}, {**seen.texts, **read_printed(tiles)})
    return again, best_match(again, forms)


def look_again(seen: Print, forms: Sequence[Form], match: Match) -> Match:
    """Let Tesseract read what is still open; the better of the old match and the new ones."""
    if not seen.legible:
        return match
    for languages in dict.fromkeys(form.languages for form in forms):
        near = [form for form in forms if form.languages == languages]
        for chosen in dict.fromkeys((languages[-1:], languages)):
            if is_settled(match) or len(seen.rows) <= MIN_ROWS:
                return match
            open_tiles = {area: seen.tiles[area] for area in _open_areas(seen, match)}
            again = seen.with_texts(read_labels(open_tiles, chosen, languages))
            better = best_match(again, near)
            if _rank(better) <= _rank(match):
                break  # what one language did not help with, two of them hardly ever do, for twice the time
            match = better
    return match


def is_settled(match: Match) -> bool:
    """True if form, rows and header are as certain as labels can make them."""
    titled = bool(match.keywords) or not match.form.keywords
    header = [field.code for field in match.form.header if field.kind != "text" and field.required]
    named = all(code in match.header and match.header[code].anchored for code in header)
    loose = any(not anchor.anchored for anchor in match.fields.values())
    return match.score >= GOOD_MATCH and titled and named and not loose


def _rank(match: Match) -> tuple[float, int, int]:
    anchors = (*match.header.values(), *match.fields.values())
    return match.score, match.keywords, sum(anchor.anchored for anchor in anchors)


def _open_areas(seen: Print, match: Match) -> list[Box]:
    """Label areas that the match does not rest on."""
    anchored = {
        anchor.row
        for anchor in (*match.header.values(), *match.fields.values())
        if anchor.anchored and match.score >= LOST
    }
    title, *rows = seen.rows
    wanted = [row for row in rows if row not in anchored]
    if not match.keywords:
        wanted.append(title)
    used = {area for row in anchored for area in row.labels}
    return [area for row in wanted for area in row.labels if area in seen.tiles and area not in used]


def _title(grey: Pixels, rows: Sequence[Row]) -> Row:
    """The print above the first row, and between the header's rows and the table: there stands which form it is."""
    height, width = grey.shape
    table = min((row.number.y0 for row in main_column(rows)), default=height)
    header = [row.number for row in rows if table - int(HEADER * height) <= row.number.y0 < table]
    above = _above(grey, min((box.y0 for box in header), default=table))
    last = max((box.y1 for box in header), default=table)
    if table - last < BETWEEN * height:
        return above
    return Row(above.number, (*above.labels, Box(last, 0, table, width)), RowKind.BLANK)


def _above(grey: Pixels, first: int) -> Row:
    """The area above a row, as wide as the sheet."""
    height, width = grey.shape
    area = Box(max(0, first - int(TITLE * height)), 0, max(1, first), width)
    return Row(area, (area,), RowKind.BLANK)
