"""Message catalogues: what findings and rules say, by key, in Kazakh, Russian and English.

One gettext file per language and family under ``tally/data/locale``; keys are ids, not English sentences, so
that no language is the source of another. Read as they are, without a compile step: a plain clone works.
Why so: docs/adr/0011-message-catalogues.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po

LANGUAGES = ("kk", "ru", "en")


@cache
def messages() -> Mapping[str, Mapping[str, str]]:
    """Key -> language -> template, over all families. Raises ``ValueError`` if a key stands twice."""
    out: dict[str, dict[str, str]] = {}
    for language in LANGUAGES:
        folder = files("tally") / "data" / "locale" / language / "LC_MESSAGES"
        for path in sorted(folder.iterdir(), key=lambda p: p.name):
            if not path.name.endswith(".po"):
                continue
            with path.open("rb") as stream:
                catalogue = read_po(stream, locale=language, abort_invalid=True)
            for message in catalogue:
                if not message.id:
                    continue
                texts = out.setdefault(str(message.id), {})
                if language in texts:
                    raise ValueError(f"{path.name} ({language}): {message.id} stands in another file too")
                texts[language] = str(message.string)
    return out


def has(key: str) -> bool:
    """True if some family says something under this key."""
    return key in messages()
