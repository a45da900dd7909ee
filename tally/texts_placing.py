"""The sentences of findings about where a sheet belongs; see tally.texts_table for how they are written."""

from __future__ import annotations

from collections.abc import Mapping

PLACING: Mapping[str, Mapping[str, str]] = {
    "C3": {
        "kk": (
            "{file}: бір фотоны адамдар әртүрлі учаске нөмірімен енгізген ({precincts}). Бір парақта бір ғана нөмір "
            "тұрады; нөмірді парақтан қайта оқу керек."
        ),
        "ru": (
            "{file}: одно фото введено под разными номерами участков ({precincts}). На листе стоит один номер; "
            "его нужно прочесть на листе ещё раз."
        ),
        "en": (
            "{file}: one photo was typed under different precinct numbers ({precincts}). A sheet carries one number; "
            "read it on the sheet again."
        ),
    },
    "C3-shot": {
        "kk": (
            "{file} мен {other} бір түсірілімге ұқсайды, бірақ әртүрлі учаске нөмірімен тұр ({precincts}). Екі суретті "
            "қатар қойып, нөмірді қайта оқу керек."
        ),
        "ru": (
            "{file} и {other} похожи на один снимок, но стоят под разными номерами участков ({precincts}). Нужно "
            "положить их рядом и прочесть номера ещё раз."
        ),
        "en": (
            "{file} and {other} look like one shot, but stand under different precinct numbers ({precincts}). Put them "
            "side by side and read the numbers again."
        ),
    },
    "C4": {
        "kk": (
            "№ {precinct} учаске бір өңірде бірнеше округте тұр ({districts}). Учаске бір ғана округке жатады: "
            "парақтардың біріндегі учаске не округ нөмірі басқа болуы керек."
        ),
        "ru": (
            "Участок № {precinct} одного региона стоит в нескольких округах ({districts}). Участок относится к одному "
            "округу: на одном из листов номер участка или округа должен быть другим."
        ),
        "en": (
            "Precinct {precinct} of one region stands in several districts ({districts}). A precinct belongs to one "
            "district: on one of the sheets the number of the precinct or of the district must be another."
        ),
    },
}
