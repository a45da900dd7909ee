"""Tables from elsewhere: foreign heads, workbooks, many rows, and every problem at once."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tally.case import Case, create_case
from tally.columns import read_mapping
from tally.custody import check_case
from tally.errors import TableError, UsageError
from tally.state import state
from tally.totals import totals
from tally.typed import import_protocols, import_table
from tests.tally.building import make_case

HEADS = ["№ п/п", "УИК", "Голосов за Альтаева", "Кырыкбаев, голосов", "примечание"]
MAP = ["УИК=precinct", "Голосов за Альтаева=altaev", "Кырыкбаев, голосов=qyryqbaev", "#1=", "примечание="]


@pytest.fixture
def case(tmp_path: Path) -> Case:
    return make_case(tmp_path / "c")


def foreign(path: Path, rows: list[list[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADS, *rows])
    return path


def book(path: Path, rows: list[list[object]]) -> Path:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def test_foreign_heads_are_explained_once(case: Case, tmp_path: Path) -> None:
    one = foreign(tmp_path / "one.csv", [[1, 379, 100, 50, "ok"]])
    with pytest.raises(TableError, match="does not name the columns"):
        import_protocols(case, one, "hq")

    import_protocols(case, one, "hq", "file", read_mapping(MAP))
    entries = import_protocols(case, foreign(tmp_path / "two.csv", [[1, 380, 7, 8, ""]]), "hq")

    assert entries[0].fields == {"altaev": 7, "qyryqbaev": 8}
    assert totals(state(case), case.election()).contests[0].sums["altaev"].span.low == 107


def test_a_short_row_slips_through_because_a_column_is_not_wanted(case: Case, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("precinct,altaev,note\n1,5,x\n2,7\n3,8,y,z\n4,9,\n", "utf-8")
    with pytest.raises(TableError) as caught:
        import_protocols(case, tmp_path / "t.csv", "hq", "file", {"note": ""})
    assert "row 3: this row has 2 cells, the header 3" in caught.value.message
    assert "row 4: this row has 4 cells, the header 3" in caught.value.message
    assert "row 5" not in caught.value.message


def test_an_unknown_column_is_refused_without_saying_how_to_explain_it(case: Case, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("precinct,altaev,note\n1,5,x\n", "utf-8")
    with pytest.raises(TableError) as caught:
        import_protocols(case, tmp_path / "t.csv", "hq")
    assert "--map" in caught.value.advice
    assert len(str(caught.value)) < 1000


def test_a_mapping_comes_from_a_file_or_is_refused_with_the_columns(case: Case, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[columns]\n"a=b" = "precinct"\n"#2" = ""\n', "utf-8")
    assert read_mapping([str(tmp_path / "m.toml"), "x=altaev"]) == {
        "a=b": "precinct",
        "#2": "",
        "x": "altaev",
    }
    table = foreign(tmp_path / "t.csv", [[1, 379, 100, 50, ""]])
    with pytest.raises(UsageError, match=r"no column 'altaew'.*precinct"):
        import_protocols(case, table, "hq", "file", {"УИК": "altaew"})
    for bad in ("nothing", "=precinct", str(tmp_path / "none.toml")):
        with pytest.raises(UsageError):
            read_mapping([bad])
    (tmp_path / "bad.toml").write_text("columns = 3")
    with pytest.raises(UsageError, match="no table"):
        read_mapping([str(tmp_path / "bad.toml")])


def test_the_same_table_twice_changes_nothing_but_receipts(case: Case, tmp_path: Path) -> None:
    table = foreign(tmp_path / "t.csv", [[1, 379, 100, 50, ""], [2, 380, 1, 2, ""]])
    first = import_table(case, table, "hq", "file", read_mapping(MAP))
    again = import_table(case, table, "hq")

    assert (first.outcome, again.outcome) == ("new", "duplicate")
    assert len(state(case).typed) == 2
    assert len(state(case).imported) == 2
    event = next(case.ledger.events("typed"))
    assert (event.body["table"], event.body["row"]) == (first.sha256, 2)
    assert check_case(case).problems == []
    assert import_table(case, table, "somebody else").outcome == "new"


def test_a_workbook_gives_the_same_as_a_csv(case: Case, tmp_path: Path) -> None:
    rows: list[list[object]] = [["precinct", "altaev", "qyryqbaev"], [379, 1234, 7.0], ["380", None, "dash"]]
    entries = import_protocols(case, book(tmp_path / "b.xlsx", rows), "hq")

    assert entries[0].fields == {"altaev": 1234, "qyryqbaev": 7}
    assert entries[1].fields == {"altaev": None, "qyryqbaev": "dash"}
    assert entries[1].row == 3


@pytest.mark.parametrize(
    ("cell", "said"),
    [
        (12.5, "not a whole number"),
        (date(2023, 3, 19), "no count"),
        (True, "no count"),
        ("=1+1", "no stored value"),
    ],
)
def test_a_cell_of_a_workbook_that_is_no_count(case: Case, tmp_path: Path, cell: object, said: str) -> None:
    with pytest.raises(TableError, match=said):
        import_protocols(case, book(tmp_path / "b.xlsx", [["precinct", "altaev"], [379, cell]]), "hq")
    assert state(case).typed == []


def test_a_zip_or_a_torn_workbook_or_two_sheets(case: Case, tmp_path: Path) -> None:
    whole = book(tmp_path / "b.xlsx", [["precinct", "altaev"], [379, 5]]).read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "x")
    made = openpyxl.Workbook()
    made.active.append(["precinct", "altaev"])
    made.create_sheet("second").append(["x"])
    made.save(tmp_path / "two.xlsx")
    for data, said in (
        (whole[: len(whole) // 2], "damaged"),
        (packed.getvalue(), "not an .xlsx"),
        ((tmp_path / "two.xlsx").read_bytes(), "one sheet"),
    ):
        (tmp_path / "x.xlsx").write_bytes(data)
        with pytest.raises(TableError, match=said):
            import_protocols(case, tmp_path / "x.xlsx", "hq")


def test_rows_that_nobody_sees_are_not_counted(case: Case, tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    for row in (["precinct", "altaev"], [379, 5], [380, 6]):
        made.active.append(row)
    made.create_sheet("old").append(["precinct", "altaev"])
    made["old"].sheet_state = "hidden"
    made.save(tmp_path / "x.xlsx")
    assert len(import_protocols(case, tmp_path / "x.xlsx", "hq")) == 2
    made.active.row_dimensions[3].hidden = True
    made.save(tmp_path / "y.xlsx")
    with pytest.raises(TableError, match="hidden"):
        import_protocols(case, tmp_path / "y.xlsx", "hq")


def test_all_problems_of_all_kinds_in_one_pass(case: Case, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("precinct,altaev\n1,5,9\nИТОГО,5\n2,x\n3,4\n3,4\n", "utf-8")
    with pytest.raises(TableError) as caught:
        import_protocols(case, tmp_path / "t.csv", "hq")
    for part in (
        "row 2: this row has 3 cells",
        "row 3: this looks like a total",
        "row 4: altaev",
        "row 6: precinct 3",
    ):
        assert part in caught.value.message


def test_a_region_in_another_spelling_is_known_and_an_ambiguous_one_is_asked(tmp_path: Path) -> None:
    case = make_case(tmp_path / "c", 27)
    (tmp_path / "p.csv").write_text("precinct,contest,region,amanat\n1,party,Kostanaiskaya oblast,5", "utf-8")
    assert import_protocols(case, tmp_path / "p.csv", "hq")[0].region == "kostanay"
    (tmp_path / "p.csv").write_text(
        "precinct,contest,region,amanat\n1,party,Казахстанская область,5", "utf-8"
    )
    with pytest.raises(TableError, match=r"row 2: the region|no region"):
        import_protocols(case, tmp_path / "p.csv", "hq")


@pytest.mark.shared
def test_the_stations_of_nine_districts_add_up_to_the_sums_of_the_commission(
    shared: Path, tmp_path: Path
) -> None:
    """All 146 districts: python -m benchmarks ledger."""
    folder = shared / "official" / "uganda-2021"
    case = create_case(tmp_path / "ug", "ug-2021-president", actor="user:test")
    passed = ["Constituency", "Subcounty", "Parish", "Polling Station", "PDF_created", "PDF_modified"]
    mapping = {
        "#1": "precinct",
        "District": "region",
        "Total Votes": "ballots_found",
        **dict.fromkeys(passed, ""),
    }
    with (folder / "stations.csv").open(encoding="utf-8") as file:
        lines = file.readlines()
    few = [line for line in lines[1:] if line.split('","')[1] < "010"]
    (tmp_path / "stations.csv").write_text("".join([lines[0], *few]), "utf-8")
    entries = import_protocols(case, tmp_path / "stations.csv", "UEDP", "file", mapping)
    (contest,) = totals(state(case), case.election()).contests

    assert len(entries) == contest.with_protocol == len(few)
    with (folder / "district-tally-sheet.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["District"] < "010"]
    names = {"Reg. Voters": "voters_listed", "Valid Votes": "ballots_valid"}
    names |= {"Invalid Votes": "ballots_invalid", "Total Votes": "ballots_found"}
    names |= {c.names["latin"][0]: c.id for c in contest.contest.candidates}
    cells = 0
    for row in rows:
        region = case.election().region_named(row["District"])
        assert region is not None
        sums = contest.within(region).sums
        for head, subject in names.items():
            assert sums[subject].span.low == sums[subject].span.high == int(row[head]), (
                row["District"],
                head,
            )
            cells += 1
    assert cells == 9 * 15
