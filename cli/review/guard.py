"""What keeps other web pages out of this one: host check, same-origin check on writing, strict headers.

On localhost without accounts whoever can open the page may type. What must not happen there or elsewhere is that a
page on the internet, open in the same browser, writes into the case (cross-site request) or reads it (DNS
rebinding). uvicorn hands on no more of a body than its Content-Length says, so the limit holds before parsing.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 64 * 1024
"""A form of 60 short fields has about 2 KB."""
MAX_CHUNK_BYTES = 1024 * 1024
"""One piece of an upload."""
CHUNKS = re.compile(r"(/api)?/upload/[0-9a-f]{32}/chunk")
"""Addresses that take pieces of uploads."""

TOO_LARGE = "The form is too large, or does not say how large it is."

_CSP = (
    "default-src 'none'; img-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """ASGI middleware: refuse foreign hosts and cross-site writing, bound the body, add the headers."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
                if scope["path"].startswith(
                    "/static/"
                ):  # the same for everybody: asked for again, not sent again
                    headers["Cache-Control"] = "no-cache"
            await send(message)

        why = refusal(scope["method"], Headers(scope=scope), scope["path"])
        if why:
            code = 413 if why == TOO_LARGE else 403
            await PlainTextResponse(why, status_code=code)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)


def refusal(method: str, headers: Mapping[str, str], path: str = "/") -> str:
    """Why a request is refused; empty if it is not. ``headers`` has lower-case names."""
    host = headers.get("host", "")
    if not _is_own_name(host):
        return "Open this page by its address in numbers or as localhost."
    if method in ("GET", "HEAD"):
        return ""
    most = MAX_CHUNK_BYTES if CHUNKS.fullmatch(path) else MAX_BODY_BYTES
    length = headers.get("content-length", "")
    if not (length.isascii() and length.isdecimal()) or int(length) > most:
        return TOO_LARGE
    site, origin = headers.get("sec-fetch-site"), headers.get("origin")
    if site is not None:
        return "" if site == "same-origin" else "This form was sent from another page."
    # Plain http beyond localhost: browsers leave out Sec-Fetch-Site but send Origin.
    if origin is None or urlsplit(origin).netloc != host:
        return "This form was sent from another page."
    return ""


def _is_own_name(host: str) -> bool:
    # DNS rebinding needs a domain name; numbers and localhost cannot be pointed elsewhere by a stranger.
    try:
        name = urlsplit(f"//{host}").hostname or ""
        return name == "localhost" or bool(ipaddress.ip_address(name))
    except ValueError:
        return False
