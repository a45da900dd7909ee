"""Requests made from the OpenAPI description: no server error, no answer without signing in, nothing undescribed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient

from cli.review.app import PAGES
from cli.review.limits import Limiter
from cli.review.openapi import describe
from cli.review.roles import Role
from tally.case import Case
from tests.cli.reviewing import SAME, House, browser, fake_reader, filled

schemathesis = pytest.importorskip("schemathesis", reason="the Python package schemathesis is not here")

__all__ = ["fake_reader", "filled"]

EXAMPLES = 6


@pytest.fixture
def house(filled: Case) -> Iterator[House]:
    made = House(filled)
    yield made
    made.room.close()


def operations(house: House) -> Iterator:
    """Every operation of the description, as a strategy of requests."""
    schema = schemathesis.openapi.from_dict(describe(PAGES))
    for found in schema.get_all_operations():
        yield found.ok()


def send(client: TestClient, case) -> Response:
    """The request of an example."""
    made = case.as_transport_kwargs(base_url="http://localhost")
    body = {"json": made["json"]} if "json" in made else {"content": made.get("data") or b""}
    return client.request(
        made["method"], made["url"], params=made.get("params"), headers={**made["headers"], **SAME}, **body
    )


def try_out(strategy, act: Callable) -> None:
    """Do something with some examples, the same ones each time."""

    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
    )  # fmt: skip
    @given(case=strategy)
    def check(case) -> None:
        act(case)

    check()


@pytest.mark.parametrize("role", [Role.LEAD, Role.ADJUDICATOR, Role.OBSERVER])
def test_no_request_that_fits_the_description_breaks_the_server(house: House, role: Role) -> None:
    client = house.join("Somebody", role)
    house.room.accounts.set_lock = lambda locked, by: None  # type: ignore[method-assign]  # would end the test
    house.room.accounts.revoke = lambda invite, by: None  # type: ignore[method-assign]
    seen = set()

    def act(case) -> None:
        answer = send(client, case)
        seen.add(case.operation.label)
        told = (case.operation.label, answer.status_code, answer.text)
        assert answer.status_code < 500, told
        assert str(answer.status_code) in case.operation.definition.raw["responses"], told

    for operation in operations(house):
        try_out(operation.as_strategy(), act)
    assert len(seen) > 30
    assert house.case.ledger.verify()


def test_no_request_is_answered_without_signing_in(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        Limiter, "allows", lambda *_: True
    )  # a refusal for haste would hide a missing sign-in
    strangers = browser(house.app), browser(house.app)
    strangers[1].cookies.set("session", "x" * 32)
    before = house.case.ledger.head()

    def act(case) -> None:
        for client in strangers:
            answer = send(client, case)
            assert answer.status_code in (401, 404, 405, 413), (case.operation.label, answer.status_code)

    for operation in operations(house):
        if operation.definition.raw["security"] != []:
            try_out(operation.as_strategy(), act)
    assert house.case.ledger.head() == before
