"""The web around the room: routes, sessions, forms, templates. ``make_app`` is all that the command needs."""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Iterable
from contextlib import nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from cli.lang import Lang
from cli.review import custody, entry, outcomes, pages, people, uploads
from cli.review.accounts import SESSION_HOURS
from cli.review.call import Answer, Call, Goto, Page, Shown
from cli.review.guard import Guard
from cli.review.limits import CHUNK, JOIN, READ, WRITE, Limiter
from cli.review.openapi import describe, twin
from cli.review.roles import Person, Right, Role
from cli.review.room import Room
from cli.review.texts import texts
from tally.errors import CaseError, HattamaError, PhotoError, UsageError
from tally.review.desk import Refused

PAGES: tuple[Page, ...] = (
    *pages.PAGES,
    *outcomes.PAGES,
    *entry.PAGES,
    *custody.PAGES,
    *people.PAGES,
    *uploads.PAGES,
)
_HERE = Path(__file__).parent
_LANG, SESSION = "lang", "session"
_OWN_PATH = re.compile(r"/(?:[\w-][\w.-]*/?)*")
"""A path on this page; what begins with two slashes would lead elsewhere."""
_NOBODY = Person("", Role.READER)


class ReviewApp:
    """Turns requests into calls and answers into HTML or JSON."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.limits = Limiter()
        self.templates = Jinja2Templates(_HERE / "templates")
        self.api = describe(PAGES)

    def routes(self) -> Iterable[Route | Mount]:
        """Every address: each page, its twin, and the few that are neither."""
        for page in PAGES:
            yield Route(page.path, self._endpoint(page, api=False), methods=[page.method])
            if page.kind == "json":
                yield Route(twin(page), self._endpoint(page, api=True), methods=[page.method])
        yield Route("/join", self.join, methods=["POST"])
        yield Route("/leave", self.leave, methods=["POST"])
        yield Route("/lang/{lang}", self.set_lang)
        yield Route("/openapi.json", self.openapi)
        yield Mount("/static", StaticFiles(directory=_HERE / "static"))

    def _endpoint(self, page: Page, *, api: bool) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            if page.method == "GET":  # one way to another thread and back: a sheet has twenty pictures
                return await run_in_threadpool(self._looked_at, request, page, api=api)
            who = await run_in_threadpool(self._who, request, page)
            refused = self._refusal(page, who, api=api)
            if refused is not None:
                return refused
            call = self._call(request, who, api=api)
            if page.chunk:
                call.body = await _bytes(request)
            else:
                call.typed = await _typed(request, api=api)
            answer = await run_in_threadpool(self._handle, page, call)
            return self._answered(request, call, answer)

        return endpoint

    def _looked_at(self, request: Request, page: Page, *, api: bool) -> Response:
        who = self._who(request, page)
        refused = self._refusal(page, who, api=api)
        if refused is not None:
            return refused
        call = self._call(request, who, api=api)
        return self._answered(request, call, self._handle(page, call))

    def _who(self, request: Request, page: Page) -> Person | None:
        """Who asks. Raises ``HTTPException`` for whoever asks too often."""
        who = self.room.person(request.cookies.get(SESSION, ""))
        if not self.limits.allows(_key(request, who), _rate(page)):
            raise HTTPException(429)
        return who

    def _call(self, request: Request, who: Person | None, *, api: bool) -> Call:
        base = f"{request.url.scheme}://{request.headers.get('host', '')}"
        return Call(
            self.room, who or _NOBODY, self.lang_of(request), request.path_params, dict(request.query_params),
            api=api, base=base,
        )  # fmt: skip

    def _handle(self, page: Page, call: Call) -> Answer:
        if page.kind != "json" or page.chunk or page.name in _SLOW:
            return page.handler(call)  # these take the lock themselves, for as long as they need it
        acts = self.room.desk.acts if page.method == "POST" else nullcontext()
        with acts, self.room.desk.moment():  # in this order, as whoever acts does
            return page.handler(call)

    def _refusal(self, page: Page, who: Person | None, *, api: bool) -> Response | None:
        if page.public:
            return None
        if who is None:
            return (
                JSONResponse({"error": "not signed in"}, 401) if api or page.kind != "json" or page.chunk
                else RedirectResponse("/join", 303)
            )  # fmt: skip
        if self.room.accounts.locked and not (page.unlocked and who.may(Right.MANAGE)):
            raise HTTPException(503)
        if page.right is not None and not who.may(page.right):
            raise HTTPException(403)
        return None

    def _answered(self, request: Request, call: Call, answer: Answer) -> Response:
        if isinstance(answer, Response):
            return answer
        if isinstance(answer, Goto):
            if call.api:
                return JSONResponse(dict(answer.data) | {"next": answer.url}, answer.status)
            return RedirectResponse(answer.url, 303)
        if call.api:
            return JSONResponse(dict(answer.data), answer.status)
        return self.show(request, answer, call.who)

    async def join(self, request: Request) -> Response:
        """Swap the token of a link for a session."""
        if not self.limits.allows(_key(request, None), JOIN):
            raise HTTPException(429)
        typed = await _typed(request, api=False)
        session = await run_in_threadpool(self.room.accounts.join, typed.get("token", "").strip()[:100])
        if session is None:
            data = {"signed_in": "", "refused": True}
            return self.show(request, Shown("join.html", data, {}, 403), _NOBODY)
        answer = RedirectResponse("/", 303)
        answer.set_cookie(
            SESSION, session, max_age=SESSION_HOURS * 3600, httponly=True, samesite="strict",
            secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    async def leave(self, request: Request) -> Response:
        """End the session."""
        session = request.cookies.get(SESSION, "")
        who = await run_in_threadpool(self.room.person, session)
        if who is not None and not self.room.local:
            await run_in_threadpool(self.room.accounts.leave, session, who)
        answer = RedirectResponse("/join", 303)
        answer.delete_cookie(SESSION)
        return answer

    async def set_lang(self, request: Request) -> Response:
        """Remember the language, go back to where it was chosen."""
        try:
            lang = Lang(request.path_params["lang"])
        except ValueError as error:
            raise HTTPException(404) from error
        back = request.query_params.get("back", "")
        response = RedirectResponse(back if _OWN_PATH.fullmatch(back) else "/", status_code=303)
        response.set_cookie(_LANG, lang.value, samesite="strict", httponly=True)
        return response

    async def openapi(self, _request: Request) -> Response:
        """The description of all twins."""
        return JSONResponse(self.api)

    async def failed(self, request: Request, error: Exception) -> Response:
        """An expected error as a page or as JSON, with its advice."""
        code, message, advice = _explained(error, self.lang_of(request))
        if request.url.path.startswith("/api/") or not request.headers.get("accept", "*/*").count("html"):
            return JSONResponse({"error": message, "advice": advice}, code)
        who = await run_in_threadpool(self.room.person, request.cookies.get(SESSION, ""))
        return self.show(
            request, Shown("error.html", {"message": message, "advice": advice}, {}, code), who or _NOBODY
        )

    def lang_of(self, request: Request) -> Lang:
        """The language chosen on the page, else that of the command."""
        chosen = request.cookies.get(_LANG, "")
        return Lang(chosen) if chosen in tuple(Lang) else self.room.lang

    def show(self, request: Request, shown: Shown, who: Person) -> Response:
        """Render a template with everything that the frame needs."""
        lang = self.lang_of(request)
        frame: dict[str, Any] = {
            "t": texts(lang),
            "lang": lang.value,
            "here": request.url.path,
            "langs": [one.value for one in Lang],
            "who": who,
            "rights": {right.value for right in Right if who.name and who.may(right)},
            "local": self.room.local,
            "single": self.room.desk.latest.review.entries == 1,
            "saved": request.query_params.get("saved", "")[:12],
        }
        values = {**frame, **shown.data, **shown.extra}
        return self.templates.TemplateResponse(request, shown.template, values, status_code=shown.status)


_SLOW = frozenset(
    {"uploadBegin", "uploadFinish", "uploadState", "nextSheet", "answer", "setAside", "giveBack"}
)


def make_app(room: Room) -> Starlette:
    """The ASGI app of one room."""
    handlers = ReviewApp(room)
    app = Starlette(
        routes=list(handlers.routes()),
        middleware=[Middleware(Guard)],
        exception_handlers={HattamaError: handlers.failed, HTTPException: handlers.failed},
    )
    app.router.redirect_slashes = False
    return app


def _explained(error: Exception, lang: Lang) -> tuple[int, str, str]:
    if isinstance(error, HTTPException):
        says = texts(lang).get(f"http_{error.status_code}", error.detail)
        return error.status_code, says, ""
    message, advice = getattr(error, "message", str(error)), getattr(error, "advice", "")
    if isinstance(error, Refused):
        says = texts(lang).get(f"refused_{error.why}", message)
        code = {"lease": 404, "other": 404}.get(error.why, 409)
        return code, says, ""
    if isinstance(error, (UsageError, PhotoError)):
        return 422 if isinstance(error, UsageError) else 404, message, advice
    return 503 if isinstance(error, CaseError) else 500, message, advice


def _key(request: Request, who: Person | None) -> str:
    if who is not None:
        return f"person:{who.name}"
    return f"address:{request.client.host if request.client else ''}"


def _rate(page: Page) -> Any:
    if page.chunk:
        return CHUNK
    return WRITE if page.method == "POST" else READ


async def _bytes(request: Request) -> bytes:
    """A chunk; the guard has bounded its size. Raises ``HTTPException``."""
    if request.headers.get("content-type", "") != "application/octet-stream":
        raise HTTPException(415)
    return await request.body()


async def _typed(request: Request, *, api: bool) -> dict[str, str]:
    """The fields of a plain form, or of a flat JSON object. Raises ``HTTPException``."""
    wanted = "application/json" if api else "application/x-www-form-urlencoded"
    if request.headers.get("content-type", "").partition(";")[0].strip() != wanted:
        raise HTTPException(415)
    try:
        text = (await request.body()).decode("utf-8")
        if not api:
            return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=500))
        data = json.loads(text or "{}")
    except (ValueError, RecursionError) as error:
        raise HTTPException(400) from error
    if not isinstance(data, dict) or any(not isinstance(v, (str, int)) for v in data.values()):
        raise HTTPException(400)
    return {str(key): str(value) for key, value in data.items()}
