"""Law is data, and what no lawyer has confirmed is never printed as if one had."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from tally.election import load_election
from tally.errors import FormError
from tally.law import LAW_DIR, parse_law
from tally.law_case import law_of_case
from tally.report.legal import law_rows

ELECTION = load_election("kz-2023-majilis")


@pytest.mark.parametrize("path", sorted(LAW_DIR.glob("*.toml")), ids=lambda path: path.name)
def test_every_shipped_profile_loads_and_claims_no_lawyer(path: Path) -> None:
    law = parse_law(tomllib.loads(path.read_text("utf-8")), path.name)
    assert [norm.id for norm in law.norms if norm.confirmed] == []
    assert all(norm.source for norm in law.norms if norm.seen)


def test_terms_run_from_the_day_of_the_election() -> None:
    law = law_of_case(ELECTION, ())
    assert law is not None
    terms = {one["id"]: one for one in law.deadlines(ELECTION, date(2023, 3, 20))}
    assert (terms["appeal-ten-days"]["last_day"], terms["appeal-ten-days"]["days_left"]) == ("2023-03-29", 9)
    assert terms["appeal-ten-days"]["seen"] is False
    assert [one["last_day"] for one in terms.values()] == sorted(one["last_day"] for one in terms.values())
    late = law.deadlines(ELECTION, date(2023, 3, 30))
    assert next(one for one in late if one["id"] == "appeal-ten-days")["days_left"] == -1


def test_an_election_of_another_country_has_no_profile() -> None:
    assert law_of_case(load_election("ug-2021-president"), ()) is None


def test_a_term_without_a_start_is_refused() -> None:
    raw = tomllib.loads((LAW_DIR / "kz.toml").read_text("utf-8"))
    next(norm for norm in raw["norm"] if "days" in norm).pop("from")
    with pytest.raises(FormError, match="needs whole days"):
        parse_law(raw, "kz.toml")


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_every_unconfirmed_norm_says_so_in_capitals(language: str) -> None:
    from types import SimpleNamespace

    from tally.catalogue import messages

    words = {k.removeprefix("report."): t[language] for k, t in messages().items() if k.startswith("report.")}
    rows = law_rows(SimpleNamespace(election=ELECTION, events=()), words, language)  # type: ignore[arg-type]
    assert rows
    assert all(row[2].startswith(words["law.unconfirmed"]) for row in rows)
    assert words["law.unconfirmed"].isupper()
