"""What a case suggests to a person without deciding anything: captions, missing files, photos of one sheet.

Nothing here changes a number. Captions are what somebody wrote under a photo; they stand beside what was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tally.chats.captions import Hint, hint_of
from tally.provenance import best
from tally.state import CaseState, Photo
from tally.totals import CaseTotals
from tally.versions import Protocol, Sheet


def hint(photo: Photo) -> Hint:
    """Precinct and district as the captions of a photo have them; ``None`` where they disagree or say nothing."""
    hints = [hint_of(claim.get("caption", "")) for claim in photo.claims]
    return Hint(_agreed(one.precinct for one in hints), _agreed(one.district for one in hints))


def _agreed(numbers: Iterable[int | None]) -> int | None:
    said = {number for number in numbers if number is not None}
    return said.pop() if len(said) == 1 else None


def never_read(known: CaseState) -> tuple[Photo, ...]:
    """Photos that open and whose numbers nobody has: not read by any version, not typed. They are in no sum."""
    typed = {row.sha256 for row in known.imported_rows}
    return tuple(
        photo
        for sha256, photo in known.photos.items()
        if photo.quarantined is None and sha256 not in known.readings and sha256 not in typed
    )


def item(photo: Photo) -> dict[str, Any]:
    """One photo with its way into the case; the keys of ``items`` in ``status --json``."""
    kind = best(grade["class"] for grade in photo.graded)
    facts = next((list(grade["facts"]) for grade in photo.graded if grade["class"] == kind), [])
    return {
        "file": photo.name,
        "sha256": photo.sha256,
        "names": list(photo.names),
        "receipts": photo.receipts,
        "provenance": {"class": kind, "facts": facts},
        "claims": [dict(claim) for claim in photo.claims],
        "hint": hint(photo).to_dict(),
        "quarantined": photo.quarantined,
    }


def missing_files(known: CaseState) -> list[dict[str, str]]:
    """Files that chats speak of and that nobody has handed in under that name since; nameless ones per chat."""
    there = {name.rpartition("!")[2] for photo in known.photos.values() for name in photo.names}
    out = []
    for chat in known.chats.values():
        label = f"{chat['channel']} {chat['sha256'][:8]}"
        gone = [one for one in chat.get("missing", ()) if one["name"] not in there]
        named = {one["name"]: one["why"] for one in gone if one["name"]}
        out += [{"chat": label, "file": name, "reason": why} for name, why in named.items()]
        nameless = [one["why"] for one in gone if not one["name"]]
        if nameless:
            whys = "; ".join(dict.fromkeys(nameless))
            out.append({"chat": label, "file": f"({len(nameless)})", "reason": whys})
    return out


def open_questions(known: CaseState) -> list[dict[str, Any]]:
    """Exports whose question nobody has answered yet."""
    return [
        {"chat": f"{chat['channel']} {chat['sha256'][:8]}", "question": chat["question"]}
        for chat in known.chats.values()
        if chat.get("question")
    ]


def same_sheet(
    found: CaseTotals, known: CaseState, resent: Sequence[tuple[str, str]] = ()
) -> list[dict[str, Any]]:
    """Protocols with several photos, by precinct and numbers; ``versions`` says which photos agree.

    ``shots`` counts pairs that look like one shot sent twice only once: so many photos bear witness on their own.
    """
    out = []
    for protocol in _protocols(found):
        versions = [[s for s in version.sources if s in known.photos] for version in protocol.versions]
        photos = list(dict.fromkeys(source for sources in versions for source in sources))
        if protocol.key.precinct is None or len(photos) < 2:
            continue
        out.append(
            {
                "contest": protocol.key.contest,
                "region": protocol.key.region,
                "precinct": protocol.key.precinct,
                "files": [known.photos[sha256].name for sha256 in photos],
                "versions": [sources for sources in versions if sources],
                "shots": _shots(photos, resent),
            }
        )
    return out


def _shots(photos: Sequence[str], resent: Sequence[tuple[str, str]]) -> int:
    """Number of groups when re-sent pairs are joined."""
    group = {sha256: sha256 for sha256 in photos}
    for one, other in resent:
        if one in group and other in group:
            old, new = group[other], group[one]
            group = {sha256: new if root == old else root for sha256, root in group.items()}
    return len(set(group.values()))


def captions_differ(found: CaseTotals, known: CaseState) -> list[dict[str, Any]]:
    """Photos whose caption names another precinct or district than the sheet, as it was read or typed."""
    out = []
    districts = {contest.contest.id: contest.contest.district for contest in found.contests}
    for protocol in _protocols(found):
        for sheet in _sheets(protocol):
            photo = known.photos.get(sheet.source)
            if photo is None:
                continue
            said = hint(photo).to_dict()
            district = sheet.district_read or districts[protocol.key.contest]
            read = {"precinct": protocol.key.precinct, "district": district}
            told = {key: number for key, number in read.items() if number is not None}
            if _differ(said, told):
                out.append({"file": photo.name, "sha256": photo.sha256, "hint": said, "read": told})
    return out


def _differ(said: Mapping[str, int], told: Mapping[str, int]) -> bool:
    return any(key in told and told[key] != number for key, number in said.items())


def _protocols(found: CaseTotals) -> Iterator[Protocol]:
    for contest in found.contests:
        yield from contest.protocols


def _sheets(protocol: Protocol) -> Iterator[Sheet]:
    for version in protocol.versions:
        yield from version.sheets
