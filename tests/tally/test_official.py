from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.election import load_election
from tally.errors import TableError, UsageError
from tally.official import in_force, parse_official, snapshots_of
from tally.official_adding import add_official
from tally.official_table import parse_count
from tally.state import state
from tests.tally.building import ELECTION, make_case

AS_OF = "2023-03-27T12:00+05:00"


@pytest.fixture(scope="module")
def election():
    return load_election(ELECTION)


@pytest.fixture
def parsed(election):
    def parse(text: str | bytes) -> list[tuple[str, str, int | None]]:
        data = text.encode() if isinstance(text, str) else text
        figures = parse_official(data, "table.csv", election, "https://example.org", AS_OF)
        return [(figure.contest, figure.subject, figure.value) for figure in figures]

    return parse


PLAIN = [("smd-27", "altaev", 35116), ("smd-27", "qyryqbaev", 117584)]


@pytest.mark.parametrize(
    "text",
    [
        "district,candidate,votes\n27,altaev,35116\n27,qyryqbaev,117584\n",
        "district,candidate,votes\r\n27,altaev,35116\r\n27,qyryqbaev,117584\r\n",
        "\ufeffdistrict;candidate;votes\n27;altaev;35116\n27;qyryqbaev;117584",
        "district\tcandidate\tvotes\n27\taltaev\t35116\n27\tqyryqbaev\t117584",
        "Округ;Кандидат;Голоса\n№ 27;Нұржан Әлтаев;35116\n27;ҚЫРЫҚБАЕВ ТЕМІР;117584",
        "Округ;Үміткер;Дауыс саны\n27;altaev;35116\n27;qyryqbaev;117584",
        "contest,subject,votes\nsmd-27,Nūrjan Ältaev,35116\nsmd-27,qyryqbaev,117584",
        "district,candidate,votes,,\n\n27,altaev,35116,,\n,,,,\n27,qyryqbaev,117584,,\n",
        'district,candidate,votes\n 27 ,"altaev ","35,116"\n27,qyryqbaev,"117,584"',
        "district;candidate;votes\n27;altaev;35 116\n27;qyryqbaev;117 584",
        "district;candidate;votes\n27;altaev;35\u00a0116\n27;qyryqbaev;117\u00a0584",
        "district;candidate;votes\n27;altaev;35\u202f116\n27;qyryqbaev;117\u202f584",
        "district;candidate;votes\n27;altaev;35.116\n27;qyryqbaev;117.584",
    ],
)
def test_the_same_table_in_many_hands(parsed, text):
    assert parsed(text) == PLAIN


def test_a_table_in_windows_1251(parsed):
    text = "Округ;Кандидат;Голоса\n27;Алтаев Нуржан;35116\n27;против всех;900\n"
    known = "Округ;Кандидат;Голоса\n27;против всех;900\n"
    assert parsed(known.encode("cp1251")) == [("smd-27", "against_all", 900)]
    assert text.encode("cp1251") != text.encode()


def test_a_table_in_utf_16(parsed):
    text = "district\tcandidate\tvotes\n27\taltaev\t35116\n27\tqyryqbaev\t117584"
    assert parsed(text.encode("utf-16")) == PLAIN


def test_counts_by_the_label_of_the_form(parsed):
    rows = ["27;Число действительных бюллетеней;214000", "27;ballots_invalid;12", "27;Барлығына қарсы;7"]
    text = "\n".join(["district;subject;votes", *rows])
    assert [subject for _, subject, _ in parsed(text)] == ["ballots_valid", "ballots_invalid", "against_all"]


def test_every_spelling_of_the_election_file_is_understood(parsed, election):
    for candidate in election.contest("smd-4").candidates:
        for names in candidate.names.values():
            for name in names:
                assert parsed(f'district;candidate;votes\n4;"{name}";1') == [("smd-4", candidate.id, 1)]


@pytest.mark.parametrize("word", ["TOTAL", "Итого", "ВСЕГО:", "Барлығы", "Grand total"])
def test_a_total_row_is_refused(parsed, word):
    with pytest.raises(TableError, match="total row \\(row 3\\)") as caught:
        parsed(f"district,candidate,votes\n27,altaev,35116\n27,{word},152700")
    assert "Remove the row" in caught.value.advice
    assert caught.value.line == 3


def test_a_row_that_stands_twice(parsed):
    with pytest.raises(TableError, match=r"district 27, altaev is listed twice \(first on row 2\). Keep one"):
        parsed("district,candidate,votes\n27,altaev,35116\n27,qyryqbaev,1\n27,Nūrjan Ältaev,35117")


def test_an_unknown_candidate_and_the_known_spellings(parsed):
    with pytest.raises(TableError, match="nobody named 'Smith'") as caught:
        parsed("district,candidate,votes\n27,Smith,35116")
    assert "Nūrjan Ältaev" in str(caught.value)
    assert caught.value.line == 2
    assert caught.value.file == "table.csv"


@pytest.mark.parametrize(
    ("number", "message"),
    [
        ("-5", "negative"),
        ("−5", "negative"),
        ("12.5", "not a whole number"),
        ("1234,56", "not a whole number"),
        ("16.39%", "percentage"),
        ("", "missing"),
        ("many", "not a number"),
        ("1,2345", "not a whole number"),
        ("0.116", "not a whole number"),
        ("1,234.567", "not a whole number"),
        ("٣٥", "not a number"),
        ("3_5", "not a number"),
    ],
)
def test_what_is_not_a_count_of_votes(parsed, number, message):
    with pytest.raises(TableError, match=message):
        parsed(f'district,candidate,votes\n27,altaev,"{number}"')


def test_all_problems_are_told_at_once(parsed):
    with pytest.raises(TableError) as caught:
        parsed("district,candidate,votes\n27,nobody,1\n99,altaev,2\n27,altaev,-3\n")
    assert [line.split(":")[0] for line in caught.value.message.splitlines()] == ["row 2", "row 3", "row 4"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not a text table"),
        (b"PK\x03\x04 workbook", "not a text table"),
        (b"district,candidate,votes\n27,\x00,1", "not a text table"),
        (b"district;candidate;votes\n27;\x98;1", "neither UTF-8 nor Windows-1251"),
        (b"district,candidate,votes\n", "no rows"),
        (b"27,altaev,35116\n", "does not name the columns"),
        (b"district,candidate,votes,colour\n27,altaev,1,red", "unknown column 'colour'"),
        (b"district,candidate,votes,votes\n27,altaev,1,1", "is there twice"),
        (b"candidate,votes\naltaev,1", "contest or district"),
        (b"district,candidate,votes\n27,altaev,35,116", "4 cells, the header 3"),
        (b'district,candidate,votes\n27,"altaev,1\n27,b,2', "cannot be split"),
    ],
)
def test_tables_that_cannot_be_taken(parsed, data, message):
    with pytest.raises(TableError, match=message):
        parsed(data)


def test_the_bytes_are_kept_and_the_snapshot_is_dated(tmp_path):
    case = make_case(tmp_path / "c")
    table = tmp_path / "cec.csv"
    table.write_text("district;candidate;votes\n27;altaev;35 116")
    added = add_official(case, table, "https://example.org/1", AS_OF)
    assert case.official.read(added.sha256) == table.read_bytes()
    assert snapshots_of(state(case)) == (added,)
    assert (added.figures[0].printed, added.figures[0].value) == ("35 116", 35116)
    assert (added.figures[0].source, added.figures[0].as_of) == ("https://example.org/1", AS_OF)


def test_a_refused_table_leaves_no_trace_in_the_ledger(tmp_path):
    case = make_case(tmp_path / "c")
    table = tmp_path / "cec.csv"
    table.write_text("district;candidate;votes\n27;altaev;many")
    with pytest.raises(TableError):
        add_official(case, table, "https://example.org/1", AS_OF)
    assert snapshots_of(state(case)) == ()


@pytest.mark.parametrize(("source", "as_of"), [("", AS_OF), ("https://example.org", "last week")])
def test_a_table_needs_a_source_and_a_time(tmp_path, source, as_of):
    case = make_case(tmp_path / "c")
    (tmp_path / "t.csv").write_text("district;candidate;votes\n27;altaev;1")
    with pytest.raises(UsageError):
        add_official(case, tmp_path / "t.csv", source, as_of)


def test_shipped_figures_stand_in_where_no_snapshot_speaks(election):
    shipped = in_force(election, ())
    assert shipped["smd-27"]["altaev"].value == 35116
    assert shipped["smd-14"]["quspan"].value == 126784
    assert all(figure.value is not None for contest in shipped.values() for figure in contest.values())


@given(st.integers(0, 10**7), st.sampled_from([" ", "\u00a0", "\u202f", ",", "."]))
def test_any_count_with_any_separator(value, separator):
    assert parse_count(f"{value:,}".replace(",", separator)) == value


@given(st.text(max_size=12))
def test_no_text_at_all_breaks_the_number_parser(text):
    with contextlib.suppress(ValueError):
        assert parse_count(text) >= 0


@given(st.binary(max_size=300))
def test_no_bytes_at_all_break_the_table_reader(data):
    with contextlib.suppress(TableError):
        parse_official(data, "x.csv", load_election(ELECTION), "s", AS_OF)


def test_figures_of_one_region(election):
    text = (
        "contest;region;subject;votes\nparty;Abai Region;amanat;5\nparty;Астана;amanat;6\nparty;;amanat;70\n"
    )
    figures = parse_official(text.encode(), "t.csv", election, "s", AS_OF)
    assert [(figure.unit, figure.value) for figure in figures] == [("abai", 5), ("astana", 6), ("", 70)]
    with pytest.raises(TableError, match="no region 'Atlantis'"):
        parse_official(
            b"contest;region;subject;votes\nparty;Atlantis;amanat;5", "t.csv", election, "s", AS_OF
        )
