"""A review page in tests: on localhost, or with accounts and a browser for each person."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from cli.lang import Lang
from cli.review.app import make_app
from cli.review.roles import Role
from cli.review.room import Room
from tally.case import Case, open_case
from tests.cli.fakes import VALUES, fake_reader, filled

__all__ = ["VALUES", "fake_reader", "filled"]

SAME = {"Origin": "http://localhost"}


def typed(**changes: str) -> dict[str, str]:
    """What a person types on the sheet of precinct 3."""
    entry = {code: str(value) for code, value in VALUES.items()}
    return {
        **entry,
        "precinct": "3",
        "district": "27",
        "contest": "smd-27",
        "voted_outside": "D",
        **changes,
    }


def browser(app: Starlette) -> TestClient:
    """A browser with its own cookies."""
    return TestClient(app, base_url="http://localhost", follow_redirects=False, headers=SAME)


@pytest.fixture
def local(filled: Case) -> Iterator[TestClient]:
    """The page on localhost, for Aigul."""
    room = Room(open_case(filled.path, actor="person:Aigul"), Lang.EN, "Aigul")
    with browser(make_app(room)) as client:
        yield client
    room.close()


class House:
    """A headquarters: one case, one browser per person."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.room = Room(open_case(case.path), Lang.EN)
        self.app = make_app(self.room)

    def join(self, name: str, role: Role, **scope: object) -> TestClient:
        """Invite somebody and open the link."""
        _, token = self.room.accounts.invite(name, role, "lead", **scope)  # type: ignore[arg-type]
        client = browser(self.app)
        assert client.post("/join", data={"token": token}).status_code == 303
        return client

    def next(self, client: TestClient) -> str:
        """The task that is handed out; empty if nothing waits."""
        return client.post("/api/next", json={}).json()["task"] or ""

    def place(self, task: str) -> tuple[str, int]:
        """The sheet of a task."""
        return self.room.state().review.leases[task].place


@pytest.fixture
def house(filled: Case) -> Iterator[House]:
    """A headquarters with accounts."""
    made = House(filled)
    yield made
    made.room.close()
