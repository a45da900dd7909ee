from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.election import load_election
from tally.places import key, match, region_in

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
