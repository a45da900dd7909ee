"""Two bundles of one case: what was added or changed from the earlier to the later one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tally import merkle
from tally.bundle import layout
from tally.bundle.verified import events_of
from tally.checkpoint import leaves
from tally.errors import BundleError


@dataclass(frozen=True, slots=True)
class BundlesCompared:
    """What became of the files, the history, the sums and the findings."""

    extends: bool
    """True if the later ledger begins with the earlier one."""
    events_added: int
    added: tuple[str, ...]
    """Files below ``data/``."""
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    sums: dict[str, dict[str, Any]]
    """``contest subject`` -> ``old`` and ``new`` range, where they differ; ``None`` where there is none."""
    findings_new: tuple[str, ...]
    """Findings that only the later one has: code, contest, subject."""
    findings_gone: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Stable keys of ``bundle --compare --json``."""
        return {
            "extends": self.extends,
            "events_added": self.events_added,
            "files": {
                "added": list(self.added),
                "removed": list(self.removed),
                "changed": list(self.changed),
            },
            "sums": self.sums,
            "findings": {"new": list(self.findings_new), "gone": list(self.findings_gone)},
        }


def compare_bundles(earlier: Path, later: Path) -> BundlesCompared:
    """Compare by what the bundles say; verify both first. Raises :class:`BundleError` if one cannot be read."""
    old, new = _manifest(earlier), _manifest(later)
    try:
        before, after = (leaves(events_of(bag)) for bag in (earlier, later))
        sums = {
            name: {"old": one, "new": other}
            for name, one, other in _joined(_sums(earlier), _sums(later))
            if one != other
        }
        found, others = (_findings(bag) for bag in (earlier, later))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BundleError(
            f"a bundle cannot be read: {error}.",
            file=f"{earlier}, {later}",
            advice="Verify both with `hattama verify`.",
        ) from error
    return BundlesCompared(
        extends=merkle.root(after[: len(before)]) == merkle.root(before) and len(after) >= len(before),
        events_added=max(0, len(after) - len(before)),
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(name for name in old.keys() & new.keys() if old[name] != new[name])),
        sums=sums,
        findings_new=tuple(sorted(others - found)),
        findings_gone=tuple(sorted(found - others)),
    )


def _manifest(bag: Path) -> dict[str, str]:
    try:
        lines = (bag / "manifest-sha256.txt").read_text("ascii").splitlines()
    except (OSError, ValueError) as error:
        raise BundleError("this is not a bundle.", file=str(bag)) from error
    return {name: digest for digest, _, name in (line.partition("  ") for line in lines)}


def _joined(one: dict[str, Any], other: dict[str, Any]) -> list[tuple[str, Any, Any]]:
    return [(name, one.get(name), other.get(name)) for name in sorted(one.keys() | other.keys())]


def _sums(bag: Path) -> dict[str, Any]:
    told = json.loads((bag / "data" / layout.TOTALS).read_bytes())
    return {
        f"{contest['contest']} {subject}": {"low": one["low"], "high": one["high"]}
        for contest in told["contests"]
        for subject, one in contest["sums"].items()
    }


def _findings(bag: Path) -> set[str]:
    told = json.loads((bag / "data" / layout.FINDINGS).read_bytes())
    return {
        f"{one['code']} {one['contest']} {one['subject']}: {one['text']['en']}" for one in told["findings"]
    }
