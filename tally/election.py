"""Elections are data: contests, levels, candidates with their spellings, regions and official figures.

``load_election("kz-2023-majilis")`` reads the files of data/elections/<id>. Levels, contests and districts
are what the files say: an election with one national list, or with councils, is a new folder.
"""

from __future__ import annotations

import hashlib
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
    "is_own",
    "load_election",
    "own_files",
    "own_hashes",
    "shipped_election_ids",
    "shipped_elections",
]

ELECTIONS_DIR = Path(__file__).parent / "data" / "elections"
OWN = "election/"
"""How a case names an election that is not shipped: the folder in it where the files of that election lie."""


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
    if isinstance(id_or_path, Path) or is_own(name):
        return parse_election(Path(name))
    if name not in shipped_election_ids():
        known = ", ".join(shipped_election_ids())
        raise FormError(
            f"there is no election {name!r}", advice=f"Known elections: {known}. Or give a folder."
        )
    return _shipped(name)


def is_own(id_or_path: str) -> bool:
    """True for the path of a folder, false for the id of a shipped election."""
    return "/" in id_or_path


def own_files(folder: Path) -> dict[str, Path]:
    """The files on which an own election rests, by their names from its folder on.

    Raises ``FormError`` if it is broken.
    """
    own = [contest.form_file for contest in load_election(folder).contests if contest.form_file is not None]
    files = [folder / "election.toml", folder / "official.csv", *own]
    return {file.relative_to(folder).as_posix(): file for file in files if file.exists()}


def own_hashes(folder: Path) -> dict[str, str]:
    """Name from the folder on -> sha256 of every file of an own election. Raises ``FormError`` if it is broken."""
    return {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in own_files(folder).items()}


def form_of(contest: Contest) -> Form:
    """The form of the precinct protocols of a contest: a shipped one, or the election's own."""
    return load_form(contest.form_file or contest.form)


@lru_cache(maxsize=16)
def _shipped(election_id: str) -> Election:
    return parse_election(ELECTIONS_DIR / election_id)
