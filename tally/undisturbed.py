"""Folding a case makes a million small objects of which none dies before the end; nobody need look for dead ones.

For commands that read a case, answer and end, as for the fold and the sums themselves: between two of these the
search would walk through all that the first one made.
"""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")


def undisturbed(work: Callable[_P, _R]) -> Callable[_P, _R]:
    """The same function with the search for cyclic garbage put off until it is done: a third to half of the time.

    Everything that it makes is a tree and is freed by its reference counts all the same.
    """

    @wraps(work)
    def calm(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        if not gc.isenabled():
            return work(*args, **kwargs)
        gc.disable()
        try:
            return work(*args, **kwargs)
        finally:
            gc.enable()

    return calm
