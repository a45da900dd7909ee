"""A user's table: what is understood, and what is said when it is not."""

from __future__ import annotations

import pytest

from tally.audit.audit import audit
from tally.audit.file_table import read_file_tables, table_from_cells
from tally.audit.flat import flat_tables
from tally.errors import TableError
from tally.tables import Grid


def read(tmp_path, text: str, encoding: str = "utf-8"):
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    (table,) = read_file_tables(path)
    return table


def test_russian_heads_spaces_and_decimal_commas(tmp_path):
    text = (
        "Регион;Избирателей;Аманат, голосов;Аманат, %;Ауыл, голосов;Ауыл, %;Недействительных;Всего\n"
        "Первая;10 000;3 000;60,00;2 000;40,00;100;5 100\n"
        "Вторая;20 000;6 000;75,00;2 000;25,00;50;8 050\n"
        "Итого;30 000;9 000;69,23;4 000;30,77;150;13 151\n"
    )
    for encoding in ("utf-8", "cp1251"):
        table = read(tmp_path, text, encoding)
        assert table.categories == ("Аманат", "Ауыл")
        report = audit([table])
        assert {(f.code, f.subject, f.margin) for f in report.findings} >= {("T1", "total", 1)}
        assert ("T2", 1) in {(f.code, f.margin) for f in report.findings}


def test_a_row_per_candidate(tmp_path):
    table = read(tmp_path, "candidate,votes,percent\nA,600,60.0%\nB,300,30.0%\nagainst all,100,11.0%\n")
    assert table.categories == ("A", "B", "against all")
    codes = {f.code for f in audit([table]).findings}
    assert "T5" in codes


def test_the_same_candidate_twice_is_refused(tmp_path):
    with pytest.raises(TableError, match="there twice"):
        read(tmp_path, "candidate,votes\nA,600\nA,300\n")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("region,party\nNorth,Amanat\nSouth,Auyl\n", "no column of votes"),
        ("region,A,B\n", "no rows"),
        ("region,A,A\nNorth,1,2\n", "there twice"),
        ("region,A,B\nNorth,1,2,3\n", "4 cells, the header 3"),
        ("PK\x03\x04 not a table", "workbook is damaged"),
    ],
)
def test_a_table_that_cannot_be_understood_says_why(tmp_path, text, message):
    with pytest.raises(TableError, match=message) as refusal:
        read(tmp_path, text)
    assert "table.csv" in str(refusal.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(TableError, match="cannot be opened"):
        read_file_tables(tmp_path / "none.csv")


def test_words_in_a_column_of_numbers_are_told_and_not_counted():
    lines = [
        ["region", "A", "B"],
        ["R1", "1", "2"],
        ["R2", "about 5", "3"],
        ["R3", "7", "9"],
        ["Total", "13", "14"],
    ]
    table = table_from_cells(enumerate(lines, 1), "t.csv")
    assert [text.printed for text in table.unread] == ["about 5"]
    assert audit([table]).findings == ()


def test_two_rows_of_one_name_are_two_places():
    lines = [["region", "A", "B"], ["North", "1", "2"], ["North", "5", "3"], ["Total", "6", "5"]]
    assert audit([table_from_cells(enumerate(lines, 1), "t.csv")]).findings == ()


HEADS = ["Регион", "Избирателей", "Аманат", "Ауыл", "Недействительных", "Всего"]
ROWS = [["Первая", 10_000, 3_000, 2_000, 100, 5_100], ["Вторая", 20_000, 6_000, 2_000, 50, 8_050]]
WRONG = [*ROWS, ["Итого", 30_000, 9_000, 4_000, 150, 13_151]]


def told(path):
    return {(f.code, f.subject, f.margin) for f in audit(read_file_tables(path)).findings}


def test_a_workbook_and_a_page_are_audited_like_the_csv(tmp_path):
    import openpyxl

    made = openpyxl.Workbook()
    made.active.append(["Итоги голосования"])
    for row in [HEADS, *WRONG]:
        made.active.append(row)
    made.save(tmp_path / "t.xlsx")
    cells = "".join(f"<tr>{''.join(f'<td>{c}</td>' for c in row)}</tr>" for row in [HEADS, *WRONG])
    (tmp_path / "t.html").write_text(f"<html><body><table>{cells}</table></body></html>", "utf-8")
    (tmp_path / "t.csv").write_text("\n".join(";".join(map(str, row)) for row in [HEADS, *WRONG]), "utf-8")

    wanted = told(tmp_path / "t.csv")
    assert ("T1", "total", 1) in wanted
    assert told(tmp_path / "t.xlsx") == told(tmp_path / "t.html") == wanted


def test_percentages_below_counts_and_a_header_on_every_page():
    pages = [
        Grid("page 1", ((1, ["Область", "Всего", "A"]), (2, ["", "голосов", ""]), (3, ["Первая", "200", "100"]),
                        (4, ["", "", "50.00%"]))),
        Grid("page 2", ((1, ["Область", "Всего", "A"]), (2, ["", "голосов", ""]), (3, ["Вторая", "400", "100"]),
                        (4, ["", "", "25.01%"]))),
    ]  # fmt: skip
    ((name, rows),) = flat_tables(pages, "t.pdf")
    assert name == "page 1"
    assert [cells for _, cells in rows] == [
        ["Область", "Всего голосов", "A", "A %"],
        ["Первая", "200", "100", "50.00%"],
        ["Вторая", "400", "100", "25.01%"],
    ]


@pytest.mark.shared
def test_the_percentages_that_a_commission_stacked_under_its_counts_are_checked(shared):
    report = audit(read_file_tables(shared / "official" / "uganda-2021" / "district-tally-sheet.pdf"))
    assert report.findings == ()
    assert {c.code: (c.relations, c.hold) for c in report.checked}["T3"] == (1606, 1606)
