"""What `log --verify` finds, in Kazakh and Russian; in JSON the messages stay as :mod:`tally.custody` writes them.

A test damages a case in every way that it knows and holds that nothing is left in English.
"""

from __future__ import annotations

import re
from typing import Final

from cli.lang import Lang

_WRITTEN: Final = r"(?:(?P<event>\S+ of \S+): )?it is not what was written: "
# (pattern, kk, ru); the groups of the pattern are kept as they are.
_MESSAGES: Final[tuple[tuple[str, str, str], ...]] = (
    (
        r"the guard that keeps the ledger append-only is gone or changed",
        "журналды тек толықтыруға рұқсат беретін қорғаныс жоқ не өзгертілген",
        "защита, которая позволяет журнал только дополнять, снята или изменена",
    ),
    (r"missing from the ledger", "журналда жоқ", "в журнале нет"),
    (r"event (?P<n>\d+) out of order", "{n}-жазба ретінен тыс тұр", "запись {n} стоит не по порядку"),
    (
        r"cannot be read: the file is damaged here",
        "оқылмайды: файлдың осы жері бүлінген",
        "не читается: файл здесь повреждён",
    ),
    (
        _WRITTEN + "its hash does not fit",
        "бұл жазылған күйінде емес: хэші сәйкес емес ({event})",
        "это не то, что было записано: хэш не сходится ({event})",
    ),
    (
        r"(?P<event>\S+ of \S+): it does not follow on the event before it",
        "алдыңғы жазбаның жалғасы емес ({event})",
        "не продолжает предыдущую запись ({event})",
    ),
    (
        f"(?:{_WRITTEN})?" + r"(?P<column>\w+) is not text",
        "бұл жазылған күйінде емес: «{column}» мәтін емес",
        "это не то, что было записано: «{column}» не текст",
    ),
    (
        _WRITTEN + r"(?:the body of this (?P<kind>.*) is not JSON|its body is not .*)",
        "бұл жазылған күйінде емес: мазмұны журналдың түрінде емес",
        "это не то, что было записано: содержание не в виде, принятом в журнале",
    ),
    (
        r"(?P<key>\w+) is (?P<now>.*), but the case was made with (?P<then>.*)",
        "«{key}» — {now}, ал іс ашылғанда {then} болған",
        "«{key}» — {now}, а дело создано с {then}",
    ),
    (
        r"missing; event (?P<n>\d+) says that it was stored",
        "жоқ; {n}-жазба бойынша сақталған болатын",
        "отсутствует; по записи {n} файл был сохранён",
    ),
    (r"it cannot be read: (?P<why>.*)", "оқылмайды: {why}", "не читается: {why}"),
    (
        r"its bytes no longer fit its name: they have sha256 (?P<sha>\w+)…",
        "байттары атына сәйкес емес: олардың sha256-сы {sha}…",
        "байты больше не отвечают имени: их sha256 — {sha}…",
    ),
    (r"it lies in the wrong folder", "басқа қалтада жатыр", "лежит не в той папке"),
)
_COMPILED: Final = tuple((re.compile(pattern, re.DOTALL), kk, ru) for pattern, kk, ru in _MESSAGES)


def problem_in(message: str, lang: Lang) -> str:
    """A message of a problem in the language; what SQLite itself says of its file stays English."""
    if lang is Lang.EN:
        return message
    for pattern, kk, ru in _COMPILED:
        if found := pattern.fullmatch(message):
            known = {name: text or "?" for name, text in found.groupdict().items()}
            return (kk if lang is Lang.KK else ru).format(**known)
    return message
