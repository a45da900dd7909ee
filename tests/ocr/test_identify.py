from __future__ import annotations

import numpy as np
import pytest

from ocr import identify
from ocr.boxes import Box
from ocr.identify import Print, best_match, is_settled, look_again, titled
from ocr.tiles import LabelText
from tally.form import load_form
from tests.ocr.drawing import Line, printed_labels, rows_of

FORM = load_form("kz-2023-majilis-smd")
TITLE = Box(0, 0, 40, 900)


def seen(labels: list[str], title: str = "") -> Print:
    """A sheet whose label areas have been read as ``labels``; an empty one could not be read."""
    rows, texts = rows_of([Line(label) for label in labels])
    header = rows[0].__class__(TITLE, (TITLE,), rows[0].kind)
    found = {row.labels[0]: text for row, text in zip(rows, texts, strict=True) if text.text}
    if title:
        found[TITLE] = LabelText(title, 1.0)
    tiles = {area: np.zeros((9, 9), np.uint8) for row in (header, *rows) for area in row.labels}
    return Print((header, *rows), tiles, found)


@pytest.fixture
def asked(monkeypatch):
    """What Tesseract was asked, and what it answers."""
    calls: list[set[Box]] = []
    answers: dict[Box, LabelText] = {}

    def read(tiles, languages, again=()):
        calls.append(set(tiles))
        return {area: answers[area] for area in tiles if area in answers}

    monkeypatch.setattr(identify, "read_labels", read)
    return calls, answers


def test_only_rows_in_doubt_go_to_tesseract(asked):
    calls, answers = asked
    labels = list(printed_labels(FORM))
    lost = seen([*labels[:4], "", *labels[5:]])
    area = lost.rows[5].labels[0]
    answers[area] = LabelText(labels[4], 0.9)
    match = look_again(lost, [FORM], best_match(lost, [FORM]))
    assert area in calls[0]
    assert lost.rows[1].labels[0] not in calls[0]
    assert all(match.fields[code].anchored for code in FORM.codes_for(2) if not code.startswith("votes."))


def test_a_sheet_that_the_print_reader_cannot_read_is_read_whole(asked):
    calls, _ = asked
    blank = seen([""] * len(list(printed_labels(FORM))))
    look_again(blank, [FORM], best_match(blank, [FORM]))
    assert calls[0] == {area for row in blank.rows for area in row.labels}


def test_a_second_look_never_makes_a_match_worse(asked):
    _, answers = asked
    labels = list(printed_labels(FORM))
    first = seen([*labels[:4], "", *labels[5:]])
    before = best_match(first, [FORM])
    for area in first.tiles:
        answers[area] = LabelText("совсем другое", 0.9)
    after = look_again(first, [FORM], before)
    assert after.score >= before.score


def test_a_sheet_without_its_title_is_not_settled():
    """The twins are told apart by the title alone."""
    match = best_match(seen(list(printed_labels(FORM))), [FORM])
    assert match.score == 1.0
    assert not is_settled(match)


def test_the_title_is_sought_above_the_signatures_and_missed(monkeypatch):
    """The largest column of blanks may be the lines to sign on: then the first row that has its label tells."""
    first = seen(list(printed_labels(FORM)))
    low = Box(900, 0, 1000, 900)
    wrong = Print(
        (first.rows[0].__class__(low, (low,), first.rows[0].kind), *first.rows[1:]), first.tiles, first.texts
    )
    title = FORM.keywords[0]
    monkeypatch.setattr(
        identify, "cut_tiles", lambda _, rows: {rows[0].labels[0]: np.zeros((9, 9), np.uint8)}
    )
    monkeypatch.setattr(
        identify, "read_printed", lambda tiles: {area: LabelText(title, 1.0) for area in tiles}
    )
    _, match = titled(np.zeros((1800, 900), np.uint8), wrong, [FORM])
    assert match.keywords


def test_tesseract_reads_everything_a_second_time_for_nothing(asked):
    calls, _ = asked
    labels = list(printed_labels(FORM))
    lost = seen([*labels[:4], "", *labels[5:]])
    look_again(lost, [FORM], best_match(lost, [FORM]))
    assert len(calls) == 1


def test_a_last_row_that_was_not_read_leaves_every_candidate_without_proof(asked):
    """The rows that the form asks for are all there; the one below the candidates is not, and holds them together."""
    calls, answers = asked
    labels = list(printed_labels(FORM))
    lost = seen([*labels[:-1], ""], title=FORM.keywords[0])
    match = best_match(lost, [FORM])
    assert not match.fields["votes.1"].anchored
    area = lost.rows[-1].labels[0]
    answers[area] = LabelText(labels[-1], 0.9)
    match = look_again(lost, [FORM], match)
    assert area in calls[0]
    assert match.fields["votes.1"].anchored
