"""The web around the desk: routes, templates, nothing else. ``make_app`` is all that the command needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from cli.lang import Lang
from cli.review.desk import Desk, SheetQuestion, Typing, check_entry
from cli.review.guard import Guard
from cli.review.overview import overview
from cli.review.pictures import cell, whole_page
from cli.review.texts import texts
from tally.errors import HattamaError, PhotoError, UsageError

_HERE = Path(__file__).parent
_COOKIE = "lang"


class ReviewApp:
    """Handlers of one desk. They run one after another in one thread: the ledger has one writer."""

    def __init__(self, desk: Desk, lang: Lang) -> None:
        self.desk = desk
        self.lang = lang
        self.templates = Jinja2Templates(_HERE / "templates")

    def routes(self) -> list[Route | Mount]:
        """Every address of the page."""
        return [
            Route("/", self.home),
            Route("/queue", self.queue),
            Route("/lang/{lang}", self.set_lang),
            Route("/sheet/{sha256}/{page:int}", self.sheet),
            Route("/sheet/{sha256}/{page:int}", self.submit, methods=["POST"]),
            Route("/aside/{sha256}/{page:int}", self.aside, methods=["POST"]),
            Route("/page/{sha256}/{page:int}.jpg", self.page_picture),
            Route("/cell/{sha256}/{page:int}/{code}.png", self.cell_picture),
            Mount("/static", StaticFiles(directory=_HERE / "static")),
        ]

    async def home(self, request: Request) -> Response:
        """Totals and findings."""
        lang = self.lang_of(request)
        return self.show(request, "overview.html", waiting=self.waiting(), **overview(self.desk, lang))

    async def queue(self, request: Request) -> Response:
        """Sheets that need a person."""
        return self.show(request, "queue.html", sheets=self.desk.queue())

    async def sheet(self, request: Request) -> Response:
        """One sheet to type."""
        return self.ask(
            request, self.question(request, request.query_params.get("contest", "")), Typing(), {}
        )

    async def submit(self, request: Request) -> Response:
        """Write the entry down, or ask again where something is missing."""
        typed = await form_of(request)
        question = self.question(request, typed.get("contest", ""))
        typing = check_entry(question, typed)
        if typing.problems:
            return self.ask(request, question, typing, typed, code=422)
        self.desk.submit(question, typing)
        return self.onward(question.sha256, question.page)

    async def aside(self, request: Request) -> Response:
        """Nothing to type on this sheet."""
        typed = await form_of(request)
        sha256, page = where(request)
        self.desk.set_aside(sha256, page, typed.get("reason", ""))
        return self.onward(sha256, page)

    async def set_lang(self, request: Request) -> Response:
        """Remember the language, go back to the overview."""
        try:
            lang = Lang(request.path_params["lang"])
        except ValueError as error:
            raise HTTPException(404) from error
        response = RedirectResponse("/", status_code=303)
        response.set_cookie(_COOKIE, lang.value, samesite="strict", httponly=True)
        return response

    async def page_picture(self, request: Request) -> Response:
        """The whole page."""
        sha256, page = where(request)
        picture = whole_page(self.desk, self.desk.page(sha256, page), turns_of(request))
        return Response(picture, media_type="image/jpeg")

    async def cell_picture(self, request: Request) -> Response:
        """One cell."""
        sha256, page = where(request)
        read = self.desk.page(sha256, page)
        code = request.path_params["code"]
        reading = read.fields.get(code) or read.header.get(code)
        if reading is None or reading.quad_px is None:
            raise HTTPException(404)
        return Response(cell(self.desk, sha256, page, reading.quad_px), media_type="image/png")

    async def failed(self, request: Request, error: Exception) -> Response:
        """An expected error as a page with its advice."""
        code = 404 if isinstance(error, (UsageError, PhotoError)) else 500
        return self.show(request, "error.html", code, message=str(error))

    def question(self, request: Request, contest: str) -> SheetQuestion:
        """What is asked about the sheet in the address."""
        sha256, page = where(request)
        return self.desk.question(sha256, page, contest, self.lang_of(request))

    def ask(
        self,
        request: Request,
        question: SheetQuestion,
        typing: Typing,
        typed: dict[str, str],
        code: int = 200,
    ) -> Response:
        """The entry form; after a mistake with what was typed, never with what was read."""
        return self.show(
            request,
            "sheet.html",
            code,
            q=question,
            typed=typed,
            problems=typing.problems,
            turn=turns_of(request),
            contests=self.desk.contests,
        )

    def onward(self, sha256: str, page: int) -> Response:
        """To the next waiting sheet, or to the overview."""
        following = self.desk.next_after(sha256, page)
        target = f"/sheet/{following.sha256}/{following.page}" if following else "/"
        return RedirectResponse(f"{target}?{urlencode({'saved': sha256[:12]})}", status_code=303)

    def waiting(self) -> int:
        """How many sheets wait for a person."""
        return sum(not one.done for one in self.desk.queue())

    def lang_of(self, request: Request) -> Lang:
        """The language chosen on the page, else that of the command."""
        chosen = request.cookies.get(_COOKIE, "")
        return Lang(chosen) if chosen in tuple(Lang) else self.lang

    def show(self, request: Request, template: str, code: int = 200, **values: Any) -> Response:
        """Render a template with everything that the frame needs."""
        lang = self.lang_of(request)
        frame = {
            "t": texts(lang),
            "lang": lang.value,
            "langs": [one.value for one in Lang],
            "desk": self.desk,
        }
        saved = request.query_params.get("saved", "")[:12]
        return self.templates.TemplateResponse(
            request, template, {**frame, "saved": saved, **values}, status_code=code
        )


def make_app(desk: Desk, lang: Lang) -> Starlette:
    """The ASGI app of one desk."""
    handlers = ReviewApp(desk, lang)
    return Starlette(
        routes=handlers.routes(),
        middleware=[Middleware(Guard)],
        exception_handlers={HattamaError: handlers.failed},
    )


def where(request: Request) -> tuple[str, int]:
    """sha256 and page of the address."""
    return request.path_params["sha256"], request.path_params["page"]


def turns_of(request: Request) -> int:
    """Quarter turns of the whole page that the person asked for, 0..3."""
    text = request.query_params.get("turn", "0")
    return int(text) if text in ("0", "1", "2", "3") else 0


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a plain form; the guard has bounded its size. Raises ``HTTPException``."""
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise HTTPException(415)
    try:
        return dict(
            parse_qsl((await request.body()).decode("utf-8"), keep_blank_values=True, max_num_fields=500)
        )
    except ValueError as error:
        raise HTTPException(400) from error
