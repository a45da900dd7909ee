from __future__ import annotations

import pytest

from tally.errors import TableError, UsageError
from tally.model import Mark, Span
from tally.state import state
from tally.totals import totals
from tally.typed import Entry, import_protocols, import_table
from tests.tally.building import full, make_case, page, put


@pytest.fixture
def case(tmp_path):
    return make_case(tmp_path / "c")


@pytest.fixture
def take_in(case, tmp_path):
    def run(text: str, reader: str = "headquarters", kind: str = "file") -> tuple[Entry, ...]:
        (tmp_path / "protocols.csv").write_text(text, encoding="utf-8")
        return import_protocols(case, tmp_path / "protocols.csv", reader, kind)

    return run


def sums(case):
    now = state(case)
    return totals(now, case.election()).contests[0].sums


def test_typed_numbers_add_up(case, take_in):
    take_in("precinct;altaev;qyryqbaev\n1;100;50\n2;1 000;7\n")
    assert sums(case)["altaev"].span == Span.exactly(1100)
    assert sums(case)["altaev"].confirmed == 0


def test_a_person_confirms(case, take_in):
    take_in("precinct,altaev\n1,100\n", "Aida", "person")
    assert sums(case)["altaev"].confirmed == 100


def test_names_in_any_script_head_the_columns(case, take_in):
    take_in("Участок;Нұржан Әлтаев;Temir Qyryqbaev;Против всех\n1;100;50;3")
    assert sums(case)["altaev"].span == Span.exactly(100)


def test_an_empty_cell_is_a_range_and_a_mark_is_a_mark(case, take_in):
    entries = take_in("precinct,altaev,qyryqbaev,ballots_invalid\n1,,50,dash\n")
    assert entries[0].fields == {"altaev": None, "qyryqbaev": 50, "ballots_invalid": "dash"}
    assert sums(case)["altaev"].span.low == 0
    assert sums(case)["altaev"].span.high > 0
    assert state(case).typed[0].fields["ballots_invalid"].mark is Mark.DASH


def test_a_row_may_name_its_photo(case, take_in):
    sha256 = put(case, page(7, full([10, 20])))
    take_in("file,votes.1\nsheet-7.jpg,12\n", "Aida", "person")
    assert sums(case)["altaev"].span == Span.exactly(12)
    assert sums(case)["qyryqbaev"].span == Span.exactly(20)
    assert state(case).pages()[0].fields["votes.1"].value == 10  # the program's reading stays
    take_in(f"sha256,votes.1\n{sha256.upper()},13\n", "Aida", "person")
    assert sums(case)["altaev"].span == Span.exactly(13)


def test_a_photo_that_nobody_could_read_counts_once_it_is_typed(case, take_in):
    case.add_bytes(b"dark", "dark.jpg")
    take_in("file,precinct,altaev,qyryqbaev\ndark.jpg,9,10,20\n", "Aida", "person")
    assert sums(case)["altaev"].span == Span.exactly(10)


def test_all_problems_are_told_by_row_and_nothing_is_taken_in(case, take_in):
    with pytest.raises(TableError) as caught:
        take_in("precinct,altaev,qyryqbaev\n1,10,20\nx,10,20\n1,5,5\n3,-1,9999\n4,,\n,1,2\n")
    message = caught.value.message
    for part in (
        "row 3: precinct 'x' is not a number",
        "row 4: precinct 1 is listed twice (first on row 2)",
        "row 5: altaev: '-1' is negative",
        "row 5: qyryqbaev: 9999 does not fit",
        "row 7: the precinct is missing",
    ):
        assert part in message
    assert state(case).typed == []


def test_a_list_of_all_precincts_is_taken_in_while_protocols_are_still_coming(case, tmp_path):
    table = tmp_path / "list.csv"
    table.write_text("precinct,altaev,qyryqbaev\n1,10,20\n2,,\n3,0,0\n4,,\n", "utf-8")
    found = import_table(case, table, "hq")
    assert [entry.precinct for entry in found.entries] == [1, 3]
    assert found.empty == (3, 5)
    assert [row.precinct for row in state(case).typed] == [1, 3]
    (receipt,) = state(case).imported
    assert (receipt["rows"], receipt["empty_rows"]) == (2, 2)


def test_an_empty_row_with_a_wrong_precinct_is_still_told(case, take_in):
    with pytest.raises(TableError, match=":3: precinct 'x'"):
        take_in("precinct,altaev\n1,10\nx,\n")


def test_a_table_without_any_number_is_refused(case, take_in):
    with pytest.raises(TableError, match=":2: no number is typed in this row, nor in any other"):
        take_in("precinct,altaev\n1,\n2,\n")


def test_all_unknown_columns_are_told_at_once(case, take_in):
    with pytest.raises(TableError, match="unknown columns 'note', 'phone'"):
        take_in("precinct,note,altaev,phone\n1,x,10,y\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("precinct,altaev\nИТОГО,100", "total row"),
        ("precinct,nobody\n1,100", "unknown column 'nobody'"),
        ("precinct,district,altaev\n1,14,100", "not part of this case"),
        ("precinct,altaev,quspan\n1,5,100", "unknown column 'quspan'"),
        ("file,altaev\nnone.jpg,100", "no photo of this case is called 'none.jpg'"),
        ("precinct,region,altaev\n1,Atlantis,100", "no region 'Atlantis'"),
        ("", "empty"),
    ],
)
def test_tables_that_cannot_be_taken(take_in, text, message):
    with pytest.raises(TableError, match=message):
        take_in(text)


def test_two_photos_of_one_name_must_be_told_apart(case, take_in):
    case.add_bytes(b"1", "IMG.jpg")
    case.add_bytes(b"2", "IMG.jpg")
    with pytest.raises(TableError, match=r"2 photos of this case are called 'IMG\.jpg'"):
        take_in("file,precinct,altaev\nIMG.jpg,1,5")


def test_a_case_of_several_districts_asks_which(tmp_path):
    case = make_case(tmp_path / "c", 14, 27)
    (tmp_path / "p.csv").write_text("precinct,altaev\n1,5")
    with pytest.raises(TableError, match="the contest is missing"):
        import_protocols(case, tmp_path / "p.csv", "hq")
    (tmp_path / "p.csv").write_text("precinct,district,altaev,quspan\n1,27,5,\n1,14,,6")
    assert [entry.contest for entry in import_protocols(case, tmp_path / "p.csv", "hq")] == [
        "smd-27",
        "smd-14",
    ]


def test_a_party_row_needs_its_region(tmp_path):
    case = make_case(tmp_path / "c", 27)
    (tmp_path / "p.csv").write_text("precinct,contest,amanat\n1,party,5")
    with pytest.raises(TableError, match="the region is missing"):
        import_protocols(case, tmp_path / "p.csv", "hq")


@pytest.mark.parametrize(("reader", "kind"), [("", "file"), ("x", "robot")])
def test_a_reader_has_a_name_and_a_kind(case, tmp_path, reader, kind):
    (tmp_path / "p.csv").write_text("precinct,altaev\n1,5")
    with pytest.raises(UsageError):
        import_protocols(case, tmp_path / "p.csv", reader, kind)


@pytest.mark.parametrize("row", ["altaev\n1,-1", "altaev\n1,99999", "nobody\n1,1"])
def test_values_that_no_form_can_hold(case, tmp_path, row):
    (tmp_path / "p.csv").write_text(f"precinct,{row}")
    with pytest.raises(TableError):
        import_protocols(case, tmp_path / "p.csv", "aida", "person")
