"""Norms, terms and draft complaints, from the legal profile and the case. What is not confirmed is printed as such."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from tally import texts
from tally.bundle.contents import Contents
from tally.catalogue import messages
from tally.law import Law, Norm
from tally.law_case import law_of_case
from tally.totals import ContestTotals

_WEIGHTY = ("contradiction", "difference")


def law_rows(found: Contents, words: Mapping[str, str], language: str) -> list[list[str]]:
    """Rows of the table of norms: what it says with act, article and edition; last day; whether it is confirmed."""
    law = law_of_case(found.election, found.events)
    if law is None:
        return []
    start = date.fromisoformat(found.election.date)
    rows = []
    for norm in law.norms:
        last = norm.last_day(start)
        state = _state(norm.confirmed, norm.seen, words)
        rows.append([_cited(norm, words, language), last.isoformat() if last else "", state])
    return rows


def _cited(norm: Norm, words: Mapping[str, str], language: str) -> str:
    article = words["law.article"].format(article=norm.article) if norm.article else ""
    edition = f"{words['law.edition']}: {norm.edition}" if norm.edition else ""
    where = ", ".join(part for part in (norm.act[language], article, edition) if part)
    return f"{norm.says[language]} ({where})"


def _state(confirmed: str, seen: bool, words: Mapping[str, str]) -> str:
    if confirmed:
        return f"{words['law.confirmed']}: {confirmed}"
    return words["law.unconfirmed"] + ("" if seen else f"; {words['law.not_seen']}")


def complaint(found: Contents, contest: ContestTotals, bundle: str, language: str) -> str:
    """The draft of a complaint about one contest, as plain text that a lawyer completes."""
    words = {
        key.removeprefix("report."): text[language]
        for key, text in messages().items()
        if key.startswith("report.")
    }
    law = law_of_case(found.election, found.events)
    missing = words["unknown"] if contest.missing is None else texts.written(contest.missing, language)
    title = found.election.title.get(language) or found.election.id
    findings = [
        f"- {one.code}. {words['assumes']}: {words[f'assume.{one.verdict}']}\n  {one.text[language]}"
        for one in found.findings
        if one.contest == contest.contest.id and one.verdict in _WEIGHTY
    ]
    lines = [
        words["complaint"],
        "",
        f"{words['complaint.to']}:",
        *(_addressees(law, words, language) if law is not None else ["- ____________________________"]),
        words["complaint.from"],
        words["complaint.about"].format(place=texts.place(contest.contest)[language], election=title),
        *([f"{words['note']}: {found.note}"] if found.note else []),
        "",
        words["complaint.facts"],
        words["complaint.have"].format(count=texts.written(contest.with_protocol, language), missing=missing),
        "",
        f"{words['complaint.differ']}:" if findings else words["complaint.none"],
        *findings,
        "",
        words["complaint.norms"],
        *(_line(row, words) for row in law_rows(found, words, language)),
        "",
        words["complaint.ask"],
        "",
        words["complaint.annex"].format(
            bundle=bundle, files=texts.written(len(found.state.photos), language)
        ),
        "",
        words["sign"],
    ]
    return "\n".join(lines) + "\n"


def _line(row: list[str], words: Mapping[str, str]) -> str:
    """One norm of a draft complaint, with the last day of its term where one runs."""
    says, last, state = row
    until = f". {words['law.until']}: {last}" if last else ""
    return f"- {says}{until} [{state}]"


def _addressees(law: Law, words: Mapping[str, str], language: str) -> list[str]:
    # There is no text of an addressee that could have been seen: somebody confirmed it, or nobody did.
    return [f"- {one.name[language]} [{_state(one.confirmed, True, words)}]" for one in law.addressees]
