"""The OpenAPI description, made from the table of pages: what is not in the table is not served."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from cli.review.call import Page
from tally.version import PROGRAM

_PARAMETER = re.compile(r"\{(\w+)(?::(\w+))?\}")


def describe(pages: Iterable[Page]) -> dict[str, Any]:
    """The document, OpenAPI 3.1; paths are those of the JSON twins below ``/api``."""
    paths: dict[str, dict[str, Any]] = {}
    for page in pages:
        path = _PARAMETER.sub(r"{\1}", twin(page))
        paths.setdefault(path, {})[page.method.lower()] = _operation(page)
    return {
        "openapi": "3.1.0",
        "info": {"title": "hattama review", "version": str(PROGRAM), "description": _ABOUT},
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": "session"}},
            "schemas": {
                "Error": {
                    "type": "object",
                    "required": ["error"],
                    "properties": {"error": {"type": "string"}, "advice": {"type": "string"}},
                }
            },
        },
    }


_ABOUT = (
    "JSON twins of the pages. Writing needs the Origin or Sec-Fetch-Site header of the same origin. "
    "On localhost without accounts no session is needed."
)


def twin(page: Page) -> str:
    """Address of the JSON twin; files have none and keep theirs."""
    return page.path if page.kind != "json" else f"/api{page.path if page.path != '/' else '/overview'}"


def _operation(page: Page) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json" if page.kind == "json" else page.kind: {"schema": {}}}
    if page.kind == "json":
        content["application/json"]["schema"] = {"type": "object"}
    answers: dict[str, Any] = {"200": {"description": page.says, "content": content}}
    errors = {"403": "Not allowed, or sent from another page.", "404": "There is no such thing."}
    if not page.public:
        errors["401"] = "Not signed in."
    if page.method == "POST":
        answers["201"] = answers["200"]
        errors |= {"409": "The rules of the review do not allow it.", "413": "Too large."}
        errors |= {
            "415": "Another content type.",
            "422": "Something is missing.",
            "429": "Too many requests.",
        }
        errors["400"] = "Not understood."
    errors["503"] = "Lock-down."
    failed = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    answers |= {code: {"description": says, "content": failed} for code, says in sorted(errors.items())}
    operation: dict[str, Any] = {"operationId": page.name, "summary": page.says, "responses": answers}
    operation["parameters"] = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "integer" if kind == "int" else "string"}}
        for name, kind in _PARAMETER.findall(page.path)
    ]  # fmt: skip
    operation["security"] = [] if page.public else [{"session": []}]
    if page.chunk:
        operation["parameters"].append(
            {"name": "offset", "in": "query", "required": True, "schema": {"type": "integer"}}
        )
        operation["requestBody"] = {"content": {"application/octet-stream": {}}, "required": True}
    elif page.method == "POST":
        fields = {name: {"type": "string", "description": says} for name, says in page.fields.items()}
        schema = {"type": "object", "properties": fields, "additionalProperties": {"type": "string"}}
        operation["requestBody"] = {"content": {"application/json": {"schema": schema}}, "required": True}
    return operation
