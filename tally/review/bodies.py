"""Bodies of the events that a review writes."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, TypeAlias

from tally.errors import UsageError
from tally.review.answers import CellValue, Place
from tally.typed_rows import Entry

Act: TypeAlias = tuple[str, Mapping[str, Any]]
"""Kind and body of an event."""
LEASE = timedelta(minutes=15)
"""How long a sheet stays on a desk: typing twenty numbers takes two minutes."""


def typed(entry: Entry, place: Place) -> dict[str, Any]:
    """Body of what was typed."""
    fields: dict[str, CellValue] = {code: value for code, value in entry.fields.items() if value is not None}
    return {
        "contest": entry.contest,
        "region": entry.region,
        "precinct": entry.precinct,
        "fields": fields,
        **where(place),
    }


def handed(place: Place, reader: str, now: datetime, *, decides: bool) -> dict[str, Any]:
    """Body of a lease."""
    until = (now + LEASE).isoformat(timespec="seconds")
    token = secrets.token_urlsafe(16)
    return {"lease": token, "reader": reader, "until": until, "decides": decides, **where(place)}


def where(place: Place) -> dict[str, Any]:
    """Which sheet, in every body."""
    return {"sha256": place[0], "page": place[1]}


def reason_of(text: str) -> str:
    """A reason as it is kept. Raises ``UsageError`` if there is none."""
    clean = " ".join(text.split())[:300]
    if not clean:
        raise UsageError("a reason is needed.", advice="Write down why, in a few words.")
    return clean
