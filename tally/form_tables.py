"""Values of the expected kind out of TOML tables, each problem noted with its line instead of stopping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tally.form_lines import FormProblem, LineIndex, Path, texts

LANGUAGES = ("kk", "ru", "en")


class TableReader:
    """Reads one TOML file; ``problems`` collects what is missing, unknown or of another kind."""

    def __init__(self, lines: LineIndex) -> None:
        self.lines = lines
        self.problems: list[FormProblem] = []

    def problem(self, path: Path, message: str) -> None:
        """Note a problem at a path such as ``("field", 3, "digits")``."""
        self.problems.append(FormProblem(self.lines.line(path), message))

    def keys(self, table: Mapping[str, Any], known: set[str], at: Path) -> None:
        """Note every key of a table that is not known."""
        for key in sorted(set(table) - known):
            self.problem((*at, key), f"unknown key {key!r}; known here: {', '.join(sorted(known))}")

    def missing(self, table: Mapping[str, Any], key: str, at: Path, wanted: str) -> None:
        """Note that a key is missing or of another kind than wanted."""
        if key in table:
            self.problem((*at, key), f"{key} must be {wanted}, not {table[key]!r}")
        else:
            self.problem(at, f"{key} is missing ({wanted})")

    def string(self, table: Mapping[str, Any], key: str, at: Path, default: str | None = None) -> str:
        """A text that is not empty."""
        value = table.get(key, default)
        if isinstance(value, str) and value.strip():
            return value
        self.missing(table, key, at, "a text that is not empty")
        return ""

    def strings(self, table: Mapping[str, Any], key: str, at: Path) -> tuple[str, ...]:
        """A list of texts; empty if it is missing."""
        value = table.get(key, [])
        if isinstance(value, list) and len(texts(value)) == len(value):
            return texts(value)
        self.missing(table, key, at, "a list of texts")
        return ()

    def whole(self, table: Mapping[str, Any], key: str, at: Path, default: int | None) -> int:
        """A whole number, 0 or more."""
        value = table.get(key, default)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.missing(table, key, at, "a whole number, 0 or more")
        return 0

    def flag(self, table: Mapping[str, Any], key: str, at: Path, default: bool | None) -> bool:
        """True or false."""
        value = table.get(key, default)
        if isinstance(value, bool):
            return value
        self.missing(table, key, at, "true or false")
        return False

    def choice(
        self, table: Mapping[str, Any], key: str, at: Path, known: tuple[str, ...], default: str | None
    ) -> str:
        """One of a few words."""
        value = table.get(key, default)
        if isinstance(value, str) and value in known:
            return value
        self.missing(table, key, at, "one of " + ", ".join(known))
        return default or known[0]

    def words(self, table: Mapping[str, Any], key: str, at: Path) -> dict[str, str]:
        """One text each in kk, ru and en."""
        value = self.table(table, key, at)
        lacking = [lang for lang in LANGUAGES if not isinstance(value.get(lang), str)]
        if lacking:
            self.problem((*at, key), f"{key} has no text in {', '.join(lacking)}")
        self.keys(value, set(LANGUAGES), (*at, key))
        return {lang: value[lang] for lang in LANGUAGES if isinstance(value.get(lang), str)}

    def labels(self, table: Mapping[str, Any], at: Path) -> dict[str, tuple[str, ...]]:
        """``{"ru": "x", "kk": ["y", "z"]}`` as language -> variants; empty if it is missing."""
        value = self.table(table, "labels", at)
        for lang, variants in value.items():
            if not all(text.strip() for text in texts(variants) or ("",)):
                self.problem(
                    (*at, "labels", lang), f"labels.{lang} must be a list of texts, not {variants!r}"
                )
        return {str(lang): texts(variants) for lang, variants in value.items() if texts(variants)}

    def table(self, table: Mapping[str, Any], key: str, at: Path) -> Mapping[str, Any]:
        """A table; empty if it is missing."""
        value = table.get(key, {})
        if isinstance(value, Mapping):
            return value
        self.missing(table, key, at, "a table")
        return {}

    def tables(self, table: Mapping[str, Any], key: str, at: Path = ()) -> list[Mapping[str, Any]]:
        """A list of tables; empty if it is missing."""
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
            return value
        self.missing(table, key, at, f"a list of tables, each under [[{key}]]")
        return []
