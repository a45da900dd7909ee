"""Which language a person reads: Kazakh, Russian or English."""

from __future__ import annotations

import os
from collections.abc import Mapping
from enum import StrEnum


class Lang(StrEnum):
    """Languages of finding texts and table heads. Messages about errors are English."""

    KK = "kk"
    RU = "ru"
    EN = "en"


# POSIX order: the first variable that is set and not empty decides.
_VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG")


def default_lang(environ: Mapping[str, str] | None = None) -> Lang:
    """The language of the user's locale, else Russian (``C``, ``POSIX``, unset or any other language).

    Russian is the fallback because every commission, court and headquarters in Kazakhstan works in it.
    """
    env = os.environ if environ is None else environ
    locale = next((env[name] for name in _VARIABLES if env.get(name)), "")
    code = locale.split(".")[0].split("_")[0].lower()
    return Lang(code) if code in tuple(Lang) else Lang.RU


def pick(texts: Mapping[str, str], lang: Lang) -> str:
    """The text in ``lang``, else Russian, else English, else whatever is there; ``""`` if nothing is."""
    for code in (lang.value, "ru", "en"):
        if texts.get(code):
            return texts[code]
    return next(iter(texts.values()), "")
