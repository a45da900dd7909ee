"""One request and its answer, as handlers see them: plain values in, a template with plain data out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from starlette.exceptions import HTTPException
from starlette.responses import Response

from cli.lang import Lang
from cli.review.roles import Person, Right
from cli.review.room import Room


@dataclass(slots=True)
class Call:
    """What was asked, by whom."""

    room: Room
    who: Person
    lang: Lang
    path: Mapping[str, Any] = field(default_factory=dict)
    """Parameters of the address, converted."""
    query: Mapping[str, str] = field(default_factory=dict)
    typed: Mapping[str, str] = field(default_factory=dict)
    """Fields of the form or of the JSON object."""
    body: bytes = b""
    """Bytes of a chunk; empty for everything else."""
    api: bool = False
    """True if the JSON twin was asked."""
    base: str = ""
    """``http://host:port`` as the browser knows it."""

    def place(self) -> tuple[str, int]:
        """sha256 and page of the address."""
        return str(self.path["sha256"]), int(self.path["page"])


@dataclass(frozen=True, slots=True)
class Shown:
    """A page: the same data as HTML and as JSON."""

    template: str
    data: Mapping[str, Any]
    """JSON data."""
    extra: Mapping[str, Any] = field(default_factory=dict)
    """For the template alone: objects that JSON cannot hold."""
    status: int = 200


@dataclass(frozen=True, slots=True)
class Goto:
    """Done; HTML goes on to another page, JSON gets the data."""

    url: str
    data: Mapping[str, Any] = field(default_factory=dict)
    status: int = 200
    """Of the JSON answer."""


Answer: TypeAlias = Shown | Goto | Response
Handler: TypeAlias = Callable[[Call], Answer]


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the page and its JSON twin below ``/api``."""

    path: str
    name: str
    """Id in OpenAPI."""
    handler: Handler
    right: Right | None
    """What one must be allowed; ``None``: everybody who is signed in; see ``public``."""
    says: str
    """One sentence for OpenAPI."""
    method: str = "GET"
    public: bool = False
    """True for the few pages that need no session."""
    fields: Mapping[str, str] = field(default_factory=dict)
    """Fields of the form -> what they are."""
    kind: str = "json"
    """What comes back from the twin: ``json``, or the media type of a file without twin."""
    chunk: bool = False
    """True if the body is bytes."""
    unlocked: bool = False
    """True if it works during a lock-down, for whoever manages."""


def gone() -> HTTPException:
    """404."""
    return HTTPException(404)
