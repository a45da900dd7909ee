"""Published files of every kind: what is taken in exactly, and what is refused with which words."""

from __future__ import annotations

import io
import zipfile
import zlib

import pytest
from openpyxl import Workbook

from tally.case import create_case
from tally.election import load_election
from tally.errors import TableError, UsageError
from tally.official import snapshots_of
from tally.official_adding import add_official
from tally.official_reading import TableChoice, read_official
from tally.state import state
from tally.tables import grids_of, kind_of
from tests.tally.building import ELECTION

AS_OF = "2023-03-27T12:00+05:00"
PARTY = TableChoice(contest="party")
HEAD = ["Region", "Amanat", "Auyl", "Invalid"]
INVALID_TOLD = "columns taken: 'Invalid' as ballots_invalid"
ROWS = [["Abai", 100, 20, 3], ["Akmola", 200, 30, 4]]
WANTED = {
    ("amanat", "abai"): 100,
    ("auyl", "abai"): 20,
    ("ballots_invalid", "abai"): 3,
    ("amanat", "akmola"): 200,
    ("auyl", "akmola"): 30,
    ("ballots_invalid", "akmola"): 4,
}


@pytest.fixture(scope="module")
def election():
    return load_election(ELECTION)


@pytest.fixture
def taken(election):
    def take(data: bytes, choice: TableChoice = PARTY, scope=None):
        figures, notes = read_official(
            data, "table", election, scope or election.contests, choice, "https://example.org", AS_OF
        )
        return {(f.subject, f.unit): f.value for f in figures}, notes, figures

    return take


def book(rows, change=None) -> bytes:
    made = Workbook()
    sheet = made.active
    for row in rows:
        sheet.append(row)
    if change:
        change(made, sheet)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def csv_of(rows) -> bytes:
    return "\n".join(";".join(map(str, row)) for row in rows).encode()


def html_of(rows, head=HEAD) -> bytes:
    cells = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    heads = "<tr>" + "".join(f"<th>{c}</th>" for c in head) + "</tr>"
    return f"<!doctype html><html><body><table>{heads}{cells}</table></body></html>".encode()


def pdf_of(table: str, width: str = "auto") -> bytes:
    import typst

    return bytes(typst.compile(f"#set page(width: {width}, height: auto)\n{table}".encode()))


def ruled(rows, columns: int) -> str:
    return f"#table(columns: {columns}, " + ", ".join(f"[{cell}]" for row in rows for cell in row) + ")"


# --- what is taken ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("make", [csv_of, book, lambda rows: html_of(rows[1:])])
def test_the_same_wide_table_in_every_kind_of_file(taken, make):
    assert taken(make([HEAD, *ROWS]))[0] == WANTED


def test_a_ruled_pdf_with_stacked_cells_and_a_header_on_each_page(taken):
    stacked = [
        ["Abai", "100 #linebreak() 81.30%", "20 #linebreak() 16.26%", "3"],
        ["Akmola", "200 #linebreak() 85.47%", "30 #linebreak() 12.82%", "4"],
    ]
    pages = [ruled([HEAD, row], 4) for row in stacked]
    found, _, figures = taken(pdf_of("\n#pagebreak()\n".join(pages)))

    assert found == WANTED
    assert figures[0].printed == "100\n81.30%"
    assert not any(figure.derived for figure in figures)


def test_a_row_that_a_page_prints_over_two_lines_of_cells(taken):
    rows = [HEAD, ["West", 100, 20, 3], ["Kazakhstan", "81.30%", "16.26%", ""], *ROWS[1:]]
    found = taken(csv_of(rows))[0]
    assert found[("amanat", "west-kazakhstan")] == 100


def test_titles_above_numbered_columns_and_a_merged_head(taken):
    rows = [
        ["Results", None, None, None],
        ["Region", "Votes", None, "Invalid"],
        [None, "Amanat", "Auyl", None],
        [1, 2, 3, 4],
        *ROWS,
    ]

    def merge(made, sheet):
        for block in ("A1:D1", "A2:A3", "B2:C2", "D2:D3"):
            sheet.merge_cells(block)

    assert taken(book(rows, merge))[0] == WANTED


def test_a_long_table_in_a_workbook_below_a_title(taken):
    rows = [["Published 27 March"], ["contest", "candidate", "votes"], ["party", "amanat", 3431510]]
    assert taken(book(rows), TableChoice())[0] == {("amanat", ""): 3431510}


def test_whole_numbers_keep_every_digit_and_text_cells_stay_text(taken):
    rows = [HEAD, ["Abai", 3431510.0, "1 234 567", "3"]]
    found = taken(book(rows))[0]
    assert found[("amanat", "abai")] == 3431510
    assert found[("auyl", "abai")] == 1234567


def test_a_total_row_is_compared_and_becomes_the_figure_of_the_whole(taken):
    found, notes, _ = taken(csv_of([HEAD, *ROWS, ["Итого", 300, 50, 7]]))
    assert found[("amanat", "")] == 300
    assert notes == (INVALID_TOLD, "the total row agrees with the rows in 3 of 3 columns")


def test_a_number_of_a_precinct_is_not_a_figure_of_the_district(taken, election, tmp_path):
    from tally.official import in_force

    rows = [["district", "precinct", "candidate", "votes"], [27, 379, "altaev", 5], [27, "", "altaev", 9]]
    case = create_case(tmp_path / "case", ELECTION, [27], actor="user:test")
    (tmp_path / "t.csv").write_bytes(csv_of(rows))
    added = add_official(case, tmp_path / "t.csv", "https://example.org", AS_OF)
    kept = snapshots_of(state(case))[0]

    assert [figure.precinct for figure in kept.figures] == [379, None]
    assert kept == added
    assert in_force(election, [kept])["smd-27"]["altaev"].value == 9


def test_a_derived_figure_says_so_and_claims_nothing_printed(taken):
    rows = [
        ["contest", "candidate", "votes", "derived"],
        ["party", "amanat", 5, "yes"],
        ["party", "auyl", 6, ""],
    ]
    figures = taken(csv_of(rows), TableChoice())[2]
    assert [(figure.derived, figure.printed) for figure in figures] == [(True, ""), (False, "6")]


# --- what is refused ---------------------------------------------------------------------------------------------


def refused(taken, data: bytes, choice: TableChoice = PARTY) -> str:
    with pytest.raises((TableError, UsageError)) as caught:
        taken(data, choice)
    assert int(caught.value.exit_code) == 2
    return str(caught.value)


def test_a_total_row_that_differs_is_refused_unless_it_is_printed_so(taken):
    table = csv_of([HEAD, *ROWS, ["Total", 301, 50, 7]])
    assert "the rows add up to 300, the total row says 301" in refused(taken, table)
    found, notes, _ = taken(table, TableChoice(contest="party", as_printed=True))
    assert found[("amanat", "")] == 301
    assert "the total row agrees with the rows in 2 of 3 columns" in notes


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([HEAD, ["Abai", 1, 2, 3], ["Abai", 1, 2, 3]], "listed twice"),
        ([HEAD, ["Atlantis", 1, 2, 3]], "no such region"),
        ([HEAD, ["Abai", 1, "", 3]], "auyl: the number is missing"),
        ([HEAD, ["Abai", 1, "2.5", 3]], "not a whole number"),
        ([HEAD, ["Abai", 1, -2, 3]], "negative"),
        ([HEAD, ["", 1, 2, 3]], "belong to no region"),
        ([HEAD, ["Abai", 1, 2, 3], ["Akmola", "", "", ""]], "the number is missing"),
        ([["Region", "Amanat", "Nobody", "Auyl"], ["Abai", 1, 2, 3]], "--skip 'Nobody'"),
        ([["Region", "Amanat", "Amanat", "Auyl"], ["Abai", 1, 2, 3]], "two columns speak of amanat"),
    ],
)
def test_what_is_not_clear_in_a_wide_table_is_refused_by_row(taken, rows, words):
    assert words in refused(taken, csv_of(rows))
    assert words in refused(taken, book(rows))


def test_a_column_is_left_out_only_when_told_and_that_is_noted(taken):
    rows = [[*HEAD, "Mood"], [*ROWS[0], "good"], [*ROWS[1], "bad"]]
    found, notes, _ = taken(csv_of(rows), TableChoice(contest="party", skip=["mood"]))
    assert found == WANTED
    assert notes == ("column 'Mood' was left out", INVALID_TOLD)


REGISTERED = [["Region", "amanat", "auyl", "registered"], ["Abai", 1, 2, 900], ["Akmola", 3, 4, 800]]


@pytest.mark.parametrize("make", [csv_of, book])
def test_the_voters_of_the_eve_pass_silently_for_those_of_the_list_at_its_close(taken, make):
    found, notes, _ = taken(make(REGISTERED))
    assert found["voters_listed", "abai"] == 900
    assert notes == ("columns taken: 'registered' as voters_listed",)

    for meant in ("", "ballots_received"):
        mapping = {"registered": meant}
        found, notes, _ = taken(make(REGISTERED), TableChoice(contest="party", mapping=mapping))
        assert ("voters_listed", "abai") not in found
        assert found.get(("ballots_received", "abai")) == (900 if meant else None)
        assert notes != ("columns taken: 'registered' as voters_listed",)


def test_a_row_called_registered_passes_silently_for_the_list_at_its_close(taken):
    rows = [["contest", "subject", "votes"], ["party", "registered", 900], ["party", "Amanat", 5]]
    found, notes, _ = taken(csv_of(rows), TableChoice())
    assert found["voters_listed", ""] == 900
    assert notes == ("rows taken: 'registered' as voters_listed",)


def test_a_table_whose_heads_nobody_knows_cannot_be_taken_at_all(taken):
    wide = [["Where", "A", "B"], ["Abai", 1, 2], ["Akmola", 3, 4]]
    assert "names candidates or counts of party" in refused(taken, book(wide))
    mapping = {"Where": "region", "A": "amanat", "#3": "ballots_invalid"}
    found, notes, _ = taken(book(wide), TableChoice(contest="party", mapping=mapping))
    assert found["amanat", "akmola"] == 3
    assert notes == ("columns taken: 'A' as amanat, 'B' as ballots_invalid",)

    long = [["Ballot", "Who", "How many", "Why"], ["party", "amanat", 7, "-"]]
    mapping = {"Ballot": "contest", "Who": "subject", "How many": "votes", "Why": ""}
    for make in (csv_of, book):
        assert taken(make(long), TableChoice(mapping=mapping))[0] == {("amanat", ""): 7}


def test_a_district_that_is_a_code_inside_a_longer_text_names_no_district(taken):
    rows = [["where", "altaev", "qyryqbaev"], ["Constituency 027 - South", 5, 6]]
    assert "nobody and nothing named 'where'" in refused(taken, csv_of(rows), TableChoice(contest="smd-27"))
    built = TableChoice(contest="smd-27", mapping={"where": "* district - *"})
    found, _, figures = taken(csv_of(rows), built)
    assert found["altaev", ""] == 5
    assert {figure.contest for figure in figures} == {"smd-27"}
    rows[1][0] = "South (027)"
    assert "'South (027)' is not built like '* district - *'" in refused(taken, book(rows), built)


def test_a_missing_cell_shifts_a_number_under_the_column_that_is_left_out(taken):
    rows = [["contest", "Why", "subject", "votes"], ["party", "amanat", 7]]
    assert "3 cells, the header 4" in refused(taken, csv_of(rows), TableChoice(mapping={"Why": ""}))


def test_a_table_that_names_no_contest(taken):
    assert "--contest" in refused(taken, book([HEAD, *ROWS]), TableChoice())


def test_two_sheets_that_fit(taken):
    def second(made, sheet):
        other = made.create_sheet("Copy")
        for row in [HEAD, *ROWS]:
            other.append(row)

    data = book([HEAD, *ROWS], second)
    assert "--part" in refused(taken, data)
    assert taken(data, TableChoice(contest="party", part="Copy"))[0] == WANTED
    assert "no sheet or table 'Other'" in refused(taken, data, TableChoice(contest="party", part="Other"))


def test_hidden_rows_of_a_workbook(taken):
    def hide(made, sheet):
        sheet.row_dimensions[3].hidden = True

    assert "rows 3 of sheet 'Sheet' are hidden" in refused(taken, book([HEAD, *ROWS], hide))


def test_a_hidden_sheet_is_never_used(taken):
    def hide(made, sheet):
        made.create_sheet("Front")
        sheet.sheet_state = "hidden"

    assert "no visible sheet" in refused(taken, book([HEAD, *ROWS], hide))


def test_a_number_in_merged_cells(taken):
    def merge(made, sheet):
        sheet.merge_cells("B2:B3")

    assert "merged cells (B2:B3)" in refused(taken, book([HEAD, *ROWS], merge))


def test_a_formula_without_its_result(taken):
    assert "cell B2" in refused(taken, book([HEAD, ["Abai", "=50+50", 20, 3]]))


def test_a_zip_bomb_that_calls_itself_a_workbook(taken):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (200 * 2**20))
    assert "would unpack to 200 MB" in refused(taken, out.getvalue())


def test_a_zip_that_is_no_workbook_and_half_a_workbook(taken):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr("table.csv", "a,b")
    assert "not an .xlsx workbook" in refused(taken, out.getvalue())
    assert "only half there" in refused(taken, book([HEAD, *ROWS])[:2000])


def test_an_old_workbook_under_a_new_name(taken):
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    assert kind_of(old) == "ole"
    assert "old .xls format" in refused(taken, old)


def test_a_page_without_a_table_or_with_an_empty_one(taken):
    assert "holds no table" in refused(taken, b"<html><body><p>Loading 27 %</p></body></html>")
    assert "hold no number" in refused(taken, html_of([["", "", "", ""]]))


def test_a_number_that_spans_columns_of_a_page(taken):
    page = html_of([["Abai", 1, 2, 3]]).replace(b"<td>2", b"<td colspan=2>2")
    assert "spans several columns" in refused(taken, page)


def minimal_pdf(pages: int = 1, *, trailer: str = "", stream: bytes = b"") -> bytes:
    kids = " ".join(f"{i + 4} 0 R" for i in range(pages))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {pages}/Kids[{kids}]>>".encode(),
        b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(stream), stream),
        *[b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 3 0 R>>"] * pages,
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    end = f"trailer<</Size {len(objects) + 1}/Root 1 0 R{trailer}>>\nstartxref\n{len(out)}\n%%EOF".encode()
    return out + head + table + end


LOCK = f"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'11' * 32}>/U<{'22' * 32}>>>"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (minimal_pdf(stream=zlib.compress(b"")), "no text layer"),
        (minimal_pdf(500, stream=zlib.compress(b"")), "500 pages"),
        (minimal_pdf(trailer=LOCK), "locked with a password"),
        (minimal_pdf(stream=zlib.compress(bytes(130 * 2**20))), "unpacks to more than 128 MB"),
        (minimal_pdf(stream=zlib.compress(zlib.compress(bytes(2**30 // 4)))), "unpacks to more than 128 MB"),
        (minimal_pdf()[:120], "damaged"),
        (b"%PDF-1.4\nnothing", "damaged"),
    ],
    ids=["no text", "500 pages", "locked", "bomb", "nested bomb", "half", "empty"],
)
def test_a_pdf_that_cannot_be_used_says_why(taken, data, words):
    assert words in refused(taken, data)


def test_the_pages_of_a_long_pdf_can_be_named(taken):
    data = minimal_pdf(500, stream=zlib.compress(b""))
    assert "no text layer" in refused(taken, data, TableChoice(contest="party", pages=range(3, 9)))
    assert "there is no page 501" in refused(taken, data, TableChoice(contest="party", pages=[501]))


def test_a_pdf_with_text_but_without_a_ruled_table(taken):
    assert "ruled lines" in refused(taken, pdf_of("Abai 100 20 3"))


def test_a_digit_that_falls_between_the_cells_of_a_pdf(taken, monkeypatch):
    from pdfplumber.table import Table

    whole = Table.extract

    def without_one(self, *args, **more):
        return [[cell and cell.replace("200", "20") for cell in row] for row in whole(self, *args, **more)]

    monkeypatch.setattr(Table, "extract", without_one)
    said = refused(taken, pdf_of(ruled([HEAD, *ROWS], 4)))
    assert "12 digits are printed in the table, but 11 fall into its cells" in said


def test_an_empty_file_and_a_huge_one(taken, monkeypatch):
    assert "the file is empty" in refused(taken, b" \n")
    monkeypatch.setattr("tally.tables.kinds.MAX_BYTES", 10)
    with pytest.raises(TableError, match="a table of figures has less"):
        grids_of(b"x" * 11, "big.csv")


@pytest.mark.shared
@pytest.mark.slow
def test_the_tally_sheet_of_uganda_as_pdf_equals_its_csv(shared):
    uganda = load_election("ug-2021-president")
    folder = shared / "official" / "uganda-2021"
    skip = TableChoice(skip=["Received Station"], pages=[1])
    found = {}
    for name in ("district-tally-sheet.pdf", "district-tally-sheet.csv"):
        data = (folder / name).read_bytes()
        figures, _ = read_official(data, name, uganda, uganda.contests, skip, "https://example.org", AS_OF)
        found[name] = {(f.subject, f.unit): f.value for f in figures}
    first_page, everything = found.values()

    assert len(everything) == 146 * 15 == 2190
    assert len(first_page) == 19 * 15
    assert first_page.items() <= everything.items()
