from __future__ import annotations

import dataclasses

import pytest

from ocr.anchor import match_form
from ocr.rowtypes import RowKind
from tally.form import load_form, shipped_forms
from tests.ocr.drawing import Line, anchored, printed_labels, rows_of

FORM = load_form("kz-2023-majilis-smd")
CODES = list(FORM.codes_for(2))


def lines() -> list[Line]:
    return [Line(label) for label in printed_labels(FORM)]


def matched(given: list[Line]):
    return match_form(FORM, *rows_of(given))


def heights(match) -> dict[str, int]:
    return {code: anchor.row.number.y0 for code, anchor in match.fields.items()}


@pytest.mark.parametrize("language", ["ru", "kk"])
def test_a_clean_sheet_is_anchored_row_by_row(language):
    match = match_form(FORM, *rows_of([Line(label) for label in printed_labels(FORM, language)]))
    assert anchored(match) == set(CODES)
    assert list(match.fields) == CODES
    assert match.score == 1.0
    assert sorted(heights(match).values()) == list(heights(match).values())


@pytest.mark.parametrize("upper", range(len(CODES) - 1))
def test_two_swapped_rows_are_never_both_anchored(upper):
    given = lines()
    given[upper], given[upper + 1] = given[upper + 1], given[upper]
    match = matched(given)
    truth = {line.label: place for place, line in enumerate(given)}
    for code in anchored(match):
        if code.startswith("votes."):
            continue
        (own,) = [label for label in printed_labels(FORM) if label == FORM.field(code).labels["ru"][0]]
        assert match.fields[code].row.number.y0 == 260 + 60 * truth[own], f"{code} stands in another row"


def test_a_piece_of_a_rule_beside_a_table_is_no_row_of_its_own():
    """2,837 on the register became 2,837 who voted: numbers stood half a row low, and rules were found in pieces."""
    rows, labels = rows_of(lines())
    rows[1] = dataclasses.replace(rows[1], kind=RowKind.BLANK)
    match = match_form(FORM, rows, labels)
    assert CODES[1] in match.fields
    assert anchored(match) == set(CODES) - {CODES[1]}


def test_a_sheet_of_blanks_is_anchored_all_the_same():
    rows, labels = rows_of(lines())
    loose = [dataclasses.replace(row, kind=RowKind.BLANK) for row in rows]
    assert anchored(match_form(FORM, loose, labels)) == set(CODES)


def test_swapped_valid_and_invalid_are_told_by_their_labels():
    given = lines()
    given[7], given[8] = given[8], given[7]
    assert not {"ballots_invalid", "ballots_valid"} <= anchored(matched(given))


def test_a_label_outside_its_place_does_not_take_the_row_of_another():
    given = lines()
    given[2] = Line(given[6].label)  # "found in the boxes" is printed twice, "issued" not at all
    match = matched(given)
    assert "ballots_issued" not in anchored(match)


def test_a_missing_row_among_two_candidates_unanchors_the_whole_run():
    given = lines()
    given[10] = dataclasses.replace(given[10], height=120)  # one row between the two was not found
    match = matched(given)
    assert not any(code.startswith("votes.") for code in anchored(match))


def test_a_missing_last_candidate_unanchors_the_whole_run():
    given = lines()
    del given[10]
    given[10] = dataclasses.replace(given[10], height=120)
    assert not any(code.startswith("votes.") for code in anchored(matched(given)))


def five_candidates() -> list[Line]:
    given = lines()
    names = [Line(f"Кандидат {number}") for number in range(1, 6)]
    return [*given[:9], *names, *given[11:]]


def test_five_candidates_are_anchored():
    votes = {f"votes.{number}" for number in range(1, 6)}
    assert votes <= anchored(match_form(FORM, *rows_of(five_candidates())))


@pytest.mark.parametrize("lost", [1, 2, 3, 4])
def test_a_missing_row_among_five_candidates_unanchors_the_whole_run(lost):
    given = five_candidates()
    del given[9 + lost]
    given[9 + lost] = dataclasses.replace(given[9 + lost], height=120)
    assert not any(code.startswith("votes.") for code in anchored(matched(given)))


def test_a_missing_first_candidate_unanchors_the_whole_run():
    given = five_candidates()
    del given[9]
    given[9] = dataclasses.replace(given[9], height=120)
    assert not any(code.startswith("votes.") for code in anchored(matched(given)))


def test_a_candidate_whose_name_was_not_read_does_not_shift_the_others():
    given = lines()
    given[9] = Line("")
    match = matched(given)
    assert "votes.2" not in anchored(match) or heights(match)["votes.2"] == 260 + 60 * 10
    assert not any(code.startswith("votes.") for code in anchored(match))


def test_candidates_without_the_row_after_them_are_not_anchored():
    given = lines()[:-1]
    assert not any(code.startswith("votes.") for code in anchored(matched(given)))


def test_candidates_without_the_row_before_them_are_not_anchored():
    given = lines()
    given[8] = Line("")
    assert not any(code.startswith("votes.") for code in anchored(matched(given)))


def test_a_heading_before_the_first_candidate_is_allowed():
    given = lines()
    given[9] = dataclasses.replace(given[9], height=110)
    assert {"votes.1", "votes.2"} <= anchored(matched(given))


def test_two_boxes_on_one_line_are_not_two_candidates():
    given = [*lines()[:10], Line("Иванов Иван", height=6), *lines()[10:]]
    assert not any(code.startswith("votes.") for code in anchored(matched(given)))


def test_a_row_of_another_column_is_not_a_candidate():
    rows, labels = rows_of(lines())
    beside, text = rows_of([Line("Председатель")], left=1100, right=1250)
    middle = dataclasses.replace(beside[0], number=dataclasses.replace(beside[0].number, y0=830, y1=860))
    match = match_form(FORM, [*rows[:10], middle, *rows[10:]], [*labels[:10], *text, *labels[10:]])
    assert [c for c in match.fields if c.startswith("votes.")] == ["votes.1", "votes.2"]


@pytest.mark.parametrize(
    ("label", "code"),
    [
        ("Избирательный участок №", "precinct"),
        ("Сайлау учаскесі № / Избирательный участок №", "precinct"),
        ("Избирательный округ №", "district"),
        ("Округ №", "district"),
    ],
)
def test_header_numbers_are_known_by_their_labels(label, code):
    header = matched([Line(label), *lines()]).header
    assert set(header) == {code}
    assert header[code].anchored


def test_both_header_numbers_are_found_whatever_their_order():
    given = [Line("Округ №"), Line("Учаске №"), *lines()]
    header = matched(given).header
    assert header["district"].row.number.y0 < header["precinct"].row.number.y0


def test_a_number_below_the_first_row_is_not_a_header_number():
    assert "precinct" not in matched([*lines(), Line("Избирательный участок №")]).header


def test_labels_of_nothing_fit_no_form():
    given = [Line(text) for text in ("Счёт за воду", "Тариф", "Показание", "Итого к оплате", "Адрес")] * 3
    for form in shipped_forms():
        if form.layout.anchor == "label" and "rus" in form.languages:
            assert match_form(form, *rows_of(given)).score < 0.34, form.id


def test_an_empty_sheet_fits_no_form():
    match = match_form(FORM, [], [])
    assert match.score == 0.0
    assert not match.fields


@pytest.mark.parametrize("form", [f for f in shipped_forms() if "rus" in f.languages], ids=lambda f: f.id)
def test_every_kazakh_form_knows_its_own_sheet(form):
    given = [Line(label) for label in printed_labels(form)]
    match = match_form(form, *rows_of(given))
    assert match.score >= 0.9
