"""What every code of a finding means, from the catalogues: one source for ``hattama explain`` and the docs.

A family of rules joins by a gettext file of its own with the five keys ``CODE.means``, ``CODE.formula``,
``CODE.proves``, ``CODE.benign`` and ``CODE.settled``; no list of codes is kept anywhere else.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from tally.catalogue import messages
from tally.errors import UsageError

PARTS = ("means", "formula", "proves", "benign", "settled")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One code in all languages. Each mapping is kk, ru, en."""

    code: str
    means: Mapping[str, str]
    formula: Mapping[str, str]
    """s, S: sums of a candidate and of valid votes in hand; T: official; u = T − s; k: precincts not in hand."""
    proves: Mapping[str, str]
    """And what it does not prove."""
    benign: Mapping[str, str]
    settled: Mapping[str, str]

    def to_dict(self) -> dict[str, object]:
        """The object of ``hattama explain CODE --json``."""
        return {"code": self.code} | {part: dict(getattr(self, part)) for part in PARTS}


def codes() -> tuple[str, ...]:
    """All codes, by letter and then by number."""
    found = (key.removesuffix(".means") for key in messages() if key.endswith(".means"))
    return tuple(sorted(found, key=_order))


def explain(code: str) -> Explanation:
    """The explanation of a code, in any case of letters. Raises ``UsageError`` naming the known codes."""
    wanted = code.strip().upper()
    if wanted not in codes():
        raise UsageError(f"there is no finding {code!r}.", advice=f"Known: {', '.join(codes())}.")
    return Explanation(wanted, *(messages()[f"{wanted}.{part}"] for part in PARTS))


def as_markdown(language: str = "en") -> str:
    """The chapter ``docs/findings.md``."""
    heads = messages()
    lines = [f"# {heads['explain.title'][language]}", "", heads["explain.made"][language], ""]
    for code in codes():
        one = explain(code)
        lines += [f"## {code}: {one.means[language].rstrip('.')}", ""]
        for part in PARTS[1:]:
            text = getattr(one, part)[language]
            lines.append(
                f"* **{heads[f'explain.{part}'][language]}**: {f'`{text}`' if part == 'formula' else text}"
            )
        lines.append("")
    return "\n".join(lines)


def _order(code: str) -> tuple[str, int, str]:
    found = re.fullmatch(r"([A-Z]+)(\d*)(.*)", code)
    return (found[1], int(found[2] or 0), found[3]) if found else (code, 0, "")


__all__ = ["PARTS", "Explanation", "as_markdown", "codes", "explain"]


if __name__ == "__main__":
    sys.stdout.write(as_markdown())
