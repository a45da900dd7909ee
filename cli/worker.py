"""One worker process: a pipe each way, limits of memory and time, and a plain answer to what became of a file."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import sys
import threading
import time
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from typing import Any

from tally.errors import ReaderStopped

ADVICE = "Save the file as a normal JPEG, or photograph the sheet again."

# Native libraries must not start threads of their own: one process per core already fills the machine.
_ONE_THREAD = ("OMP_NUM_THREADS", "OMP_THREAD_LIMIT", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
# "spawn": a forked copy of a process that already runs image libraries can hang in their locks.
_CONTEXT = multiprocessing.get_context("spawn")
_PATIENCE = 5.0  # seconds for a process to leave before it is killed


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost."""

    seconds: float
    """Wall time, start of the worker not counted."""
    memory_mb: int
    """Address space in MiB. Enforced where the system can (Linux); elsewhere the time limit alone holds."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a task."""

    value: Any
    """The result, or an exception."""
    broken: bool
    """True if the worker cannot be used again."""


class Worker:
    """A process that runs one function on one task after another."""

    def __init__(self, function: Callable[[Any], Any], limits: Limits) -> None:
        for name in _ONE_THREAD:
            os.environ.setdefault(name, "1")
        self.limits = limits
        self.task: int | None = None
        """Index of the task under way."""
        self._began = 0.0
        self._ready = False
        self._pipe, theirs = _CONTEXT.Pipe()
        self._process = _CONTEXT.Process(
            target=_serve, args=(theirs, function, limits.memory_mb), name="hattama-worker", daemon=True
        )
        self._process.start()
        theirs.close()

    def give(self, index: int, task: Any) -> None:
        """Hand over the next task; the worker must be idle."""
        self.task, self._began = index, time.monotonic()
        with suppress(OSError):  # it died while idle: outcome() will say so
            self._pipe.send(task)

    @staticmethod
    def wait(busy: Sequence[Worker]) -> None:
        """Return when some busy worker has an answer, has died or has used up its time."""
        now = time.monotonic()
        left = min((worker._left(now) for worker in busy), default=0.0)
        watched = [part for worker in busy for part in (worker._pipe, worker._process.sentinel)]
        wait(watched, timeout=max(0.0, left))

    def outcome(self, now: float) -> Outcome | None:
        """What became of the task under way; ``None`` while it is still at work."""
        try:
            if self._pipe.poll():
                kind, value = self._pipe.recv()
                if kind == "ready":  # the clock of the first file starts when the libraries are loaded
                    self._ready, self._began = True, time.monotonic()
                    return self.outcome(now) if self._pipe.poll() else None
                return Outcome(value, kind == "memory")
        except (EOFError, OSError):
            return Outcome(self._death(), True)
        except Exception as error:  # noqa: BLE001 - an exception that cannot be unpickled belongs to its file
            return Outcome(error, True)
        if not self._process.is_alive():
            return Outcome(self._death(), True)
        if self._left(now) <= 0:
            return Outcome(_stopped(f"Reading took longer than {self.limits.seconds:g} seconds."), True)
        return None

    def stop(self) -> None:
        """End the process, politely if it is idle."""
        if self.task is None and self._ready:
            with suppress(OSError):
                self._pipe.send(None)
            self._process.join(_PATIENCE if self._process.is_alive() else 0)
        if self._process.is_alive():
            self._kill()
        self._process.join()
        self._pipe.close()

    def end(self) -> None:
        """End the process at once: it hangs, or nobody knows what state its file left it in."""
        self._kill()
        self._process.join()
        self._pipe.close()

    @property
    def alive(self) -> bool:
        """False if the process is gone, with or without a task."""
        return self._process.is_alive()

    def _kill(self) -> None:
        """The process and the programs that it started (Tesseract), which would run on without it."""
        if self._ready and hasattr(os, "killpg") and self._process.pid is not None:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()

    def _left(self, now: float) -> float:
        # Starting Python and loading libraries is not the file's fault, but it may not take for ever either.
        allowed = self.limits.seconds if self._ready else self.limits.seconds + 60.0
        return self._began + allowed - now

    def _death(self) -> ReaderStopped:
        self._process.join(_PATIENCE)
        code = self._process.exitcode
        if code is not None and code < 0:
            with suppress(ValueError):
                how = f"was ended by signal {signal.Signals(-code).name}"
                return _stopped(f"The reader process {how} on this file (memory, or a crash in a library).")
        return _stopped("The reader process died on this file (memory, or a crash in a library).")


def _stopped(message: str) -> ReaderStopped:
    return ReaderStopped(message, advice=ADVICE)


def _serve(pipe: Connection, function: Callable[[Any], Any], memory_mb: int) -> None:
    """The worker's side: ``None`` ends it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)  # so that it can be ended together with the programs that it starts
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_leave_with, args=(parent.sentinel,), daemon=True).start()
    _limit_memory(memory_mb)
    warnings.simplefilter("ignore")  # what libraries print of odd files; what matters becomes a result
    pipe.send(("ready", None))
    while (task := pipe.recv()) is not None:
        try:
            pipe.send(("result", function(task)))
        except MemoryError:
            # What the file still holds is unknown: say why, and let a fresh process go on.
            pipe.send(("memory", _stopped(f"Reading took more than {memory_mb} MB of memory.")))
            return
        except Exception as error:  # noqa: BLE001 - the caller decides what an exception means for its file
            pipe.send(("result", _portable(error)))


def _portable(error: Exception) -> Exception:
    """The exception if it survives the way to the parent, else one that says the same."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    except Exception:  # noqa: BLE001 - anything may go wrong in a foreign class
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def _limit_memory(memory_mb: int) -> None:
    if sys.platform == "win32":
        return
    import resource

    most = memory_mb * 2**20
    with suppress(OSError, ValueError):  # macOS does not enforce it
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard == resource.RLIM_INFINITY or hard > most:
            resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def _leave_with(sentinel: int) -> None:
    # A reader of a pipe to a parent that was killed would wait for ever: it holds a copy of the other end.
    wait([sentinel])
    if hasattr(os, "killpg"):
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
