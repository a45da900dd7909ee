"""Errors that people can act on: what happened, in which file, what to do, and one exit code each."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """Exit codes of the command line, the same for every command."""

    OK = 0  # worked, and nothing differs
    DIFFERENCES = 1  # worked, and found differences (like diff)
    USAGE = 2  # wrong arguments (Click's own code, kept)
    NEEDS_REVIEW = 3  # read, but a person has to look
    UNREADABLE_PHOTO = 4  # the photo cannot be read
    UNKNOWN_FORM = 5  # unknown or broken form, or election
    BUNDLE_INVALID = 6
    MISSING_COMPONENT = 7  # a program, library or model is not installed
    OTHER = 15


class HattamaError(Exception):
    """Base of all expected errors. ``str()`` gives one paragraph: what, where, and what to do."""

    exit_code: ExitCode = ExitCode.OTHER

    def __init__(self, message: str, *, advice: str = "", file: str = "", line: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
        self.file = file
        self.line = line

    def __str__(self) -> str:
        where = (
            f"{self.file}:{self.line}: " if self.line is not None else (f"{self.file}: " if self.file else "")
        )
        return f"{where}{self.message}" + (f" {self.advice}" if self.advice else "")


class UsageError(HattamaError):
    """The command was called with arguments that do not fit together."""

    exit_code = ExitCode.USAGE


class PhotoError(HattamaError):
    """The bytes are not a photo or page that can be read."""

    exit_code = ExitCode.UNREADABLE_PHOTO


class ReaderStopped(PhotoError):
    """Reading this file did not come to an end: out of time or memory, or a library crashed.

    Not a property of the file alone (a busy or small computer may be at fault), so it is tried again.
    """


class FormError(HattamaError):
    """A form or election file is unknown or broken."""

    exit_code = ExitCode.UNKNOWN_FORM


class MissingComponent(HattamaError):
    """A program, library or model that the job needs is not installed."""

    exit_code = ExitCode.MISSING_COMPONENT


class TableError(HattamaError):
    """A table handed in by a person (official figures, typed protocols) cannot be taken as it is."""

    exit_code = ExitCode.USAGE


class CaseError(HattamaError):
    """The case folder is missing, damaged or in use."""

    exit_code = ExitCode.OTHER


class BundleError(HattamaError):
    """The folder is not a bundle."""

    exit_code = ExitCode.BUNDLE_INVALID
