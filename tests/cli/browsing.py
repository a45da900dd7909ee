"""The review page in Debian's Chromium: a headquarters on a real port, and a browser of its own for each person."""

from __future__ import annotations

import os
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from cli.intake.look import look_at
from cli.review.pictures import render
from cli.review.roles import Role
from tally.case import Case
from tests.cli.fakes import fake_read_one
from tests.cli.reviewing import House

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

PHONE, LAPTOP = (360, 740), (1280, 800)
PATIENCE_MS = 90_000
"""A busy machine is no failure."""
SWITCHES = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()


class Here:
    """Stands in for a worker: runs the function in this process."""

    def __init__(self, function: Callable[[Any], Any]) -> None:
        self.function = function

    def run(self, task: Any, *, patient: bool = False) -> Any:
        return self.function(task)

    def stop(self) -> None:
        pass


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """One browser for all tests of a module; skipped where there is none."""
    found = os.environ.get("HATTAMA_CHROMIUM") or next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None:
        pytest.skip(
            "there is no Chromium here; `make test` installs it where apt can, else: apt-get install chromium"
        )
    try:
        from playwright.sync_api import Error, expect, sync_playwright
    except ImportError:
        pytest.skip("the Python package playwright is not here; `make setup` installs it")
    with sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=found, args=SWITCHES)
        except Error as error:
            pytest.skip(f"{found} does not start here: {str(error).splitlines()[0]}")
        expect.set_options(timeout=PATIENCE_MS)
        yield browser
        browser.close()


class Served(House):
    """A headquarters that browsers can reach."""

    def __init__(self, case: Case, browser: Browser) -> None:
        super().__init__(case)
        self.browser = browser
        self.complaints: list[str] = []
        """What browsers wrote into their consoles."""
        self.room.receiver.looking = Here(look_at)  # type: ignore[assignment]
        self.room.receiver.reading = Here(fake_read_one)  # type: ignore[assignment]
        self.room.gallery.worker = Here(render)  # type: ignore[assignment]  # a real one loads OpenCV for seconds
        self.room.receiver.start()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.base = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._server = uvicorn.Server(uvicorn.Config(self.app, log_level="error", access_log=False))
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()
        while not self._server.started:
            time.sleep(0.01)

    def device(self, size: tuple[int, int] = LAPTOP, **more: Any) -> BrowserContext:
        """A browser without cookies."""
        phone = size == PHONE
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]}, is_mobile=phone, has_touch=phone, base_url=self.base,
            locale="en-GB", **more,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", self._listen)
        return context

    def link(self, name: str, role: Role, **scope: Any) -> str:
        """An invitation."""
        _, token = self.room.accounts.invite(name, role, "lead", **scope)
        return f"{self.base}/join#{token}"

    def enter(
        self, name: str, role: Role, size: tuple[int, int] = LAPTOP, color_scheme: str = "light", **scope: Any
    ) -> Page:
        """Somebody who opened the link that was sent."""
        page = self.device(size, color_scheme=color_scheme).new_page()
        page.goto(self.link(name, role, **scope))
        page.wait_for_url(f"{self.base}/")
        return page

    def expire(self, link: str) -> None:
        """Let the time of an invitation run out."""
        for one in self.room.accounts.invitations.values():
            one.until = datetime.fromisoformat("2023-03-19T00:00:00+00:00")

    def events(self, *kinds: str) -> list[Any]:
        """What the ledger says."""
        return list(self.case.ledger.events(*kinds))

    def stop(self) -> None:
        for context in list(self.browser.contexts):
            context.close()
        self._server.should_exit = True
        self._thread.join(10)
        self.room.close()

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)


@pytest.fixture
def served(filled: Case, chromium: Browser) -> Iterator[Served]:
    """A headquarters with accounts, on a real port."""
    made = Served(filled, chromium)
    yield made
    made.stop()


def follow(page: Page, button: Locator) -> None:
    """Press a button and wait for the page to which it leads."""
    with page.expect_navigation():
        button.click()


def type_sheet(page: Page, **changes: str) -> None:
    """Type the sheet of precinct 3 and save it, with the keyboard."""
    from tests.cli.reviewing import typed

    wanted = typed(**changes)
    region = page.locator("#region")
    if region.count():
        region.select_option(wanted.get("region", "turkistan"))
    for field in page.locator("#sheet input:not([type=hidden])").all():
        code = field.get_attribute("name") or ""
        field.focus()
        page.keyboard.type(wanted.get(code, "B"))
    follow(page, page.locator("#sheet .actions button"))
