"""Pictures for the court: the same bytes every time, every Kazakh letter, and numbers that are those given."""

from __future__ import annotations

import hashlib
import json
import re
from fractions import Fraction

import pytest

from cli.lang import Lang
from cli.pictures import (
    Bar,
    GammaCurve,
    GridRow,
    Precinct,
    Square,
    bars,
    coverage,
    gamma_curve,
    grid_residuals,
    turnout_share,
)
from cli.pictures.canvas import FONT
from cli.pictures.grid import offset
from cli.pictures.words import all_words
from tally.election import load_election

KAZAKH = "әғқңөұүһіӘҒҚҢӨҰҮҺІ"
DISTRICT_4 = GammaCurve("Boqaev", "Stambekov", 4459, 2825, 11660 - 4459, 15930 - 2825)


def many(lang: Lang):
    """One picture of each kind."""
    yield bars([Bar("Әлтаев", 35178, 35200, 35116), Bar("Қырықбаев", 32251, 32251, 117584)], "27", lang)
    yield gamma_curve(DISTRICT_4, "4", lang)
    yield coverage([Square(n, "accepted") for n in range(370, 400, 2)], "4", lang)
    yield coverage([Square(n, "review") for n in (1, 5000)], "4", lang)
    yield turnout_share([Precinct(1000, 400 + n, 390 + n, 200) for n in range(20)], "Ә", "4", lang)
    yield grid_residuals([GridRow("Жамбыл", 459458, (80773, 57157))], "4", lang)


@pytest.fixture(scope="module")
def drawn():
    return list(many(Lang.KK))


def test_all_letters_of_all_labels_are_in_the_font():
    from matplotlib.font_manager import FontProperties, findfont, get_font

    path = findfont(FontProperties(family=FONT), fallback_to_default=False)
    known = get_font(path).get_charmap()
    assert [c for c in KAZAKH + all_words() + "Γ−\u00a0№" if ord(c) not in known] == []


@pytest.mark.parametrize("lang", list(Lang))
def test_every_kind_is_drawn_in_every_language_without_a_missing_letter(lang, recwarn):
    pictures = list(many(lang))
    assert None not in pictures
    for picture in pictures:
        assert picture.svg.startswith(b"<?xml")
    assert [str(w.message) for w in recwarn if "missing from" in str(w.message)] == []


def test_the_same_data_give_the_same_bytes(drawn):
    def hashes(pictures):
        return [hashlib.sha256(p.svg + p.png).hexdigest() for p in pictures]

    assert hashes(drawn) == hashes(many(Lang.KK))


def test_a_picture_carries_no_time_and_no_path(drawn):
    for picture in drawn:
        svg = picture.svg.decode()
        assert not re.search(r"<dc:date>|20[2-9][0-9]-[01][0-9]-", svg)
        assert "/home" not in svg
        assert b"tIME" not in picture.png


def test_only_shades_of_grey_are_used(drawn):
    for picture in drawn:
        colours = set(re.findall(r"#[0-9a-f]{6}", picture.svg.decode()))
        assert {c for c in colours if not c[1:3] == c[3:5] == c[5:7]} == set()


def test_the_curve_goes_through_the_figures_of_both_documents():
    assert DISTRICT_4.gamma == pytest.approx(2.8725, abs=1e-3)
    assert DISTRICT_4.share(DISTRICT_4.gamma) == pytest.approx(11660 / (11660 + 15930))
    assert DISTRICT_4.share(1) == pytest.approx(4459 / (4459 + 2825))
    assert DISTRICT_4.share(DISTRICT_4.tie()) == pytest.approx(0.5)


def test_no_curve_where_nothing_is_left_for_the_other_precincts():
    assert gamma_curve(GammaCurve("a", "b", 35178, 32251, -62, 85333), "27", Lang.EN) is None


def test_no_cloud_of_a_handful_of_precincts():
    assert turnout_share([Precinct(1000, 500, 490, 200)] * 9, "a", "4", Lang.EN) is None


@pytest.mark.parametrize(("count", "hit"), [(80773, True), (80774, False), (57157, True), (57150, False)])
def test_a_hit_is_equal_to_the_vote(count, hit):
    away, found = offset(count, 459458, Fraction(1, 10_000))
    assert found is hit
    assert abs(away) <= Fraction(1, 2)


def test_the_grid_of_the_published_party_list_has_124_hits_of_140():
    from cli.pictures.of_case import _grid_rows

    election = load_election("kz-2023-majilis")
    rows = list(_grid_rows(election.contest("party"), election, (), Lang.EN))
    hits = [offset(count, row.base, Fraction(1, 10_000))[1] for row in rows for count in row.counts]
    assert (sum(hits), len(hits)) == (124, 140)


def test_the_command_saves_what_it_lists(run, case, tmp_path):
    typed = tmp_path / "typed.csv"
    typed.write_text("district,precinct,altaev,qyryqbaev\n27,1,478,251\n27,2,100,30\n", encoding="utf-8")
    run("import", case.path, typed, "--reader", "A")
    found = run("pictures", case.path, tmp_path / "out", "--lang", "kk", "--format", "svg", "--json")

    assert found.exit_code == 0, found.output
    listed = json.loads(found.stdout)["pictures"]
    names = [entry["file"] for entry in listed]
    assert names == [
        "smd-27-bars-kk.svg",
        "smd-27-gamma-kk.svg",
        "smd-27-coverage-kk.svg",
        "party-grid-kk.svg",
    ]
    for entry in listed:
        assert hashlib.sha256((tmp_path / "out" / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_a_folder_that_cannot_be_written(run, case, tmp_path):
    (tmp_path / "file").write_text("")
    found = run("pictures", case.path, tmp_path / "file" / "out")
    assert found.exit_code == 2
    assert "Name another folder" in found.output
