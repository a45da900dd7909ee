from __future__ import annotations

import dataclasses
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tally.catalogue import messages
from tally.election import OfficialFigure, load_election
from tally.form import load_form
from tally.model import Mark, Span, Status
from tally.official import Snapshot
from tally.reconcile import diff
from tally.rules.residual import gamma, gamma_of_a_tie
from tally.texts import rounded, votes_left, written
from tally.totals import totals
from tests.tally.building import ELECTION, FORM, english_thousands, folded, full, page, typed_body, unsure

SHARED = Path(__file__).parents[3] / "shared"
CEILING = load_form(FORM).field("votes.1").ceiling
AS_OF = "2023-03-27T12:00+05:00"


@pytest.fixture(scope="module")
def election():
    return load_election(ELECTION)


def snapshot(as_of=AS_OF, contest="smd-27", **figures) -> Snapshot:
    rows = tuple(
        OfficialFigure(
            contest, subject, "", value, f"{value:,}", "votes", False, "https://example.org/table", as_of
        )
        for subject, value in figures.items()
    )
    return Snapshot("0" * 64, "table.csv", "https://example.org/table", as_of, rows)


def findings(pages, election, *snapshots, typed=(), districts=(27,)):
    return diff(totals(folded(pages, districts, typed), election), election, snapshots)


def coded(found, code):
    return [one for one in found if one.code == code]


def spread(total: int, parts: int) -> list[int]:
    return [total // parts + (i < total % parts) for i in range(parts)]


def district(a: int, b: int, parts: int = 60, names=None, number: int = 27):
    """Sheets whose sums are given; the lesser digits differ so that no two sheets look alike."""
    names = names or {"votes.1": "altaev", "votes.2": "qyryqbaev"}
    ones, twos = spread(a, parts), spread(b, parts)
    for i in range(0, parts - 1, 2):
        ones[i], ones[i + 1] = ones[i] - i - 1, ones[i + 1] + i + 1
    return [
        page(n, full([x, y]), candidates=names, district=number)
        for n, (x, y) in enumerate(zip(ones, twos, strict=True), 1)
    ]


# The three disputes of 19 March 2023.


def test_district_27_is_a_contradiction_by_62_votes(election):
    found = findings(district(35178, 32251), election)
    (one,) = coded(found, "D1")
    assert (one.subject, one.protocols, one.official, one.margin) == (
        "altaev",
        Span.exactly(35178),
        35116,
        62,
    )
    assert (one.verdict, one.robust, one.confirmed) == ("contradiction", True, False)
    assert "35,178" in one.text["en"]
    assert "Both cannot be correct, by 62." in one.text["en"]
    assert "No person has confirmed these readings yet." in one.text["en"]
    assert "35\u00a0178" in one.text["ru"]
    assert "35\u00a0116" in one.text["kk"]
    assert len(one.sources) == 61
    assert not coded(found, "R1")


@pytest.mark.parametrize(
    ("number", "names", "seen", "official", "residual", "expected", "tie", "shares"),
    [
        (
            4,
            ("boqaev", "stambekov"),
            (4459, 2825),
            (11660, 15930),
            (7201, 13105),
            "2.87",
            "1.855",
            ("61.2", "42.3", "35.5"),
        ),
        (
            14,
            ("ahmediarov", "quspan"),
            (14816, 8922),
            (46172, 126784),
            (31356, 117862),
            "6.24",
            "1.797",
            ("62.4", "26.7", "21.0"),
        ),
    ],
)
def test_what_the_unseen_precincts_must_hold(
    election, number, names, seen, official, residual, expected, tie, shares
):
    lines = dict(zip(("votes.1", "votes.2"), names, strict=True))
    found = findings(district(*seen, 20, lines, number), election, districts=(number,))
    assert not [one for one in found if one.verdict == "contradiction"]
    (one,) = coded(found, "R1")
    assert (one.verdict, one.robust, one.margin) == ("statement", True, None)
    details = one.details
    assert (details["official"][names[0]], details["official"][names[1]]) == official
    assert [details["residual"][name] for name in names] == [{"low": n, "high": n} for n in residual]
    assert (details["gamma"], details["gamma_of_a_tie"]) == (expected, tie)
    assert tuple(details["share_percent"].values()) == shares
    assert expected in one.text["en"]
    assert expected.replace(".", ",") in one.text["ru"]
    assert "not chosen at random" in one.text["en"]
    assert "for some of the candidates only" in one.text["en"]


def test_gamma_of_the_third_dispute_at_a_tie():
    assert rounded(gamma_of_a_tie(35178, 32251, 35116 + 117584), 3) == "1.168"
    assert gamma(35178, 35116 - 35178, 32251, 85333) is None


@pytest.mark.shared
def test_the_published_fixture_says_the_same():
    path = SHARED / "seeds" / "stat_fixtures.json"
    if not path.exists():
        pytest.skip("shared folder is not here")
    for one in json.loads(path.read_text())["disputes"].values():
        (a, b), (t_a, t_b) = one["seen"], one["official"]
        assert [t_a - a, t_b - b] == one["residual"]
        ratio = gamma(a, t_a - a, b, t_b - b)
        assert (ratio and float(rounded(ratio, 2))) == one["gamma"]
        assert round(float(gamma_of_a_tie(a, b, t_a + t_b)), 3) == one["gamma_star"]


def test_east_kazakhstan_all_protocols_in_hand_and_another_result(election):
    """Council of East Kazakhstan, district 3: 15 of 15 protocols, 2,150 : 2,083, official loss by 33."""
    contest = dataclasses.replace(election.contest("smd-27"), precincts_total=15)
    small = dataclasses.replace(election, contests=(contest,))
    found = findings(district(2150, 2083, 15), small, snapshot(altaev=2100, qyryqbaev=2133))
    assert [(one.subject, one.margin, one.verdict) for one in coded(found, "D1")] == [
        ("altaev", 50, "contradiction")
    ]
    assert [(one.subject, one.margin, one.verdict) for one in coded(found, "D7")] == [
        ("qyryqbaev", 50, "difference")
    ]
    assert not coded(findings(district(2150, 2083, 14), small, snapshot(altaev=2150, qyryqbaev=2133)), "D7")


# Inequalities.


def test_valid_votes_above_the_official_number(election):
    sheets = [page(1, full([100, 50])), page(2, full([80, 70]))]
    (one,) = coded(findings(sheets, election, snapshot(altaev=500, qyryqbaev=500, ballots_valid=300)), "D2")
    assert (one.subject, one.margin, one.protocols) == ("ballots_valid", 10, Span.exactly(310))


def test_valid_votes_are_added_up_when_their_row_is_unread(election):
    sheets = [page(1, full([100, 50]) | {"ballots_valid": Mark.ILLEGIBLE}, status=Status.REVIEW)]
    (one,) = coded(findings(sheets, election, snapshot(altaev=500, ballots_valid=150)), "D2")
    assert one.margin == 5


def test_more_voters_on_the_lists_than_officially(election):
    (one,) = coded(
        findings([page(1, full([100, 50]))], election, snapshot(altaev=500, voters_listed=100)), "D2"
    )
    assert (one.subject, one.margin) == ("voters_listed", 68)


def test_one_candidate_needs_more_votes_elsewhere_than_there_are(election):
    """Venezuela 2024 as a small case: the rest of one candidate exceeds all valid votes that are left."""
    sheets = [page(1, full([100, 50], against_all=0))]
    found = findings(sheets, election, snapshot(altaev=120, qyryqbaev=300, ballots_valid=390))
    (one,) = coded(found, "D3")
    assert (one.subject, one.details["residual"], one.details["room"], one.margin) == (
        "qyryqbaev",
        250,
        240,
        10,
    )


def test_the_room_elsewhere_is_taken_at_its_widest(election):
    """Two copies: 150 or 160 valid votes here, so 250 or 240 are left elsewhere, and 250 are needed."""
    sheets = [page(1, full([100, 50], against_all=0)), page(1, full([100, 50], against_all=10))]
    official = {"altaev": 120, "qyryqbaev": 300}
    assert not coded(findings(sheets, election, snapshot(**official, ballots_valid=400)), "D3")
    (one,) = coded(findings(sheets, election, snapshot(**official, ballots_valid=399)), "D3")
    assert one.margin == 1


def test_one_unread_cell_can_open_a_contradiction(election):
    sheets = [
        page(1, full([100, 50])),
        page(2, full([80, 70]) | {"votes.1": unsure(80)}, status=Status.REVIEW),
    ]
    (one,) = coded(findings(sheets, election, snapshot(altaev=150, qyryqbaev=500)), "D1")
    assert (one.verdict, one.robust, one.margin) == ("difference", False, 30)
    assert one.protocols == Span(100, 100 + CEILING)
    assert "not established" in one.text["en"]


def test_the_version_least_favourable_decides(election):
    sheets = [page(1, full([100, 50])), page(1, full([10, 50]))]
    (one,) = coded(findings(sheets, election, snapshot(altaev=50, qyryqbaev=500)), "D1")
    assert (one.verdict, one.protocols) == ("difference", Span(10, 100))
    assert findings(sheets, election, snapshot(altaev=9, qyryqbaev=500))[0].robust


def test_a_sheet_that_may_be_counted_twice_does_not_carry_a_contradiction(election):
    sheets = [page(1, full([100, 50, 20])), page(2, full([100, 50, 20])), page(3, full([5, 5, 5]))]
    found = findings(sheets, election, snapshot(altaev=150, qyryqbaev=500))
    (one,) = coded(found, "D1")
    assert (one.verdict, one.robust, one.details["repeated"]) == ("difference", False, 100)
    (alike,) = coded(found, "C2")
    assert [p["precinct"] for p in alike.details["precincts"]] == [1, 2]


def test_small_precincts_with_the_same_counts_are_no_finding(election):
    sheets = [page(1, full([3, 5, 2])), page(2, full([3, 5, 2]))]
    assert not coded(findings(sheets, election), "C2")


def test_a_confirmed_contradiction_says_so(election):
    typed = [
        typed_body(1, {"altaev": 2000, "qyryqbaev": 20}),
        typed_body(2, {"altaev": 2001, "qyryqbaev": 20}),
    ]
    (one,) = coded(findings([], election, snapshot(altaev=3000), typed=typed), "D1")
    assert one.confirmed
    assert "All cells were confirmed by people: 2." in one.text["en"]


def test_no_difference_no_finding(election):
    assert findings([page(1, full([10, 20]))], election) == ()


# Sheets and copies.


def test_a_planted_arithmetic_mistake_is_reported_and_never_repaired(election):
    fields = full([100, 50])
    fields["votes.2"] -= 10
    sheets = [page(379, fields, status=Status.REVIEW), page(2, full([1, 2]))]
    added = totals(folded(sheets), election)
    (one,) = coded(diff(added, election), "S1")
    assert (one.subject, one.verdict, one.margin) == ("K2", "sheet", 10)
    assert (one.details["file"], one.details["precinct"]) == ("sheet-379.jpg", 379)
    assert one.details["values"]["ballots_valid"] == {"low": 155, "high": 155}
    assert one.details["left"] == {"low": 155, "high": 155}
    assert one.details["right"] == {"low": 145, "high": 145}
    assert "sheet-379.jpg, precinct 379" in one.text["en"]
    assert added.contests[0].sums["altaev"].span == Span.exactly(101)
    assert added.contests[0].to_dict()["sheets"]["inconsistent"] == 1


def test_a_relation_that_unread_cells_could_still_mend_is_no_finding(election):
    fields = full([100, 50]) | {"votes.1": unsure(90)}
    assert not coded(findings([page(1, fields, status=Status.REVIEW)], election), "S1")


def test_a_usual_relation_is_only_an_indicator(election):
    fields = full([50, 100])
    fields["voters_listed"] = 100
    found = findings([page(1, fields)], election)
    assert {one.verdict for one in found} == {"indicator"}
    assert {one.code for one in found} == {"S2"}


def test_copies_that_differ(election):
    sheets = [page(1, full([100, 50])), page(1, full([70, 50]))]
    (one,) = coded(findings(sheets, election), "C1")
    assert one.verdict == "copies"
    assert sorted(one.details["values"]["altaev"]) == ["100", "70"]
    assert set(one.sources) == {sheet.sha256 for sheet in sheets}


def test_no_language_gets_the_thousands_of_another(election):
    fields = full([1254, 50], unused=1000)
    less = fields | {"votes.1": 1154, "ballots_valid": 1209, "ballots_found": 1212}
    (one,) = coded(findings([page(1, fields), page(1, less)], election), "C1")
    assert "1,254 / 1,154" in one.text["en"]
    for language in ("kk", "ru"):
        assert "1\u00a0254 / 1\u00a0154" in one.text[language]
        assert english_thousands(one.text) == []


def test_another_order_and_another_district(election):
    swapped = {"votes.1": "qyryqbaev", "votes.2": "altaev"}
    sheets = [page(n, full([10 + n, 20])) for n in (1, 2)]
    sheets += [page(3, full([1, 2]), candidates=swapped), page(4, full([9, 9]), district=14)]
    found = findings(sheets, election)
    assert [(one.code, one.details["precinct"]) for one in found] == [("P1", 3), ("P2", 4)]


def test_an_official_figure_that_changed(election):
    found = findings([], election, snapshot(altaev=100), snapshot("2023-03-30", altaev=90, qyryqbaev=5))
    (one,) = coded(found, "O1")
    assert (one.verdict, one.official, one.margin) == ("table", 90, 10)


def test_the_latest_snapshot_counts_in_whatever_order_they_came(election):
    sheets = [page(1, full([100, 50]))]
    old, new = (
        snapshot("2023-03-20", altaev=99, qyryqbaev=500),
        snapshot("2023-03-27", altaev=100, qyryqbaev=500),
    )
    for order in ((old, new), (new, old)):
        assert not coded(findings(sheets, election, *order), "D1")


# Properties.


@st.composite
def honest_district(draw):
    """Sheets in hand with any cells unread, and official totals true for all precincts, seen and unseen."""
    lines = draw(st.integers(2, 4))
    truth = draw(
        st.lists(st.lists(st.integers(0, 900), min_size=lines, max_size=lines), min_size=1, max_size=8)
    )
    seen = draw(st.integers(1, len(truth)))
    sheets = []
    for number, votes in enumerate(truth[:seen], 1):
        fields = full(votes)
        hidden = draw(st.sets(st.sampled_from(sorted(fields))))
        for code in hidden:
            how = draw(st.sampled_from([Mark.ILLEGIBLE, Mark.CROPPED, Mark.STRUCK, "wrong"]))
            fields[code] = unsure(draw(st.integers(0, 3000))) if how == "wrong" else how
        known = draw(st.booleans()) or not hidden
        sheets.append(
            page(number if known else None, fields, status=Status.REVIEW if hidden else Status.ACCEPTED)
        )
    extra = draw(st.integers(0, 50))
    official = {
        "altaev": sum(votes[0] for votes in truth) + extra,
        "qyryqbaev": sum(votes[1] for votes in truth),
        "against_all": 5 * len(truth),
        "ballots_valid": sum(sum(votes) + 5 for votes in truth) + extra,
    }
    return sheets, official


@settings(max_examples=60, deadline=None)
@given(honest_district())
def test_an_honest_official_figure_is_never_called_a_contradiction(case):
    sheets, official = case
    found = findings(sheets, load_election(ELECTION), snapshot(**official))
    assert not [one for one in found if one.verdict == "contradiction"]


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**4), st.integers(0, 3))
def test_rounding_is_half_up_and_exact(top, bottom, places):
    text = rounded(Fraction(top, bottom), places)
    assert abs(Fraction(text) - Fraction(top, bottom)) <= Fraction(1, 2 * 10**places)
    assert rounded(Fraction(1, 2), 0) == "1"
    assert rounded(Fraction(-5, 1000), 2) == "-0.01"


# Words.


def test_every_text_exists_in_three_languages_with_the_same_numbers():
    for key, versions in messages().items():
        assert set(versions) == {"kk", "ru", "en"}, key
        places = [sorted(set(re.findall(r"{(\w+)}", text))) for text in versions.values()]
        assert places[0] == places[1] == places[2], key


def test_no_text_says_more_than_was_found():
    for versions in messages().values():
        for text in versions.values():
            assert not re.search(
                r"fraud|fake|impossible|фальсиф|подделк|подлог|невозможн|бұрмалау|мүмкін емес",
                text,
                re.IGNORECASE,
            )


def test_findings_go_through_json_with_the_keys_of_the_contract(election):
    for one in findings(district(35178, 32251), election):
        data = json.loads(json.dumps(one.to_dict()))
        keys = [
            "code",
            "family",
            "verdict",
            "contest",
            "subject",
            "protocols",
            "official",
            "margin",
            "robust",
        ]
        assert set(keys) | {"text", "sources"} <= set(data)
        assert set(data["text"]) == {"kk", "ru", "en"}


def test_a_party_list_is_compared_region_by_region(election):
    """Precincts of one region hold more votes than the region's official figure."""
    official = election.figures("party", "amanat", "abai")[0].value
    count = official // 3000 + 1
    rows = [(n, "abai") for n in range(1, count + 1)] + [(1, "astana")]
    typed = [typed_body(n, {"amanat": 3000, "auyl": n}, contest="party", region=region) for n, region in rows]
    found = findings([], election, typed=typed, districts=())
    (one,) = coded(found, "D1")
    assert (one.family, one.subject, one.details["region"]) == ("region", "amanat", "abai")
    assert (one.margin, one.verdict) == (3000 * count - official, "contradiction")


def test_open_cells_make_gamma_a_range(election):
    lines = {"votes.1": "boqaev", "votes.2": "stambekov"}
    sheets = district(4459, 2825, 20, lines, 4)
    sheets.append(
        page(
            999, full([10, 20]) | {"votes.1": unsure(10)}, candidates=lines, district=4, status=Status.REVIEW
        )
    )
    (one,) = coded(findings(sheets, election, districts=(4,)), "R1")
    assert float(one.details["gamma_low"]) < float(one.details["gamma"]) < float(one.details["gamma_high"])
    assert f"{one.details['gamma_low']}–{one.details['gamma_high']}" in one.text["en"]
    assert "as read" in one.text["en"]


@pytest.mark.parametrize(("as_read", "told_share"), [(10, True), (2500, False)])
def test_nobody_is_told_of_negative_votes(election, as_read, told_share):
    """Three open cells: the range in hand goes beyond the official figure, and no share of the rest may exist."""
    lines = {"votes.1": "boqaev", "votes.2": "stambekov"}
    sheets = district(4459, 2825, 20, lines, 4)
    for precinct in (901, 902, 903):
        fields = full([10, 20]) | {"votes.1": unsure(as_read)}
        sheets.append(page(precinct, fields, candidates=lines, district=4, status=Status.REVIEW))
    (one,) = coded(findings(sheets, election, districts=(4,)), "R1")
    over = 4459 + 3 * CEILING - 11660

    assert over > 0
    assert one.details["residual"]["boqaev"] == {"low": -over, "high": 7201}
    for language, at_most in (("kk", "ең көбі"), ("ru", "не больше"), ("en", "at most")):
        text = one.text[language]
        assert f"{at_most} {written(7201, language)}" in text
        assert written(Span(4459, 4459 + 3 * CEILING), language) in text
        assert written(over, language) in text
        assert "−" not in text
    assert "Whether both can be correct is open." in one.text["en"]
    assert ("officially and" in one.text["en"]) is told_share


def test_votes_left_are_never_below_zero_unless_the_two_contradict():
    assert written(votes_left(Span(-18419, 9286)), "en") == "at most 9,286"
    assert votes_left(Span(0, 9286)) == Span(0, 9286)
    assert written(votes_left(Span.exactly(-62)), "en") == "−62"
