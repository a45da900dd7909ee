"""Tie rows to the fields of a form: by printed label first, by printed order where the labels leave room.

A row counts as anchored only if its label speaks for its own field more than for any other, so two swapped rows
cannot pass; candidates' rows are anchored by standing in one unbroken run between two anchored rows.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from ocr.matching import is_mostly, similarity, speaks_for_one
from ocr.rowtypes import Row, RowKind
from ocr.runs import candidates_run, same_column
from ocr.tiles import LabelText
from tally.form import Field, Form

MIN_SCORE = 0.60
"""Below this, a label and a wording have nothing to do with each other."""
ANCHOR_SCORE = 0.74
"""From here on a label is proof of the row. Tesseract's misreadings cost 0.05-0.2 on blurred sheets."""
ALL_THERE, PART = 0.9, 0.75
"""Likeness of a wording that was read nearly whole; a wording at most this long, measured against another, that stands
in it is a part of it. "Valid" in "invalid" is longer."""
HEADER_LEAD = 0.08
"""How far the other header fields must stay behind: "участок №" and "округ №" are 0.12 to 0.3 apart where printed
alone, and equal where one line holds both. History: 2026-11-22, without it 1 of 52 accepted sheets carried the
district's number as its precinct."""
SECOND_SHEET = 0.85
"""Likeness from which on a label that was not needed must belong to another sheet."""
HIGH, HIGH_RULED = 2.1, 3.2
"""Row heights, in usual ones, up to which a row may be one: labels of three lines make honest rows high, and the row of
the total is often higher still. Where a closed cell holds the label, it would hold the labels of two rows as well."""
MIN_GROUP = 3
"""Rows of one block of a form that, all found, are enough to know the form."""
KEYWORD = 0.80
"""Likeness from which on a keyword of the form counts as read in the sheet's title."""

TABLED = 6
"""With this many counts in a table a line beside it is a piece of a rule: what stands on it may be the row above's."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """One row that was given to one field."""

    row: Row
    label: str
    """The label as it was read."""
    score: float
    """Likeness of label and wording, 0..1."""
    anchored: bool


@dataclass(frozen=True, slots=True)
class Match:
    """How well a sheet fits a form."""

    form: Form
    header: Mapping[str, Anchor]
    fields: Mapping[str, Anchor]
    score: float
    """Share of the form's required labelled rows that were anchored, 0..1."""
    keywords: int = 0
    """How many of the words that tell the form from its near twins were read in the title."""

    crowded: bool = False
    """True if the photo holds rows of a second sheet: nothing on it is anchored then."""

    @property
    def confidence(self) -> float:
        """0..1; at most one half while the title does not say that it is this form and not a twin."""
        if self.crowded:
            return min(self.score, 0.4)
        return self.score if self.keywords or not self.form.keywords else min(self.score, 0.5)


def match_form(form: Form, rows: Sequence[Row], labels: Sequence[LabelText], title: str = "") -> Match:
    """Give rows to the form's fields.

    Args:
        rows: all rows of the sheet from top to bottom.
        labels: their labels, in the same order.
        title: what is printed above the rows, as read.
    """
    cyrillic = any(code in ("rus", "kaz") for code in form.languages)
    named = [field for field in expanded(form) if field.labels]
    scores = [[similarity(label.text, _variants(field), cyrillic) for field in named] for label in labels]
    pairs = _best_in_order(scores)
    usual = sorted(rows[i].number.height for i, _ in pairs)
    rivals = [[_variants(other) for other in named if other is not field] for field in named]
    middle = usual[len(usual) // 2] if usual else 0
    parts = _parts(tuple(tuple(_variants(field)) for field in named), cyrillic)
    tabled = sum(rows[i].kind is not RowKind.BLANK for i, _ in pairs) >= TABLED
    fields = {
        named[j].code: Anchor(
            rows[i],
            labels[i].text,
            scores[i][j],
            _is_anchored(scores[i], j, parts[j])
            and is_mostly(labels[i].text, _variants(named[j]), cyrillic)
            and speaks_for_one(labels[i].text, _variants(named[j]), rivals[j], cyrillic, bare=rows[i].bare)
            and rows[i].is_one_block
            and not (tabled and rows[i].kind is RowKind.BLANK)
            and (
                rows[i].kind is RowKind.BOXES
                or rows[i].number.height <= (HIGH_RULED if rows[i].ruled else HIGH) * middle
            ),
        )
        for i, j in pairs
    }
    if not any(field.repeat and not field.rows and not field.count for field in form.fields):
        fields |= _by_order(named, rows, labels, pairs)
    places = {named[j].code: i for i, j in pairs}
    if run := candidates_run(form, rows, labels, scores, places):
        sure = run.sure and fields[run.before].anchored and fields[run.after].anchored
        fields |= {
            f"{run.code}.{k}": Anchor(rows[i], labels[i].text, 1.0 if sure else 0.0, sure)
            for k, i in enumerate(run.rows, start=1)
        }
    first = min(places.values(), default=len(rows))
    header = _header(form, rows[:first], labels[:first], cyrillic)
    ordered = {code: fields[code] for code in _printed_order(form, fields)}
    hits = sum(similarity(title, [keyword], cyrillic) >= KEYWORD for keyword in form.keywords)
    score = _score(named, fields)
    if _is_crowded(scores, {i for i, _ in pairs}):
        loose = {code: replace(anchor, anchored=False) for code, anchor in ordered.items()}
        return Match(form, header, loose, score, hits, crowded=True)
    return Match(form, header, ordered, score, hits)


def _by_order(
    named: Sequence[Field], rows: Sequence[Row], labels: Sequence[LabelText], pairs: Sequence[tuple[int, int]]
) -> dict[str, Anchor]:
    """Rows without a readable label, exactly as many as the fields between two known rows; never anchored."""
    out: dict[str, Anchor] = {}
    for (i, j), (later_i, later_j) in pairwise(pairs):
        between = range(i + 1, later_i)
        if later_j - j == later_i - i and all(same_column(rows[n], rows[i]) for n in between):
            out |= {named[j + n - i].code: Anchor(rows[n], labels[n].text, 0.0, False) for n in between}
    return out


def with_rows(match: Match, extra: Mapping[str, Anchor]) -> Match:
    """The match with rows that were found otherwise, where it has none of its own; the score counts them as half."""
    taken = [anchor.row.number for anchor in match.fields.values() if anchor.anchored]
    loose = {code: anchor for code, anchor in match.fields.items() if anchor.anchored or code not in extra}
    new = {
        code: anchor
        for code, anchor in extra.items()
        if code not in loose
        and not any(
            anchor.row.number.overlap_y(box) > 0.3 and anchor.row.number.overlap_x(box) > 0.3 for box in taken
        )
    }
    fields = loose | new
    required = [field.code for field in expanded(match.form) if field.labels and field.required]
    share = sum(code in new for code in required) / max(1, len(required))
    ordered = {code: fields[code] for code in _printed_order(match.form, fields)}
    return replace(match, fields=ordered, score=min(1.0, match.score + share / 2))


def _is_crowded(scores: Sequence[Sequence[float]], used: Collection[int]) -> bool:
    """True if rows that were not needed carry labels of the form as well: a second sheet is in the photo."""
    spare = [max(row, default=0.0) for i, row in enumerate(scores) if i not in used]
    return sum(score >= SECOND_SHEET for score in spare) >= 2


def expanded(form: Form) -> list[Field]:
    """Fields with the fixed rows of repeated ones spread out; open candidate rows are left out."""
    out: list[Field] = []
    for field in form.fields:
        if field.repeat and (field.rows or field.count):
            out += [form.field(code) for code in field.codes(0)]
        elif not field.repeat:
            out.append(field)
    return out


def _variants(field: Field) -> list[str]:
    return [text for variants in field.labels.values() for text in variants]


def _best_in_order(scores: Sequence[Sequence[float]]) -> list[tuple[int, int]]:
    """Pairs (row, field), both ascending, with the greatest sum of scores above the threshold."""
    height, width = len(scores), len(scores[0]) if scores else 0
    best = [[0.0] * (width + 1) for _ in range(height + 1)]
    for i in range(height - 1, -1, -1):
        for j in range(width - 1, -1, -1):
            gain = max(0.0, scores[i][j] - MIN_SCORE)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], gain + best[i + 1][j + 1] if gain else 0.0)
    pairs, i, j = [], 0, 0
    while i < height and j < width:
        gain = max(0.0, scores[i][j] - MIN_SCORE)
        if gain and best[i][j] == gain + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


@lru_cache(maxsize=256)
def _parts(named: tuple[tuple[str, ...], ...], cyrillic: bool) -> tuple[frozenset[int], ...]:
    """Of each field those with a wording that is a part of one of its own: "all votes" in "all votes and spoilt votes".

    Args:
        named: the wordings of every field of a form; the same on every page.
    """
    return tuple(
        frozenset(
            j
            for j, others in enumerate(named)
            if j != own
            and any(
                len(inner) <= PART * len(outer) and similarity(outer, [inner], cyrillic) >= ALL_THERE
                for inner in others
                for outer in mine
            )
        )
        for own, mine in enumerate(named)
    )


def _is_anchored(scores: Sequence[float], own: int, parts: Collection[int]) -> bool:
    """True if the label speaks for its own field most; a whole long wording outweighs the short one inside it."""
    if scores[own] < ANCHOR_SCORE:
        return False
    whole = scores[own] >= ALL_THERE
    return all(score <= scores[own] or (whole and j in parts) for j, score in enumerate(scores))


def _header(
    form: Form, rows: Sequence[Row], labels: Sequence[LabelText], cyrillic: bool
) -> dict[str, Anchor]:
    found: dict[str, Anchor] = {}
    wanted = [field for field in form.header if field.kind != "text"]
    for row, label in zip(rows, labels, strict=True):
        scored = sorted(
            ((similarity(label.text, _variants(field), cyrillic), field.code) for field in wanted),
            reverse=True,
        )
        if not scored or scored[0][0] < MIN_SCORE:
            continue
        score, code = scored[0]
        # A label that names two fields (a blank between them was not found) belongs to neither.
        clear = len(scored) < 2 or scored[1][0] <= score - HEADER_LEAD
        if (
            row.kind is not RowKind.BLANK
        ):  # a line of blanks carries the words of its neighbours, a table does not
            own = next(_variants(field) for field in wanted if field.code == code)
            clear = (
                clear and row.is_one_block and speaks_for_one(label.text, own, (), cyrillic, bare=row.bare)
            )
        if code not in found or found[code].score < score:
            found[code] = Anchor(row, label.text, score, clear and score >= ANCHOR_SCORE)
    return found


def _printed_order(form: Form, fields: Mapping[str, Anchor]) -> list[str]:
    votes = sum(code.startswith("votes.") for code in fields)
    return [code for code in form.codes_for(votes) if code in fields]


def _score(named: Sequence[Field], fields: Mapping[str, Anchor]) -> float:
    """The best share of anchored rows among the form's groups: on a sheet with several blocks, one may be enough."""
    groups: dict[str, list[str]] = {}
    for field in named:
        if field.required:
            groups.setdefault(field.group, []).append(field.code)
    shares = [_share(codes, fields) for codes in groups.values() if len(codes) >= MIN_GROUP]
    everything = [field.code for field in named if field.required] or [field.code for field in named]
    return max([*shares, _share(everything, fields)])


def _share(codes: Sequence[str], fields: Mapping[str, Anchor]) -> float:
    return sum(code in fields and fields[code].anchored for code in codes) / max(1, len(codes))
