from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.case import create_case
from tally.election import load_election
from tally.errors import TableError
from tally.official_names import UnknownName, district_number, find_subject
from tally.places import Found, key, match, name_in, region_in
from tally.typed import import_protocols

MAJILIS = load_election("kz-2023-majilis")
SPELLINGS = [
    ("kostanay", ["Қостанай", "Костанай", "Qostanai", "Kostanay", "Qostanaı", "QOSTANAY"]),
    ("zhambyl", ["Жамбыл", "Jambyl", "Zhambyl"]),
    ("kyzylorda", ["Қызылорда", "Кызылорда", "Qyzylorda", "Kyzylorda"]),
    ("toqaev", ["Тоқаев", "Токаев", "Toqaev", "Tokaev", "Tokayev"]),
    ("altaev", ["Әлтаев", "Алтаев", "Ältaev", "Altayev"]),
    ("tursynbekova", ["Турсынбекова", "Turssynbekova", "Tursynbekova"]),
]


@pytest.mark.parametrize(("_name", "variants"), SPELLINGS)
def test_spellings_of_one_name_have_different_keys(_name: str, variants: list[str]) -> None:
    assert len({key(variant) for variant in variants}) == 1, {v: key(v) for v in variants}


@pytest.mark.parametrize("region", MAJILIS.regions, ids=lambda region: region.id)
def test_a_listed_spelling_of_a_region_is_not_recognised(region) -> None:
    for names in region.names.values():
        for name in names:
            found = region_in(name, MAJILIS)
            assert region.id in found.options, (name, found)
            assert found.id == region.id or found.is_ambiguous


@pytest.mark.parametrize(
    ("text", "region"),
    [
        ("Костанайская обл.", "kostanai"),
        ("ҚОСТАНАЙ ОБЛЫСЫ", "kostanai"),
        ("Kostanay Region", "kostanai"),
        ("Павлодарская область", "pavlodar"),
        ("г. Шымкент", "shymkent"),
        ("Шымкент қаласы", "shymkent"),
        ("Manghystau", "mangystau"),
        ("Кызыл-Ординская область", "kyzylorda"),
        ("Западно-Казахстанская", "west-kazakhstan"),
        ("БҚО", "west-kazakhstan"),
    ],
)
def test_a_region_in_another_spelling(text: str, region: str) -> None:
    known = {one.id for one in MAJILIS.regions}
    found = region_in(text, MAJILIS)
    assert found.id is not None, (text, found, sorted(known))
    assert key(found.id)[:4] == key(region)[:4]


def test_the_city_and_the_region_of_almaty_are_one() -> None:
    city, region = region_in("город Алматы", MAJILIS).id, region_in("Алматинская область", MAJILIS).id
    assert city is not None
    assert region is not None
    assert city != region
    assert region_in("Алматы облысы", MAJILIS).id == region


def test_an_ambiguous_name_is_chosen() -> None:
    known = {"a": ["Әлімов"], "b": ["Алимов"], "c": ["Иванов"]}
    found = match("Alimov", known)
    assert found.id is None
    assert found.is_ambiguous
    assert set(found.options) == {"a", "b"}


def test_a_near_name_is_chosen_although_another_is_nearly_as_near() -> None:
    assert match("Бикенова", {"a": ["Бекенова"], "b": ["Иванова"]}).id == "a"
    assert match("Бикенова", {"a": ["Бекенова"], "b": ["Бакенова"]}).is_ambiguous
    assert match("Жапаров", {"a": ["Бекенова"]}).options == ()
    assert match("", {"a": ["Бекенова"]}).options == ()


@given(st.text(max_size=60))
def test_a_key_is_more_than_ascii_words(text: str) -> None:
    plain = key(text)
    assert plain.isascii()
    assert plain == " ".join(plain.split())


KNOWN = {
    "ivanov": ["Иванов Пётр"],
    "ivanova": ["Иванова Анна"],
    "altaev": ["Альтаев Нуржан", "Әлтаев Нұржан"],
}


@pytest.mark.parametrize("text", ["Нұржан Әлтаев", "АЛТАЕВ НУРЖАН", "Ältaev Nurjan", "altayev nurzhan"])
def test_a_candidate_in_another_alphabet_is_the_same_one(text: str) -> None:
    assert name_in(text, KNOWN).id == "altaev"


@pytest.mark.parametrize("text", ["Альтаев Нуржам", "Altaef Nurjan"])
def test_a_name_that_is_only_near_is_asked_about(text: str) -> None:
    assert name_in(text, KNOWN) == Found(None, ("altaev",))


def test_one_letter_between_two_candidates_is_never_decided() -> None:
    found = name_in("Иванов Анна", KNOWN)
    assert found.id is None
    assert set(found.options) == {"ivanov", "ivanova"}
    twice = name_in("Ли Анна", {"a": ["Ли Анна"], "b": ["Анна Ли"]})
    assert (twice.id, set(twice.options)) == (None, {"a", "b"})


@pytest.mark.parametrize(
    ("text", "number"),
    [
        *[
            (t, 4)
            for t in ("4", "04", "№4", "№ 4 округ", "Округ № 4", "4-okrug", "District 4", "4-сайлау округі")
        ],
        *[(t, None) for t in ("4 и 5", "участок 4", "Алматы", "", "4а", "округ")],
    ],
)
def test_a_district_is_a_number_and_words_for_district(text: str, number: int | None) -> None:
    assert district_number(text) == number


def test_a_column_of_a_table_that_is_nearly_a_candidate_is_asked_about(tmp_path) -> None:
    case = create_case(tmp_path / "c", "kz-2023-majilis", (27,), actor="test")
    table = tmp_path / "p.csv"
    table.write_text("precinct,Ältaev Nūrjan,Qyryqbaev\n1,5,6\n", "utf-8")
    (one,) = import_protocols(case, table, "hq")
    assert one.fields["altaev"] == 5
    table.write_text("precinct,Альтаев Нуржам\n1,5\n", "utf-8")
    with pytest.raises(TableError) as raised:
        import_protocols(case, table, "hq")
    assert "Is it altaev?" in str(raised.value.advice)


def test_one_candidate_is_not_called_one_of_several() -> None:
    contest = load_election("kz-2023-majilis").contest("smd-27")
    with pytest.raises(UnknownName, match=r"may be altaev in smd-27; write this id$"):
        find_subject(contest, "Альтаев Нуржам")
