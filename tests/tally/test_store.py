from __future__ import annotations

import errno
import hashlib
import io
import os

import pytest

from tally.errors import CaseError
from tally.store import Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "originals")


def files(store):
    return sorted(path for path in store.root.rglob("*") if path.is_file()) if store.root.exists() else []


def test_bytes_lie_under_their_hash_and_come_back(store):
    data = os.urandom(3_000_000)
    stored = store.put(io.BytesIO(data))
    sha256 = hashlib.sha256(data).hexdigest()
    assert (stored.sha256, stored.size, stored.new) == (sha256, 3_000_000, True)
    assert files(store) == [store.root / sha256[:2] / sha256]
    assert store.read(sha256) == data
    assert sha256 in store
    assert not os.access(store.path_of(sha256), os.W_OK) or os.geteuid() == 0


def test_the_same_bytes_again_add_no_file(store):
    store.put(io.BytesIO(b"photo"))
    assert store.put(io.BytesIO(b"photo")).new is False
    assert len(files(store)) == 1


def test_an_empty_file_is_a_file(store):
    assert store.read(store.put(io.BytesIO(b"")).sha256) == b""


@pytest.mark.parametrize("step", ["fsync", "write"])
def test_a_full_disk_leaves_nothing_half_written(store, monkeypatch, step):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    class Stream(io.BytesIO):
        def read(self, size=-1):
            data = super().read(10)
            return data if data and self.tell() <= 20 else full()

    stream = Stream(b"x" * 100) if step == "write" else io.BytesIO(b"x" * 100)
    if step == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(CaseError, match="the disk is full") as caught:
        store.put(stream)
    assert "add the file again" in caught.value.advice
    assert files(store) == []


def test_bytes_that_rotted_on_disk_are_noticed(store):
    sha256 = store.put(io.BytesIO(b"protocol")).sha256
    path = store.path_of(sha256)
    path.chmod(0o644)
    path.write_bytes(b"protocoI")
    with pytest.raises(CaseError, match="damaged"):
        store.read(sha256)
    with pytest.raises(CaseError, match="damaged"):
        store.put(io.BytesIO(b"protocol"))
    assert path.read_bytes() == b"protocoI"


def test_a_missing_original_and_a_hash_that_is_a_path(store):
    with pytest.raises(CaseError, match="cannot be read"):
        store.read("0" * 64)
    with pytest.raises(CaseError, match="not a sha256"):
        store.read("../../etc/passwd")


def test_what_a_killed_program_left_is_cleared_after_an_hour(store):
    store.put(io.BytesIO(b"a"))
    old, young = store.root / ".part-1-aa", store.root / ".part-2-bb"
    old.write_bytes(b"half")
    young.write_bytes(b"half")
    os.utime(old, (0, 0))
    store.put(io.BytesIO(b"b"))
    assert not old.exists()
    assert young.exists()


def test_a_flat_store_has_no_folders(tmp_path):
    flat = Store(tmp_path / "official", flat=True)
    sha256 = flat.put(io.BytesIO(b"table")).sha256
    assert (tmp_path / "official" / sha256).read_bytes() == b"table"
