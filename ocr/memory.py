"""How a process that looks at one picture after the other uses its memory and its cores."""

from __future__ import annotations

import ctypes
import sys

import cv2

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3  # malloc.h


def one_after_the_other() -> None:
    """One photo, one core: workers run beside each other; and the memory of one photo serves the next."""
    cv2.setNumThreads(1)
    keep_memory()


def keep_memory() -> None:
    """Keep the memory of pictures for the next ones, where the C library lets us say so (glibc).

    It gives the memory of every large picture back to the system at once, and being given it again, page by page,
    took 10 ms of the CPU of each photo; a worker holds some 35 MB more.
    """
    tell = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if tell is not None:
        tell(_MMAP_THRESHOLD, 32 * 2**20)
        tell(_TRIM_THRESHOLD, 64 * 2**20)
