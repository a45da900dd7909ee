"""The command ``hattama``: one typer app, and one place where errors become exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Annotated, Any, NoReturn, cast

import typer
from typer.core import TyperGroup

from cli.commands import Commands
from cli.console import debugging, in_words, note
from cli.health import missing_library, version_of_hattama
from tally.errors import ExitCode, HattamaError

REPORT = (
    "This is our error, not yours. Run it again with HATTAMA_DEBUG=1 and send us the text it prints, "
    "with the output of `hattama doctor`; keep the photo to yourself if it shows people."
)


def _tell(message: str) -> None:
    """The message on stderr; with HATTAMA_DEBUG=1 also where it came from."""
    if debugging():
        traceback.print_exc()
    note(f"hattama: {message}")


class _Group(TyperGroup):
    """Maps expected errors to their exit code, for the shell and for tests alike."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands = cast(Any, Commands())

    def list_commands(self, _: Any) -> list[str]:
        return list(self.commands)  # without loading them

    def make_context(self, *args: Any, **extra: Any) -> Any:
        try:
            return super().make_context(*args, **extra)
        except BrokenPipeError as error:  # `hattama --help | head -1`
            raise _nobody_reads() from error

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise _nobody_reads() from error
        except HattamaError as error:
            _tell(in_words(error))
            raise typer.Exit(int(error.exit_code)) from error


def _nobody_reads() -> typer.Exit:
    """The reader of our pipe has gone (`| head`): nobody is left to tell, and nothing went wrong.

    Caught before Click sees it: Click would end with 1, which says "differences".
    """
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nowhere, stream.fileno())
    return typer.Exit(int(ExitCode.OK))


def _print_version(asked: bool) -> None:
    if asked:
        print(f"hattama {version_of_hattama()}")
        raise typer.Exit


app = typer.Typer(
    name="hattama",
    cls=_Group,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Check election results from the precinct up: photos of protocols, sums, official figures.",
    epilog="Exit codes: 0 fine, nothing differs; 1 worked and found differences; 2 usage; 3 needs review; "
    "4 photo cannot be read; 5 unknown or broken form; 6 bundle invalid; 7 a component is missing; 15 other.",
)


@app.callback()
def main(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Nothing happens before a command."""


def run() -> NoReturn:
    """Entry point of the console script: run the app, map every exception to an exit code, exit."""
    try:
        try:
            app(prog_name="hattama")
        finally:
            sys.stdout.flush()  # here, and not at the very end, where Python would end with 120
    except BrokenPipeError as error:
        finished = error.__context__  # the command was through: what it found stands
        nothing = _nobody_reads().exit_code
        sys.exit(finished.code if isinstance(finished, SystemExit) else nothing)
    except HattamaError as error:
        _tell(in_words(error))
        sys.exit(int(error.exit_code))
    except ImportError as error:
        _tell(in_words(missing_library(error)))
        sys.exit(int(ExitCode.MISSING_COMPONENT))
    except Exception as error:  # noqa: BLE001 - the last resort: a person never sees a traceback
        _tell(f"unexpected {type(error).__name__}: {error}. {REPORT}")
        sys.exit(int(ExitCode.OTHER))
    raise SystemExit(int(ExitCode.OK))


if __name__ == "__main__":
    run()
