"""What a piece of work cost: CPU seconds with child processes, and the largest memory of a fresh process."""

from __future__ import annotations

import resource
import sys
from collections.abc import Sequence
from multiprocessing import get_context
from pathlib import Path


def cpu_seconds() -> float:
    """CPU time so far of this process and of the children it has waited for (Tesseract)."""
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime


def peak_of_worker(pages: Sequence[bytes], form: str) -> int:
    """MiB at most of a fresh process that reads the pages one after another, without its Tesseract."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(_peak, (list(pages), form))


def _peak(pages: list[bytes], form: str) -> int:
    from ocr.pipeline import read_file

    for number, data in enumerate(pages):
        read_file(data, f"page-{number}.jpg", form)
    return round(_own_peak() / 2**20)


def _own_peak() -> int:
    """Bytes. Linux counts what a parent had used into ``ru_maxrss``; the process's own mark is better."""
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
