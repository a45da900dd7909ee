"""Pictures of a contest for the page: drawn in a worker, because the first one loads Matplotlib for a second."""

from __future__ import annotations

from dataclasses import dataclass

from cli.lang import Lang
from cli.pool import Limits
from tally.election import Election
from tally.findings import Finding
from tally.official import Snapshot
from tally.totals import ContestTotals

LIMITS = Limits(seconds=30.0, memory_mb=3072)


@dataclass(frozen=True, slots=True)
class Sketch:
    """What the pictures of one contest are made of."""

    found: ContestTotals
    election: Election
    snapshots: tuple[Snapshot, ...]
    findings: tuple[Finding, ...]
    lang: Lang


def titles(sketch: Sketch) -> dict[str, str]:
    """Which pictures the data allow, and what each shows; nothing is drawn."""
    from cli.pictures.of_case import contest_pictures

    return {one.name: one.picture.title for one in contest_pictures(*_parts(sketch))}


def draw(sketch: Sketch) -> dict[str, bytes]:
    """Worker: all pictures as SVG."""
    from cli.pictures.of_case import contest_pictures

    return {one.name: one.picture.svg for one in contest_pictures(*_parts(sketch))}


def _parts(
    sketch: Sketch,
) -> tuple[ContestTotals, Election, tuple[Snapshot, ...], tuple[Finding, ...], Lang]:
    return sketch.found, sketch.election, sketch.snapshots, sketch.findings, sketch.lang
