"""What the columns of a stranger's table are, by their heads in Kazakh, Russian or English.

Heads may be the words below, alone or with ``votes`` or ``%`` behind them; every other column of numbers is
a candidate or party. Nothing is guessed from the numbers but whether a column holds numbers at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from tally.audit.model import INVALID, ISSUED, REGISTERED, SERIES, TOTAL, TURNOUT, VALID
from tally.official_table import is_total, parse_count

ROLES = {
    REGISTERED: "registered|reg voters|registered voters|voters|voters listed|избирателей|избиратели|"
    "избирателей в списках|число избирателей|включено в списки|сайлаушылар|сайлаушылар саны|тізімдегі сайлаушылар",
    ISSUED: "ballots issued|issued|voted|took part|received ballots|приняли участие|проголосовало|"
    "получили бюллетени|выдано бюллетеней|дауыс бергендер|қатысқандар|бюллетень алғандар",
    TOTAL: "total|ballots|ballots found|ballots cast|ballots in all|total votes|всего|всего бюллетеней|"
    "бюллетеней|обнаружено бюллетеней|барлығы|бюллетеньдердің барлығы|барлық бюллетень",
    VALID: "valid|ballots valid|valid votes|valid ballots|действительных|действительные|"
    "действительных бюллетеней|жарамды|жарамды бюллетеньдер",
    INVALID: "invalid|ballots invalid|invalid votes|invalid ballots|недействительных|недействительные|"
    "недействительных бюллетеней|жарамсыз|жарамсыз бюллетеньдер",
    TURNOUT: "turnout|явка|қатысу|сайлаушылардың қатысуы|белсенділік",
}
LABELS = (
    "country|страна|ел",
    "region|oblast|province|state|регион|область|облыс|өңір|аймақ",
    (
        "subregion|rayon|city|county|subcounty|parish|район|город|аудан|қала|тик|tik|district|constituency|"
        "округ|precinct|station|polling station|участок|уик|uik|учаске|unit|row|место|name|название|атауы"
    ),
)
"""The country, then the region; below them the order of the columns decides."""
PEOPLE = "candidate|party|list|кандидат|партия|список|кандидат или партия|үміткер|тізім|партия атауы"
VOTES = "votes|vote|голоса|голосов|число голосов|дауыс|дауыс саны|дауыстар"
SHARES = "percent|pct|share|%|процент|проценты|доля|пайыз|үлесі"
_COUNTRY = (
    "kazakhstan|қазақстан|казахстан|республика казахстан|қазақстан республикасы|national|nationwide|country|"
    "по республике|по стране|республика бойынша"
)
_MISSING = {"", "-", "–", "—", "x", "х", "n/a", "na", "нет", "жоқ", "…", "..."}
_HOUR = re.compile(r"t?(\d{1,2})(?:[:.]?00)?")
_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d+))?\s*%?")
_MOSTLY = Fraction(1, 2)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it is and its head."""

    index: int
    head: str
    kind: str
    """``label``, ``person``, ``count``, ``percent`` or ``unused``."""
    name: str
    """Role, series column, candidate's head; for ``votes`` and ``%`` of a long table empty."""
    rank: int = 0
    """Level of a label, the country first."""


def fold(text: str) -> str:
    """Lower case, one space, no brackets, ``ё`` as ``е``: how heads and roles are compared."""
    plain = unicodedata.normalize("NFC", text).casefold().replace("ё", "е")
    return " ".join(re.sub(r"[_()\[\],:;«»\"]|\.(?!\d)", " ", plain).split())


def role_of(text: str) -> str | None:
    """The role that a head or a row of a long table names: registered, total, turnout ..."""
    folded = fold(text)
    return next((role for role, words in ROLES.items() if folded in words.split("|")), None)


def total_label(text: str) -> bool:
    """True for the words of a total row, and for the whole country."""
    return is_total(text) or fold(text) in _COUNTRY.split("|")


def count_in(text: str) -> Fraction | None:
    """A count; ``None`` for anything else."""
    try:
        return Fraction(parse_count(text))
    except ValueError:
        return None


def percent_in(text: str) -> tuple[Fraction, int] | None:
    """A percentage and its decimal places, with or without the sign, comma or point."""
    found = _PERCENT.fullmatch(text.strip())
    return (Fraction(f"{found[1]}.{found[2] or 0}"), len(found[2] or "")) if found else None


def missing(text: str) -> bool:
    """True for a cell that says that there is no number."""
    return fold(text) in _MISSING


def columns_of(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    """What each column is. ``rows`` are the cells below the header."""
    first = [_by_head(index, head) or _by_cells(index, head, rows) for index, head in enumerate(heads)]
    paired = {c.name for c in first if c.kind == "percent" and c.name}
    marked = {c.name for c in first if c.kind == "count" and fold(c.head) != fold(c.name)} | paired
    people = {c.name for c in first if _is_person(c)}
    if people & marked or any(c.kind == "person" for c in first):
        first = [_unused(c) if _is_person(c) and c.name not in marked else c for c in first]
    if not any(c.kind == "label" for c in first):
        texts = [c for c in first if c.kind == "unused" and _is_text(c.index, rows)]
        if texts and not any(c.kind == "person" for c in first):
            first[texts[0].index] = Column(texts[0].index, texts[0].head, "label", texts[0].head, len(LABELS))
    return first


def _is_person(column: Column) -> bool:
    known = column.name in ROLES or column.name.startswith(SERIES)
    return column.kind == "count" and bool(column.name) and not known


def _unused(column: Column) -> Column:
    return Column(column.index, column.head, "unused", column.head)


def _by_head(index: int, head: str) -> Column | None:
    folded = fold(head)
    if not folded:
        return Column(index, head, "unused", head)
    for rank, words in enumerate(LABELS):
        if folded in words.split("|"):
            return Column(index, head, "label", head, rank)
    if folded in PEOPLE.split("|"):
        return Column(index, head, "person", head)
    if folded in VOTES.split("|"):
        return Column(index, head, "count", "")
    if folded in SHARES.split("|"):
        return Column(index, head, "percent", "")
    stem, kind = _stem(folded)
    if role := role_of(stem):
        return Column(index, head, "percent" if role == TURNOUT else kind or "count", role)
    if hour := _HOUR.fullmatch(stem):
        return Column(index, head, kind or "count", f"{SERIES}{int(hour[1])}") if int(hour[1]) < 25 else None
    return Column(index, head, kind, _named(head, stem)) if kind and stem else None


def _stem(folded: str) -> tuple[str, str]:
    """The head without ``votes`` or ``%`` behind it, and which of the two it was."""
    for kind, words in (("percent", SHARES), ("count", VOTES)):
        for word in sorted(words.split("|"), key=len, reverse=True):
            if folded.endswith(word) and (word == "%" or folded.endswith(f" {word}")):
                return folded.removesuffix(word).strip(), kind
    return folded, ""


def _named(head: str, stem: str) -> str:
    """The candidate's head as printed, without what :func:`_stem` cut off."""
    words = [w for w in re.split(r"[\s_]+", head) if w]
    kept = words[: len(stem.split())]
    return " ".join(kept).strip(" ,:;%") or stem


def _by_cells(index: int, head: str, rows: Sequence[Sequence[str]]) -> Column:
    filled = [row[index] for row in rows if not missing(row[index])]
    numbers = [text for text in filled if count_in(text) is not None]
    if filled and len(numbers) >= len(filled) * _MOSTLY:
        return Column(index, head, "count", head)
    shares = [text for text in filled if "%" in text and percent_in(text)]
    if filled and len(shares) >= len(filled) * _MOSTLY:
        return Column(index, head, "percent", head)
    return _unused(Column(index, head, "unused", head))


def _is_text(index: int, rows: Sequence[Sequence[str]]) -> bool:
    filled = [row[index] for row in rows if not missing(row[index])]
    return bool(filled) and all(count_in(text) is None and percent_in(text) is None for text in filled)
