"""One column that says several things: what is cut in the wrong place puts a protocol into another precinct."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.case import Case
from tally.columns import read_mapping
from tally.composed import composed
from tally.errors import TableError, UsageError
from tally.register import add_register
from tally.state import state
from tally.typed import import_table
from tests.tally.building import make_case

names = st.text("abЖ 0123456789-.(", min_size=1).map(str.strip).filter(bool)
numbers = st.integers(1, 99_999)


def split(built: str, cell: str) -> tuple[str, ...]:
    made = composed(built)
    assert made is not None
    return made.split(cell)


@given(names, numbers, st.sampled_from(["-", " - ", " – ", "—"]))
def test_a_dash_in_the_name_of_a_region_ends_it_too_early(region, number, dash):
    assert split("region-precinct", f"{region}{dash}{number}") == (region, str(number))


@given(names, names, numbers)
def test_a_cell_that_can_be_cut_in_two_ways_is_cut_in_one_of_them(region, other, number):
    assert split("region/*/precinct", f"{region}/{other}/{number}") == (region, str(number))
    with pytest.raises(ValueError, match="in two ways"):
        split("region/*/precinct", f"{region}/{other}/{other}/{number}")


@pytest.mark.parametrize(
    ("built", "cell", "found"),
    [
        ("region-precinct", "01-010-0001", ("01-010", "0001")),
        ("region-*-precinct", "01-010-0001", ("01", "0001")),
        ("district *", "095 LABWOR COUNTY", ("095",)),
        ("* № district *", "Округ № 4 (Алматы)", ("4",)),
        ("*(district)*", "Алматы (4), центр", ("4",)),
        ("contest: region, precinct", "smd-27: turkistan, 9", ("smd-27", "turkistan", "9")),
        ("region-precinct", "", ("", "")),
    ],
)
def test_a_code_inside_a_longer_text(built, cell, found):
    assert split(built, cell) == found


@pytest.mark.parametrize(
    ("built", "cell"),
    [
        ("region-precinct", "379"),
        ("region-precinct", "-379"),
        ("region-precinct", "75-379a"),
        ("region-precinct", "75-"),
        ("district *", "4a Almaty"),
        ("district *", "LABWOR COUNTY 095"),
        ("* district *", "ward 5 of 12 wards"),
    ],
)
def test_a_cell_that_is_built_otherwise_is_read_all_the_same(built, cell):
    with pytest.raises(ValueError, match=r"not built like|in two ways"):
        split(built, cell)


@pytest.mark.parametrize(
    "text", ["region", "*", "* *", "regionprecinct", "region-region", "where-precinct", "a*"]
)
def test_a_wrong_word_is_taken_for_a_way_to_build_cells(text):
    assert composed(text) is None


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return make_case(tmp_path / "c")


def test_a_column_of_region_and_number_cannot_be_mapped_at_all(case: Case, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("note;region-number;altaev\nx;turkistan-379;5\n;turkistan - 380;6\n", "utf-8")
    mapping = read_mapping(["region-number=region-precinct", "note="])

    found = import_table(case, table, "hq", "file", mapping)

    assert [(one.region, one.precinct, one.fields) for one in found.entries] == [
        ("turkistan", 379, {"altaev": 5}),
        ("turkistan", 380, {"altaev": 6}),
    ]
    assert found.columns == (("note", ""), ("region-number", "region-precinct"), ("altaev", "altaev"))
    # A head that is not there has a number.
    table.write_text(";altaev\n380;6\n", "utf-8")
    unnamed = import_table(case, table, "hq", "file", {"#1": "precinct"})
    assert unnamed.columns == (("#1", "precinct"), ("altaev", "altaev"))
    # Remembered, as every mapping is.
    table.write_text("region-number;altaev\nturkistan-381;7\n", "utf-8")
    assert import_table(case, table, "hq").entries[0].precinct == 381


def test_a_row_built_otherwise_slips_in_with_the_others(case: Case, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("where;altaev\nturkistan-379;5\n380;6\n27 turkistan;7\n", "utf-8")
    with pytest.raises(TableError) as caught:
        import_table(case, table, "hq", "file", {"where": "region-precinct"})
    assert "row 3: '380' is not built like 'region-precinct'" in str(caught.value)
    assert "row 4" in str(caught.value)
    assert not state(case).typed


def test_a_number_that_two_columns_give(case: Case, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("where;precinct;altaev\nturkistan-379;380;5\n", "utf-8")
    with pytest.raises(TableError, match="'precinct' is there twice"):
        import_table(case, table, "hq", "file", {"where": "region-precinct"})
    with pytest.raises(UsageError, match="how it is built"):
        import_table(case, table, "hq", "file", {"where": "region-altaev"})


def test_a_register_with_the_district_as_a_code(case: Case, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("where;precinct\n027 Turkistan;379\n", "utf-8")
    assert add_register(case, table, "s", {"where": "district *"}).counts() == {"smd-27": 1}
