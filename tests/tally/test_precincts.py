"""Precinct by precinct: what differs is named, what is equal stays quiet, and chance is counted exactly."""

from __future__ import annotations

import csv
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.case import create_case
from tally.compare import compare
from tally.integer_excess import Station, chances, integer_excess, is_whole, usable
from tally.official import snapshots_of
from tally.official_adding import add_official
from tally.official_reading import TableChoice
from tally.precincts import of_contest
from tally.reconcile import diff
from tally.state import state
from tally.totals import totals
from tally.typed import import_protocols
from tests.tally.building import ELECTION

AS_OF = "2023-03-27T12:00+05:00"


def findings(
    tmp_path, protocols: str, *tables: str, election=ELECTION, kind="file", source="https://example.org"
):
    case = create_case(tmp_path / "case", election, [27] if election == ELECTION else [], actor="user:test")
    (tmp_path / "p.csv").write_text(protocols, encoding="utf-8")
    import_protocols(case, tmp_path / "p.csv", "A", kind)
    for day, table in enumerate(tables, 20):
        (tmp_path / "o.csv").write_text(table, encoding="utf-8")
        add_official(case, tmp_path / "o.csv", source, f"2023-03-{day}T12:00+05:00")
    known, elected = state(case), case.election()
    snapshots = snapshots_of(known)
    summed = totals(known, elected)
    return diff(summed, elected, snapshots), compare(summed.contests, elected, snapshots), summed, snapshots


PROTOCOLS = "district,precinct,altaev,qyryqbaev\n27,1,178,251\n27,2,100,30\n"
HEAD = "district,precinct,candidate,votes\n"


def test_equal_precincts_give_no_finding(tmp_path):
    table = HEAD + "27,1,altaev,178\n27,1,qyryqbaev,251\n27,2,altaev,100\n27,2,qyryqbaev,30\n"
    found, compared, *_ = findings(tmp_path, PROTOCOLS, table)
    assert [one.code for one in found if one.code == "O3"] == []
    assert [one.outcome for one in compared] == ["equal"] * 4


def test_one_moved_vote_of_a_precinct_is_found_and_named(tmp_path):
    table = HEAD + "27,1,altaev,78\n27,1,qyryqbaev,351\n27,2,altaev,100\n27,3,altaev,5\n"
    found, compared, *_ = findings(tmp_path, PROTOCOLS, table, kind="person")
    (one,) = [one for one in found if one.code == "O3"]

    assert one.verdict == "difference"
    assert one.robust
    assert one.margin == 100
    assert one.details["precinct"] == 1
    assert set(one.details["figures"]) == {"altaev", "qyryqbaev"}
    assert one.text["en"].startswith("Precinct 1 (district 27): ")
    assert [c.outcome for c in compared] == ["differs", "differs", "equal", "absent"]


def test_a_cell_that_is_not_known_is_no_difference(tmp_path):
    protocols = "district,precinct,altaev,qyryqbaev\n27,1,178,\n"
    found, compared, *_ = findings(tmp_path, protocols, HEAD + "27,1,altaev,178\n27,1,qyryqbaev,251\n")
    assert [one.code for one in found if one.code == "O3"] == []
    assert [one.outcome for one in compared] == ["equal", "open"]


def test_figures_that_vanish_from_a_later_table_of_the_same_source(tmp_path):
    before, after = HEAD + "27,1,altaev,178\n27,2,altaev,100\n", HEAD + "27,1,altaev,178\n"
    found, *_ = findings(tmp_path, PROTOCOLS, before, after)
    (one,) = [one for one in found if one.code == "O2"]
    assert one.verdict == "table"
    assert one.details["figures"] == [{"subject": "altaev", "unit": "", "precinct": 2}]


def test_a_later_table_that_says_more_takes_nothing_away(tmp_path):
    before, after = HEAD + "27,1,altaev,178\n", HEAD + "27,1,altaev,178\n27,2,altaev,100\n"
    found, *_ = findings(tmp_path, PROTOCOLS, before, after)
    assert [one.code for one in found if one.code in ("O1", "O2")] == []


def test_whole_percentages_of_a_picked_set_are_not_counted(tmp_path):
    _, _, summed, snapshots = findings(tmp_path, PROTOCOLS)
    assert of_contest(summed.contests[0], snapshots) is None


@settings(max_examples=40)
@given(st.integers(1, 300), st.data())
def test_the_exact_chance_equals_the_sum_over_all_counts(base, data):
    part = data.draw(st.integers(0, base))
    share = part / base
    whole = math.fsum(
        math.comb(base, k) * share**k * (1 - share) ** (base - k)
        for k in range(base + 1)
        if is_whole(k, base)
    )
    assert chances([(part, base)])[0] == pytest.approx(whole, abs=1e-9)


def test_only_usable_precincts_count():
    kept = Station(1000, 600, 301)
    refused = [Station(99, 50, 25), Station(1000, 995, 10), Station(1000, 600, 599), Station(1000, 0, 0)]
    assert usable([kept, *refused]) == [kept]


def test_rounded_shares_show_and_counted_ones_do_not():
    honest = [Station(900 + 7 * n, 401 + 5 * n, 133 + 2 * n) for n in range(300)]
    rounded = [Station(900 + 10 * n, 401 + 5 * n, round((401 + 5 * n) * 0.62)) for n in range(300)]
    assert abs(integer_excess(honest)[1].z) < 4
    assert integer_excess(rounded)[1].z > 10


def spb(shared, name):
    with (shared / "official" / "st-petersburg-2021" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.shared
def test_the_exact_sums_agree_with_the_monte_carlo_of_the_paper(shared):
    from scipy.stats import binom

    rows = spb(shared, "uik_duma_party_list.csv")
    stations = usable(
        Station(
            int(r["voters_registered_count"]),
            int(r["papers_valid_count"]) + int(r["papers_invalid_count"]),
            next(int(v) for k, v in r.items() if k.startswith("P05")),
        )
        for r in rows
    )
    runs = 60
    bases = [s.voters for s in stations]
    shares = [s.cast / s.voters for s in stations]
    drawn = binom.rvs(bases, shares, size=(runs, len(stations)), random_state=1).tolist()
    counts = [sum(is_whole(k, n) for k, n in zip(row, bases, strict=True)) for row in drawn]
    mean = math.fsum(counts) / runs
    turnout = integer_excess(stations)[2]

    assert len(stations) > 1900
    assert abs(mean - turnout.expected) < 4 * turnout.sd / math.sqrt(runs)


@pytest.mark.shared
@pytest.mark.slow
@pytest.mark.parametrize("planted", [0, 10])
def test_a_planted_change_in_one_station_of_uganda_is_named(shared, tmp_path, planted):
    folder = shared / "official" / "uganda-2021"
    with (folder / "stations.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    rows = [row for row in rows if row[1] == "011 KALANGALA"]
    station = rows[40][0]
    rows[40][11] = str(int(rows[40][11]) + planted)  # votes for Kyagulanyi
    lines = [",".join(["region", "precinct", *head[6:21]])]
    lines += [",".join([row[1], row[0], *row[6:21]]) for row in rows]
    sheet = (folder / "district-tally-sheet.csv").read_text(encoding="utf-8").splitlines()
    table = "\n".join(line.rpartition(",")[0] for line in sheet if "KALANGALA" in line or "District" in line)
    found, compared, *_ = findings(tmp_path, "\n".join(lines), table, election="ug-2021-president")
    named = [
        (one.code, one.subject) for one in found if one.verdict in ("contradiction", "difference", "sheet")
    ]

    assert [c.figure.subject for c in compared if c.outcome != "equal"] == (["kyagulanyi"] if planted else [])
    assert len(compared) == 15
    if planted:
        assert ("D1", "kyagulanyi") in named
        (sheet_finding,) = [one for one in found if one.code == "S1"]
        assert sheet_finding.details["precinct"] == int(station)
        assert sheet_finding.details["region"] == "011-kalangala"
    else:
        assert named == []


UGANDA = {
    "#1": "precinct",
    "District": "region",
    "Total Votes": "ballots_found",
    **dict.fromkeys(
        ("Constituency", "Subcounty", "Parish", "Polling Station", "PDF_created", "PDF_modified"), ""
    ),
}
"""The columns as docs/commands.md maps them."""


@pytest.mark.shared
@pytest.mark.slow
def test_a_whole_country_is_equal_in_every_cell_until_one_station_is_changed(shared, tmp_path):
    folder = shared / "official" / "uganda-2021"
    case = create_case(tmp_path / "ug", "ug-2021-president", actor="user:test")
    import_protocols(case, folder / "stations.csv", "UEDP", "file", UGANDA)
    add_official(
        case,
        folder / "district-tally-sheet.csv",
        "https://www.ec.or.ug",
        "2021-01-16",
        TableChoice(skip=("Received Station",)),
    )
    with (folder / "stations.csv").open(encoding="utf-8", newline="") as file:
        head, *rows = csv.reader(file)
    station = next(row for row in rows if row[1] == "011 KALANGALA")
    planted = [*station[:11], str(int(station[11]) + 10), *station[12:]]
    (tmp_path / "corrected.csv").write_text(
        "\n".join(",".join(f'"{cell}"' for cell in row) for row in (head, planted)), encoding="utf-8"
    )

    def told():
        known, elected = state(case), case.election()
        summed, snapshots = totals(known, elected), snapshots_of(known)
        cells = compare(summed.contests, elected, snapshots)
        heavy = ("contradiction", "difference", "sheet")
        found = [one for one in diff(summed, elected, snapshots) if one.verdict in heavy]
        return [c for c in cells if c.outcome != "equal"], len(cells), found

    assert told() == ([], 2190, [])

    import_protocols(case, tmp_path / "corrected.csv", "UEDP")  # the same reader corrects one row
    differing, cells, found = told()

    assert cells == 2190
    assert [(c.figure.unit, c.figure.subject) for c in differing] == [("011-kalangala", "kyagulanyi")]
    assert {(one.code, one.subject, one.margin) for one in found} == {
        ("D1", "kyagulanyi", 10),
        ("D2", "ballots_valid", 10),
        ("S1", "U1", 10),
    }
    (sheet,) = [one for one in found if one.code == "S1"]
    assert (sheet.details["region"], sheet.details["precinct"]) == ("011-kalangala", int(station[0]))
