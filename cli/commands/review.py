"""``hattama review``: the local page where a person types what the program could not settle."""

from __future__ import annotations

import errno
import ipaddress
import socket
from typing import Annotated

import typer

from cli.console import note
from cli.health import missing_library
from cli.options import CaseArg, LangOpt, chosen
from tally.case import open_case
from tally.errors import UsageError

DEFAULT_PORT = 8765


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("review")(review)


def review(
    case: CaseArg,
    reader: Annotated[str, typer.Option(help="Your name: it stands beside every number that you type.")],
    host: Annotated[
        str, typer.Option(help="Address to listen on; all but 127.0.0.1 is open to others.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = DEFAULT_PORT,
    lang: LangOpt = None,
) -> None:
    """Open the review page of a case on this computer. Stop it with Ctrl-C."""
    name = reader.strip()
    if not name:
        raise UsageError("the reader needs a name.", advice="Give --reader NAME.")
    opened = open_case(case, actor=f"person:{name}")
    try:
        import uvicorn

        from cli.review.app import make_app
        from cli.review.desk import Desk
    except ImportError as error:
        raise missing_library(error) from error
    _check_address(host, port)
    if not _is_local(host):
        note(f"hattama: other computers can reach {host}, without a password. Use it in a network you trust.")
    note(f"hattama: http://{_shown(host)}:{port}/ ({name}); one person's entry is one entry. Ctrl-C stops.")
    uvicorn.run(
        make_app(Desk(opened, name), chosen(lang)),
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
    )


def _check_address(host: str, port: int) -> None:
    # uvicorn would print a log line and exit with 1, which means "differences" here.
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        advice = "Choose another --port." if error.errno == errno.EADDRINUSE else "Check --host and --port."
        raise UsageError(
            f"{host}:{port} cannot be used: {error.strerror or error}.", advice=advice
        ) from error


def _is_local(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
