from __future__ import annotations

import random

import pytest

from ocr.matching import fold, is_cyrillic, similarity
from ocr.names import recognise
from tally.election import load_election
from tally.form import load_form

NAMES = {
    "altaev": ["Әлтаев Нұржан", "Алтаев Нуржан", "Altaev Nurzhan"],
    "qyryqbaev": ["Қырықбаев Темір", "Кырыкбаев Темир", "Kyrykbaev Temir"],
}
BROTHERS = {
    "ospanov_ardak": ["Оспанов Ардақ", "Оспанов Ардак"],
    "ospanov_arman": ["Оспанов Арман"],
}


@pytest.mark.parametrize(
    ("label", "candidate"),
    [
        ("10. ӘЛТАЕВ НҰРЖАН", "altaev"),
        ("Алтаев Нуржан", "altaev"),
        ("Altaev Nurzhan", "altaev"),
        ("2 Қырықбаев Темір / Кырыкбаев Темир", "qyryqbaev"),
        ("Kyrykbaev Temir", "qyryqbaev"),
    ],
)
def test_a_name_is_known_in_every_script(label, candidate):
    assert recognise({"votes.1": label}, NAMES) == {"votes.1": candidate}


@pytest.mark.parametrize(
    "noisy",
    ["А1таев Нуржан", "Алтаев Hypжан", "‚Алтаев  Нуржан |", "Алтаев Нурхан", "АЛТАЕВ НУРЖ4Н"],
)
def test_a_misread_letter_does_not_lose_the_candidate(noisy):
    assert recognise({"votes.1": noisy}, NAMES) == {"votes.1": "altaev"}


def test_two_brothers_on_one_ballot_are_told_apart_when_the_first_name_is_clear():
    found = recognise({"votes.1": "Оспанов Ардак", "votes.2": "Оспанов Арман"}, BROTHERS)
    assert found == {"votes.1": "ospanov_ardak", "votes.2": "ospanov_arman"}


@pytest.mark.parametrize("unclear", ["Оспанов А", "Оспанов Ар", "Оспанов", "Оспанов Ар ан"])
def test_two_brothers_are_never_guessed_apart(unclear):
    assert recognise({"votes.1": unclear}, BROTHERS) == {}


def test_one_candidate_found_in_two_rows_is_found_in_none():
    rows = {"votes.1": "Алтаев Нуржан", "votes.2": "Алтаев Нуржан"}
    assert recognise(rows, NAMES) == {}


@pytest.mark.parametrize("label", ["", "   ", "№", "Против всех", "Кандидат 3", "Ахметов Серик", "1 2 3"])
def test_another_name_is_left_out(label):
    assert recognise({"votes.1": label}, NAMES) == {}


def test_without_a_contest_nobody_is_named():
    assert recognise({"votes.1": "Алтаев Нуржан"}, None) == {}


def test_every_candidate_of_a_shipped_election_knows_itself_and_nobody_else():
    for contest in load_election("kz-2023-majilis").contests:
        names = {c.id: [s for group in c.names.values() for s in group] for c in contest.candidates}
        for candidate, spellings in names.items():
            for spelling in spellings:
                found = recognise({"votes.1": spelling}, names).get("votes.1")
                assert found in (candidate, None), f"{spelling} was taken for {found} in {contest.id}"


def test_noise_never_turns_one_name_into_another():
    rng = random.Random(5)
    letters = "абвгдеёжзийклмнопрстуфхцчшщыэюя"
    for candidate, spellings in {**NAMES, **BROTHERS}.items():
        names = NAMES if candidate in NAMES else BROTHERS
        for _ in range(200):
            text = list(spellings[0])
            for _ in range(rng.randrange(1, 4)):
                text[rng.randrange(len(text))] = rng.choice(letters)
            found = recognise({"votes.1": "".join(text)}, names).get("votes.1")
            assert found in (candidate, None), f"{''.join(text)} was taken for {found}"


@pytest.mark.parametrize(
    ("one", "other"), [("Қалиұлы", "калиулы"), ("Hypжан", "нуржан"), ("Ёлка", "елка"), ("Съезд", "сезд")]
)
def test_look_alike_letters_are_one_letter(one, other):
    assert fold(one) == fold(other)


def test_turkish_letters_are_folded_too():
    assert fold("KILIÇDAROĞLU", cyrillic=False) == fold("Kilicdaroglu", cyrillic=False)


@pytest.mark.parametrize("text", ["", "123", "№ - .", "Altaev"])
def test_what_has_no_cyrillic_letter_is_not_cyrillic(text):
    assert not is_cyrillic(text)


def test_a_wording_that_is_only_half_there_is_not_a_proof():
    whole = "Число избирателей, включённых в списки избирателей"
    assert similarity(whole, [whole], True) > 0.95
    assert similarity("Число избирателей", [whole], True) < 0.74


def test_wordings_of_one_form_prefer_their_own_field():
    form = load_form("kz-2023-majilis-smd")
    fields = [field for field in form.fields if not field.repeat]
    for field in fields:
        for variants in field.labels.values():
            for label in variants:
                own = similarity(label, [v for vs in field.labels.values() for v in vs], True)
                others = [
                    similarity(label, [v for vs in other.labels.values() for v in vs], True)
                    for other in fields
                    if other.code != field.code
                ]
                assert own >= max(others), f"{label!r} of {field.code} fits another field better"
