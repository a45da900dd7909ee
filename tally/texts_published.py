"""Sentences about published tables: what is gone from them, and precincts whose figures are not their protocol's."""

from __future__ import annotations

from collections.abc import Mapping

PUBLISHED: Mapping[str, Mapping[str, str]] = {
    "O2": {
        "kk": (
            "{after_time} күйі бойынша кестеде ({place}) {before_time} күйі бойынша болған сандар жоқ: {count}. "
            "Біріншісі: {name} — {before}."
        ),
        "ru": (
            "В таблице по состоянию на {after_time} ({place}) нет чисел, которые были в ней на {before_time}: "
            "{count}. Первое из них: {name} — {before}."
        ),
        "en": (
            "The table as of {after_time} ({place}) lacks figures that it held as of {before_time}: {count}. "
            "The first of them: {name}, {before}."
        ),
    },
    "O3": {
        "kk": (
            "№ {precinct} учаске ({place}): {name} — хаттамада {protocols}, ресми кестеде {official}. "
            "Осы учаскеде сәйкес келмейтін сандар: {count}."
        ),
        "ru": (
            "Участок № {precinct} ({place}): {name} — в протоколе {protocols}, в официальной таблице {official}. "
            "Несовпадающих чисел на этом участке: {count}."
        ),
        "en": (
            "Precinct {precinct} ({place}): {name} has {protocols} on the protocol and {official} in the "
            "official table. Figures of this precinct that differ: {count}."
        ),
    },
}
"""Key -> language -> template, as in tally.texts_table."""
