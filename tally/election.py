"""Elections are data: contests, levels, candidates with their spellings, regions and official figures.

``load_election("kz-2023-majilis")`` reads the files of data/elections/<id>. Levels, contests and districts
are what the files say: an election with one national list, or with councils, is a new folder.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from tally.election_model import (
    Candidate,
    Contest,
    Election,
    OfficialFigure,
    Region,
    SeatRule,
)
from tally.election_parse import parse_election
from tally.errors import FormError
from tally.form import Form, load_form

__all__ = [
    "Candidate",
    "Contest",
    "Election",
    "OfficialFigure",
    "Region",
    "SeatRule",
    "form_of",
    "load_election",
    "shipped_election_ids",
    "shipped_elections",
]

ELECTIONS_DIR = Path(__file__).parent / "data" / "elections"


def shipped_election_ids() -> tuple[str, ...]:
    """Ids of the elections that come with the program, sorted."""
    return tuple(sorted(path.parent.name for path in ELECTIONS_DIR.glob("*/election.toml")))


def shipped_elections() -> list[Election]:
    """All elections that come with the program, sorted by id."""
    return [load_election(election_id) for election_id in shipped_election_ids()]


def load_election(id_or_path: str | Path) -> Election:
    """A shipped election by id, or any by the path of its folder (a name that holds a slash, or a Path).

    Raises ``FormError`` if it is unknown or broken; the message lists all problems with their lines.
    """
    name = str(id_or_path)
    if isinstance(id_or_path, Path) or "/" in name:
        return parse_election(Path(name))
    if name not in shipped_election_ids():
        known = ", ".join(shipped_election_ids())
        raise FormError(
            f"there is no election {name!r}", advice=f"Known elections: {known}. Or give a folder."
        )
    return _shipped(name)


def form_of(contest: Contest) -> Form:
    """The form of the precinct protocols of a contest: a shipped one, or the election's own."""
    return load_form(contest.form_file or contest.form)


@lru_cache(maxsize=16)
def _shipped(election_id: str) -> Election:
    return parse_election(ELECTIONS_DIR / election_id)
