"""What holds for every finding that any test of this folder makes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tally.findings import Finding
from tests.tally.building import english_thousands


@pytest.fixture(scope="session", autouse=True)
def _numbers_are_written_as_the_language_does() -> Iterator[None]:
    made = Finding.__init__

    def checked(self: Finding, *args: object, **values: object) -> None:
        made(self, *args, **values)
        assert english_thousands(self.text) == [], self.text

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Finding, "__init__", checked)
        yield
