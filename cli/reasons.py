"""Reasons and advice of the reader, in the person's language; what is not known here stays English.

The reader writes them in English, and so they stand in the ledger and in JSON. The patterns repeat the texts of
``tally.acceptance``, ``tally.checks``, ``ocr.quality`` and ``ocr.protocol``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from cli.lang import Lang, pick
from cli.words import word
from tally.errors import HattamaError
from tally.form import load_form
from tally.model import Mark, PageReading

# (pattern, kk, ru); {code}, {n} ... are the groups of the pattern, kept as they are.
_REASONS: Final[tuple[tuple[str, str, str], ...]] = (
    (
        "the title of the form was not read, or too few of its rows: it may be another form",
        "бланктің атауы немесе жолдарының көбі оқылмады: бұл басқа бланк болуы мүмкін",
        "не прочитано название бланка или слишком мало его строк: это может быть другой бланк",
    ),
    (
        "(?P<code>[^:]+): the row was not found; photograph the whole sheet",
        "{code}: жол табылмады; парақты тұтас түсіріңіз",
        "{code}: строка не найдена; снимите лист целиком",
    ),
    (
        "(?P<code>[^:]+): the row could not be tied to its printed label",
        "{code}: жолды баспа атауымен байланыстыру мүмкін болмады",
        "{code}: строку не удалось связать с её печатным названием",
    ),
    (
        r"(?P<code>[^:]+): read as (?P<n>\S+), but not sure enough \((?P<p>[\d.]+)\)",
        "{code}: {n} деп оқылды, бірақ сенімділігі жеткіліксіз ({p})",
        "{code}: прочитано {n}, но уверенности мало ({p})",
    ),
    (
        r"(?P<code>[^:]+): read as (?P<n>\S+), but the readers differ",
        "{code}: {n} деп оқылды, бірақ оқырмандар әртүрлі көрді",
        "{code}: прочитано {n}, но чтецы видят разное",
    ),
    (
        r"(?P<code>[^:]+): (?P<n>\d+) in figures, (?P<m>\d+) in words",
        "{code}: цифрмен {n}, жазумен {m}",
        "{code}: цифрами {n}, прописью {m}",
    ),
    (
        r"(?P<code>[^:]+): figures not clear, (?P<m>\d+) in words",
        "{code}: цифрлары анық емес, жазумен {m}",
        "{code}: цифры неясны, прописью {m}",
    ),
    (
        r"(?P<code>[^:]+): no number in figures, (?P<m>\d+) in words",
        "{code}: цифрмен сан жазылмаған, жазумен {m}",
        "{code}: цифрами числа нет, прописью {m}",
    ),
    (
        "more than one sheet in the photo: photograph each alone",
        "суретте бірнеше парақ бар: әрқайсысын бөлек түсіріңіз",
        "на снимке больше одного листа: снимите каждый отдельно",
    ),
    (
        "(?P<code>[^:]+): not read in the header",
        "{code}: тақырыптан оқылмады",
        "{code}: не прочитано в шапке",
    ),
    (
        "the form has no control sum that could expose a misreading",
        "бланкте қате оқуды ашатын бақылау қосындысы жоқ",
        "в бланке нет контрольной суммы, которая выдала бы ошибку чтения",
    ),
    (
        "(?P<code>[^: ]+) could not be checked",
        "{code}: тексеру мүмкін болмады",
        "{code}: проверить не удалось",
    ),
    (
        "(?P<code>[^: ]+) does not hold: (?P<says>.*)",
        "{code} сәйкес емес: {says}",
        "{code} не сходится: {says}",
    ),
    (
        r"(?P<n>\d+) instead of (?P<m>\d+) in (?P<code>\S+) would satisfy (?P<checks>.+)",
        "{code}: {m} орнына {n} болса, сәйкес келер еді: {checks}",
        "{code}: {n} вместо {m} — тогда сошлось бы: {checks}",
    ),
    (
        "small picture: send the original photo as a file, not a preview",
        "сурет кішкентай: алдын ала көріністі емес, түпнұсқа фотоны файл ретінде жіберіңіз",
        "маленький снимок: пришлите исходное фото файлом, а не уменьшенную копию",
    ),
    (
        "blurred: hold the phone still and tap on the numbers to focus",
        "бұлыңғыр: телефонды қозғалтпай ұстап, фокус үшін сандарды түртіңіз",
        "нерезко: держите телефон неподвижно и коснитесь чисел на экране, чтобы навести резкость",
    ),
    (
        "dark: switch on a light or go nearer to one",
        "қараңғы: жарықты қосыңыз немесе жарыққа жақындаңыз",
        "темно: включите свет или подойдите ближе к нему",
    ),
    (
        "glare: tilt the phone or turn off the flash",
        "шағылысу: телефонды еңкейтіңіз немесе жарқылды өшіріңіз",
        "блик: наклоните телефон или выключите вспышку",
    ),
    (
        "no rows of the form were found: photograph the whole sheet from above, or choose another form",
        "бланктің жолдары табылмады: парақты үстінен тұтас түсіріңіз немесе басқа бланк таңдаңыз",
        "строки бланка не найдены: снимите лист целиком сверху или выберите другой бланк",
    ),
)
_COMPILED: Final = tuple((re.compile(pattern, re.DOTALL), kk, ru) for pattern, kk, ru in _REASONS)
_MARK: Final = re.compile(f"(?P<code>[^: ]+): (?P<mark>{'|'.join(Mark)})")


def in_language(text: str, lang: Lang, says: Mapping[str, str] | None = None) -> str:
    """A reason in the language; English if it is not known. ``says``: check id -> what the check says."""
    if marked := _MARK.fullmatch(text):
        return f"{marked['code']}: {word('mark_' + marked['mark'], lang)}"
    if lang is Lang.EN:
        return text
    for pattern, kk, ru in _COMPILED:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            if "says" in parts:
                parts["says"] = (says or {}).get(parts["code"], parts["says"])
            if "checks" in parts:
                parts["checks"] = parts["checks"].replace(" and ", ", ")
            return (kk if lang is Lang.KK else ru).format(**parts)
    return text


def check_texts(page: PageReading, form: str | Path, lang: Lang) -> dict[str, str]:
    """Check id -> what it says, in the language. ``form``: as asked for, an id, a path or ``auto``."""
    if page.form is None:
        return {}
    for name in (form, page.form):
        try:
            return {check.id: pick(check.says, lang) for check in load_form(name).checks}
        except HattamaError:  # ``auto``, or a form that is known by its path only
            continue
    return {}
