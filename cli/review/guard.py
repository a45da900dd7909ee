"""What keeps other web pages out of this one: host check, same-origin check on writing, strict headers.

The page has no login: whoever can open it on this machine may type. What must not happen is that a page on
the internet, open in the same browser, writes into the case (cross-site request) or reads it (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 64 * 1024
"""A form of 60 short fields has about 2 KB."""

_CSP = (
    "default-src 'none'; img-src 'self'; script-src 'self'; style-src 'self'; form-action 'self'; "
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
            await send(message)

        why = refusal(scope["method"], Headers(scope=scope))
        if why:
            await PlainTextResponse(why, status_code=403)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)


def refusal(method: str, headers: Mapping[str, str]) -> str:
    """Why a request is refused; empty if it is not. ``headers`` has lower-case names."""
    host = headers.get("host", "")
    if not _is_own_name(host):
        return "Open this page by its address in numbers or as localhost."
    if method in ("GET", "HEAD"):
        return ""
    if not headers.get("content-length", "").isdigit() or int(headers["content-length"]) > MAX_BODY_BYTES:
        return "The form is too large."
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
