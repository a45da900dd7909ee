"""The words of an audit in Kazakh, Russian and English, filled in with numbers as each language writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tally.audit.model import PERCENT, SERIES, Key, Names, Operand, Table
from tally.audit.wording_table import TEXTS, three
from tally.texts import LANGUAGES, Value, written

__all__ = ["COLUMNS", "column_name", "country", "key_names", "listed", "operands", "say"]

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "registered": three("тізімдегі сайлаушылар", "избирателей в списках", "registered voters"),
    "registered_before": three(
        "тізімдегі сайлаушылар, дауыс беру күніне дейін",
        "избирателей в списках до дня голосования",
        "registered voters before election day",
    ),
    "ballots_issued": three("берілген бюллетеньдер", "выдано бюллетеней", "ballots issued"),
    "total": three("бюллетеньдердің барлығы", "всего бюллетеней", "ballots in all"),
    "ballots_valid": three("жарамды бюллетеньдер", "действительных бюллетеней", "valid ballots"),
    "ballots_invalid": three("жарамсыз бюллетеньдер", "недействительных бюллетеней", "invalid ballots"),
    "turnout": three("сайлаушылардың қатысуы", "явка", "turnout"),
    "opponents_max": three("қарсыластардың ең көбі", "больше всех из остальных", "greatest of the others"),
    "against_all": three("барлығына қарсы", "против всех", "against all"),
}


REMARKS: Mapping[str, Mapping[str, str]] = {
    "remark-dot": three(
        "{row}, {column}: «{printed}» деп басылған, {value} деп оқылды (нүкте мыңдықтарды бөледі).",
        "{row}, {column}: напечатано «{printed}», прочитано как {value} (точка отделяет тысячи).",
        "{row}, {column}: printed '{printed}', read as {value} (the dot separates thousands).",
    ),
    "remark-again": three(
        "{row}, {column}: екі рет басылған, «{used}» алынды, «{other}» тексерілген жоқ.",
        "{row}, {column}: напечатано дважды, взято «{used}», а «{other}» не проверялось.",
        "{row}, {column}: printed twice; '{used}' was used, '{other}' was not checked.",
    ),
    "remark-total-words": three(
        "Қорытынды жол деп танылғаны: {row}.",
        "Итоговой строкой считается: {row}.",
        "Taken as the row of totals: {row}.",
    ),
    "remark-total-sums": three(
        "Соңғы жол ({row}) көп бағанда басқа жолдардың қосындысына тең, сондықтан қорытынды деп алынды.",
        "Последняя строка ({row}) в большинстве столбцов равна сумме остальных и потому принята за итог.",
        "The last row ({row}) equals the sum of the others in most columns and was taken as the total.",
    ),
    "remark-unused": three(
        "Пайдаланылмаған бағандар: {columns}.",
        "Неиспользованные столбцы: {columns}.",
        "Columns not used: {columns}.",
    ),
}


def say(text: str, **values: Value) -> dict[str, str]:
    """The sentence of a key in all languages."""
    return {
        language: (TEXTS.get(text) or REMARKS[text])[language].format(
            **{name: written(value, language) for name, value in values.items()}
        )
        for language in LANGUAGES
    }


def country() -> Names:
    """The row of the whole."""
    return say("country")


def column_name(column: str) -> Names:
    """A count column by its id (``registered``, ``turnout_at_18``), percent sign left out."""
    plain = column.removesuffix(PERCENT)
    if plain.startswith(SERIES):
        return say("at-hour", hour=plain.removeprefix(SERIES))
    return COLUMNS.get(plain) or dict.fromkeys(LANGUAGES, plain)


def key_names(table: Table, key: Key) -> Names:
    """Unit and column of a cell: *Astana, turnout, %*."""
    unit = table.rows[key.unit].names
    plain = key.column.removesuffix(PERCENT)
    column = table.column_names.get(plain) or column_name(plain)
    tail = ", %" if key.column.endswith(PERCENT) else ""
    return {language: f"{unit[language]}, {column[language]}{tail}" for language in LANGUAGES}


def operands(tables: dict[str, Table], *keys: Key) -> tuple[Operand, ...]:
    """The printed numbers behind a finding, each with its place."""
    return tuple(
        Operand(key_names(tables[key.table], key), tables[key.table].cells[key])
        for key in dict.fromkeys(keys)
    )


def listed(names: Sequence[Names]) -> Names:
    """Several names in a row."""
    return {language: ", ".join(name[language] for name in names) for language in LANGUAGES}
