"""``hattama review``: the local page where a person types what the program could not settle."""

from __future__ import annotations

import errno
import ipaddress
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.console import note
from cli.health import missing_library
from cli.options import CaseArg, LangOpt, chosen
from tally.case import open_case
from tally.errors import UsageError

if TYPE_CHECKING:
    from cli.review.encryption import Encryption
    from cli.review.room import Room

DEFAULT_PORT = 8765


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("review")(review)


def review(
    case: CaseArg,
    reader: Annotated[
        str, typer.Option(help="Your name: it stands beside every number that you type on this computer.")
    ] = "",
    host: Annotated[
        str, typer.Option(help="Address to listen on; all but 127.0.0.1 is open to others.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535)] = DEFAULT_PORT,
    accounts: Annotated[
        bool, typer.Option("--accounts", help="Ask for invitations on this computer too.")
    ] = False,
    cert: Annotated[
        Path | None, typer.Option(help="Certificate to encrypt with (PEM); default: one made here.")
    ] = None,
    key: Annotated[Path | None, typer.Option(help="Private key of --cert (PEM).")] = None,
    plain: Annotated[
        bool, typer.Option("--plain", help="Do not encrypt: only on a network that nobody else uses.")
    ] = False,
    lang: LangOpt = None,
) -> None:
    """Open the review page of a case: on this computer, or for the phones of a headquarters. Ctrl-C stops."""
    name, shared = reader.strip(), accounts or not _is_local(host)
    if not name:
        raise UsageError("the reader needs a name.", advice="Give --reader NAME.")
    opened = open_case(case, actor=f"person:{name}")
    try:
        import uvicorn

        from cli.review.app import make_app
        from cli.review.room import Room
    except ImportError as error:
        raise missing_library(error) from error
    check_address(host, port)
    sealed = _encryption(host, cert, key, plain=plain)
    room = Room(opened, chosen(lang), "" if shared else name)
    address = f"{'https' if sealed else 'http'}://{_shown(_reachable(host))}:{port}"
    if sealed:
        room.fingerprint = sealed.fingerprint
    if shared:
        _invite_lead(room, name, address)
        _say_how_safe(sealed, local=_is_local(host))
    else:
        note(f"hattama: {address}/ ({name}). Ctrl-C stops.")
    room.warm_up()
    room.receiver.start()
    try:
        uvicorn.run(
            make_app(room),
            host=host,
            port=port,
            log_level="warning",
            access_log=False,
            server_header=False,
            ssl_certfile=sealed.cert if sealed else None,
            ssl_keyfile=sealed.key if sealed else None,
        )
    finally:
        room.close()


def _invite_lead(room: Room, name: str, address: str) -> None:
    """A one-time link for whoever started the page, as text and as a QR code."""
    import segno

    from cli.review.people import join_link
    from cli.review.roles import Role

    _, token = room.accounts.invite(name, Role.LEAD, name, hours=24)
    link = join_link(address, token)
    note("hattama: people sign in with one-time links. Yours, for one browser; make others on the page:")
    note(link)
    segno.make(link, error="l").terminal(out=sys.stderr, compact=True)


def _encryption(host: str, cert: Path | None, key: Path | None, *, plain: bool) -> Encryption | None:
    """Everything beyond this computer is encrypted unless somebody decides otherwise."""
    from cli.review.encryption import given, own

    if (cert is None) != (key is None) or (plain and cert is not None):
        raise UsageError(
            "a certificate and its key belong together.", advice="Give --cert and --key, or --plain."
        )
    if cert is not None and key is not None:
        return given(cert, key)
    if plain or _is_local(host):
        return None
    return own(Path(typer.get_app_dir("hattama")), [_reachable(host)])


def _say_how_safe(sealed: Encryption | None, *, local: bool) -> None:
    if sealed is not None:
        note(
            "The page is encrypted. Phones do not know this computer and warn once: compare the fingerprint, go on."
        )
        note(f"SHA-256 {sealed.fingerprint}")
    elif not local:
        note("The connection is not encrypted: whoever is in this network can read links and numbers.")


def _reachable(host: str) -> str:
    """The address under which phones in the same network find this computer."""
    if host not in ("0.0.0.0", "::"):  # noqa: S104 - only compared
        return host
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address of documentation: nothing is sent
            return str(probe.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def check_address(host: str, port: int) -> None:
    """Raises ``UsageError`` if nothing can listen there: uvicorn would exit with 1, which means "differences"."""
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
