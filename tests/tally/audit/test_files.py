"""A user's table: what is understood, and what is said when it is not."""

from __future__ import annotations

import pytest

from tally.audit.audit import audit
from tally.audit.file_table import read_file_table, table_from_cells
from tally.errors import TableError


def read(tmp_path, text: str, encoding: str = "utf-8"):
    path = tmp_path / "table.csv"
    path.write_bytes(text.encode(encoding))
    return read_file_table(path)


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
        ("PK\x03\x04 not a table", "not a text table"),
    ],
)
def test_a_table_that_cannot_be_understood_says_why(tmp_path, text, message):
    with pytest.raises(TableError, match=message) as refusal:
        read(tmp_path, text)
    assert "table.csv" in str(refusal.value)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(TableError, match="cannot be opened"):
        read_file_table(tmp_path / "none.csv")


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
