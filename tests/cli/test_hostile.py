"""Files made to hurt: hundreds of damaged pictures, PDFs and zips. All are kept, each is answered, nothing hangs."""

from __future__ import annotations

import hashlib
import io
import random
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.intake import Handed, handed_in
from cli.intake.take import Taken, add_all
from tally.case import Case
from tests.cli.exports import camera_jpeg, encoded, pdf, scene

HOW_MANY = 330


def valid() -> dict[str, bytes]:
    """One small valid file of every kind that is taken in."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jpg", encoded(scene(1)))
        archive.writestr("b.txt", "участок 379\n" * 50)
    return {
        "camera.jpg": camera_jpeg(1),
        "a.png": encoded(scene(2), "PNG"),
        "a.webp": encoded(scene(3), "WEBP"),
        "a.tif": encoded(scene(4), "TIFF", compression="tiff_lzw"),
        "a.heic": encoded(scene(5), "HEIF"),
        "a.bmp": encoded(scene(6), "BMP"),
        "two.jpg": encoded(scene(7), "MPO", save_all=True, append_images=[scene(8)]),
        "a.pdf": pdf(9),
        "a.zip": packed.getvalue(),
    }


def mutated(seed: int) -> Iterator[tuple[str, bytes]]:
    """Every kind in turn, hurt in one of six ways."""
    chance = random.Random(seed)
    kinds = list(valid().items())
    for number in range(HOW_MANY):
        name, data = kinds[number % len(kinds)]
        yield f"{number:03}-{name}", hurt(bytearray(data), number // len(kinds) % 6, chance)


def hurt(data: bytearray, way: int, chance: random.Random) -> bytes:
    at = chance.randrange(len(data))
    if way == 0:  # cut off
        return bytes(data[:at])
    if way == 1:  # some bits
        for _ in range(chance.randint(1, 20)):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    elif way == 2:  # sizes and offsets in the head
        for _ in range(4):
            data[chance.randrange(min(128, len(data)))] = chance.choice((0, 0x7F, 0x80, 0xFF))
    elif way == 3:  # a hole
        data[at : at + 64] = b"\xff" * 64
    elif way == 4:  # a piece twice
        data[at:at] = data[max(0, at - 200) : at]
    else:  # two files in one
        data += data[at:] + b"%PDF-1.7" + bytes(50)
    return bytes(data)


def peak_mb() -> float:
    """Most memory that this process has held since the peak was forgotten."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


def forget_the_peak() -> float | None:
    """Set the peak to what is held now, in MB; ``None`` where the system cannot (it is Linux that can)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return None
    return peak_mb()


def test_every_valid_kind_is_taken_in(case: Case, tmp_path: Path) -> None:
    for name, data in valid().items():
        (tmp_path / name).write_bytes(data)
    found = {one.file: one.outcome for one in add_all(case, [tmp_path / name for name in valid()], jobs=1)}
    assert found == {name: "new" for name in valid() if name != "a.zip"} | {
        "a.zip!a.jpg": "new",
        "a.zip!b.txt": "quarantined",
    }


def test_hundreds_of_damaged_files(case: Case, tmp_path: Path) -> None:
    folder = tmp_path / "hostile"
    folder.mkdir()
    corpus = dict(mutated(seed=2026))
    for name, data in corpus.items():
        (folder / name).write_bytes(data)
    before, held = time.monotonic(), forget_the_peak()

    found = [one for one in add_all(case, [folder], jobs=2) if isinstance(one, Taken)]

    assert time.monotonic() - before < 120
    assert held is None or peak_mb() - held < 150  # MB on top of what the tests before have loaded
    answered = {one.file.partition("!")[0] for one in found}
    assert answered == set(corpus)
    kept = {path.name for path in case.originals.root.rglob("*") if path.is_file()}
    for name, data in corpus.items():
        # A zip that could be opened is kept as its members; everything else byte for byte.
        opened = any(one.file.startswith(f"{name}!") and one.sha256 for one in found)
        assert opened or hashlib.sha256(data).hexdigest() in kept, name
    assert {one.sha256 for one in found if one.sha256} <= kept
    assert all(one.reason for one in found if one.outcome in ("quarantined", "missing"))
    assert {one.outcome for one in found} >= {"new", "quarantined"}
    assert case.ledger.verify()[0] >= len(corpus)


@pytest.mark.parametrize("seed", range(3))
def test_damaged_zips_yield_members_or_themselves(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    for way in range(6):
        path = tmp_path / f"{way}.zip"
        path.write_bytes(hurt(bytearray(valid()["a.zip"]), way, chance))
        found = list(handed_in([path]))
        assert found
        assert all(isinstance(one, Handed) and (one.data is not None or one.trouble) for one in found)
