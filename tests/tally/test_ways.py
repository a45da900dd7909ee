"""How photos came, which are one shot, and what a person should look at: hints, and nothing more."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tally.provenance import CLASSES, Seen, best, provenance
from tally.resends import MOST_BITS, resent

CAMERA = Seen("JPEG", 4000, 3000, 1, camera=True, taken=True)
BARE = Seen("JPEG", 1600, 1200, 1)


@pytest.mark.parametrize(
    ("seen", "name", "channel", "how", "kind"),
    [
        (CAMERA, "IMG_0001.JPG", "", "", "original"),
        (CAMERA, "IMG_0001.JPG", "whatsapp", "", "document"),
        (CAMERA, "IMG_0001.JPG", "telegram", "file", "document"),
        (BARE, "IMG-20230319-WA0001.jpg", "whatsapp", "", "recompressed"),
        (BARE, "00000012-PHOTO-2023-03-19-21-41-05.jpg", "whatsapp", "", "recompressed"),
        (BARE, "photo_1@19-03-2023_21-41-05.jpg", "telegram", "photo", "recompressed"),
        (BARE, "DOC-20230319-WA0001.jpg", "whatsapp", "", "document"),
        (BARE, "a.jpg", "mail", "file", "document"),
        (BARE, "a.jpg", "", "", "unknown"),
        (CAMERA, "Screenshot_1.jpg", "", "", "unknown"),
        (BARE, "Снимок экрана.png", "mail", "file", "unknown"),
        (Seen(), "IMG_0001.JPG", "mail", "file", "unknown"),
    ],
)
def test_a_grade_rests_on_its_facts(seen: Seen, name: str, channel: str, how: str, kind: str) -> None:
    graded = provenance(seen, name, channel, how)
    assert graded.kind == kind
    assert (f"channel_{channel}" in graded.facts) == bool(channel)
    assert ("camera_data" in graded.facts) == seen.camera


def test_without_camera_data_nothing_is_called_an_original() -> None:
    for name in ("IMG_0001.JPG", "IMG-20230319-WA0001.jpg", "a.pdf"):
        for channel in ("", "whatsapp", "telegram", "mail"):
            assert provenance(BARE, name, channel).kind != "original"
    assert best([]) == "unknown"
    assert [best(CLASSES[i:]) for i in range(4)] == list(CLASSES)


def hashed(number: int) -> str:
    return f"{number:064x}"


@given(st.integers(0, 2**32), st.integers(0, 40))
def test_a_pair_is_found_exactly_up_to_the_limit(seed: int, bits: int) -> None:
    chance = random.Random(seed)
    one = chance.getrandbits(256)
    other = one
    for bit in chance.sample(range(256), bits):
        other ^= 1 << bit
    hashes = {"a": hashed(one), "b": hashed(other), "flat": "", "flat too": ""}
    assert list(resent(hashes)) == ([("a", "b", bits)] if bits <= MOST_BITS else [])


def test_ten_thousand_different_photos_are_no_pairs() -> None:
    chance = random.Random(1)
    assert not list(resent({str(n): hashed(chance.getrandbits(256)) for n in range(10_000)}))
