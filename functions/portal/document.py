"""The portal's operations as they stand in the API document; `infra/documents/openapi.py` joins them with the others.

Only the document is made of this: the function itself does without pydantic.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from functions.portal import files
from functions.portal.api import (
    DASHBOARD,
    DASHBOARD_ASSETS,
    DOCS,
    HEALTH,
    LANDING,
    OPENAPI,
    OPENED_SCRIPT,
    OPENED_TEXTS,
    PROBE,
    PROBE_SCRIPT,
    PROBE_TEXTS,
    READY,
    REVIEW,
    REVIEW_SCRIPT,
    REVIEW_TEXTS,
    NotReady,
)
from shared.api import reference
from shared.api.rate_limits import RateLimited
from shared.errors import Refusal, RouteNotFound


class LandingLinks(BaseModel):
    """Where to go from here: each is relative to the address of this answer (RFC 3986)."""

    dashboard: Annotated[str, Field(description="The page that shows it all to people.")]
    docs: Annotated[str, Field(description="The page that shows every operation.")]
    openapi: Annotated[str, Field(description="The same for programs, OpenAPI 3.1.")]
    health: Annotated[str, Field(description="Whether the platform answers.")]
    ready: Annotated[str, Field(description="Whether the table and the signing key answer as well.")]
    public_keys: Annotated[str, Field(description="The keys that verify access tokens, a JSON Web Key Set.")]


class Landing(BaseModel):
    """What this is, and where its documents are."""

    model_config = ConfigDict(json_schema_extra={"examples": [json.loads(files.landing().plain.body)]})
    name: Annotated[str, Field(description="What this is called.")]
    version: Annotated[str, Field(description="The version of the API, as its document has it.")]
    description: Annotated[str, Field(description="What this is for, in a sentence.")]
    links: LandingLinks


class Health(BaseModel):
    """The function answers; nothing else was asked."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ok", "stage": "prod"}]})
    status: Literal["ok"]
    stage: Literal["local", "dev", "prod"]


class Readiness(BaseModel):
    """The table and the signing key answer."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "ready", "table": "ok", "signing_key": "ok"}]})
    status: Literal["ready"]
    table: Literal["ok"]
    signing_key: Literal["ok"]


_PAGE = {"text/html": "<!doctype html>…"}
_ASSETS = {"text/javascript": "window.ui = SwaggerUIBundle({…});", "text/css": ".swagger-ui { … }"}
_MODULES = {"text/javascript": 'import { goals } from "./goals.js";', "text/css": ":root { color-scheme: light dark; }"}
_DOCUMENT = {"application/json": {"openapi": "3.1.0", "info": {"title": "Milepost", "version": "1.0.0"}, "paths": {}}}
_ASSET = {
    "name": "asset",
    "in": "path",
    "required": True,
    "description": "The name of a file that the docs page refers to.",
    "schema": {"type": "string", "examples": ["swagger-ui.min.css"]},
}
_VERSION = {
    "name": "version",
    "in": "path",
    "required": True,
    "description": "The version of the assets that the page refers to; what it names is never changed.",
    "schema": {"type": "string", "examples": ["6f65d0b27c17"]},
}
_FILE = {
    "name": "file",
    "in": "path",
    "required": True,
    "description": "The name of a file that the dashboard refers to.",
    "schema": {"type": "string", "examples": ["app.js"]},
}


def document() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the portal's operations; the schema of refusals is that of the contexts."""
    pages = _dashboard() | _review() | _probe() | _docs()
    files = {path: reference.conditional(operation) for path, operation in pages.items()}
    operations = files | _health()
    models = (Health, Landing, LandingLinks, Readiness)
    schemas = {model.__name__: reference.closed(_schema(model)) for model in models}
    return {
        "paths": {path: {"get": operation} for path, operation in operations.items()},
        "components": {"schemas": schemas},
    }


def _dashboard() -> dict[str, Any]:
    page = _operation(
        "dashboard",
        "read_dashboard",
        "Read the dashboard",
        "Show goals, milestones and projects on a page that asks this API and loads nothing from anywhere else.",
        _sent("The page of the dashboard.", _PAGE),
    )
    asset = _operation(
        "dashboard",
        "read_dashboard_asset",
        "Read a file of the dashboard",
        "Send a module or the style sheet of the dashboard, compressed when the client takes gzip.",
        _sent("The file.", _MODULES),
        refusals=[RouteNotFound],
    )
    path = f"{DASHBOARD_ASSETS}/{{version}}/{{file}}"
    return {DASHBOARD: page, path: {**asset, "parameters": [_VERSION, _FILE]}}


def _review() -> dict[str, Any]:
    page = _operation(
        "dashboard",
        "read_review_page",
        "Read the page behind a review link",
        "Send the page on which people from outside decide. It decides nothing by itself.",
        _sent("The page.", _PAGE),
    )
    return {
        REVIEW: page,
        REVIEW_SCRIPT: _module("read_review_script", "Read the module of the page behind a review link"),
        REVIEW_TEXTS: _module("read_review_texts", "Read what the page behind a review link says"),
        OPENED_SCRIPT: _module("read_opened_script", "Read the module that the pages behind links share"),
        OPENED_TEXTS: _module("read_opened_texts", "Read what all pages behind links say"),
    }


def _probe() -> dict[str, Any]:
    page = _operation(
        "dashboard",
        "read_probe_page",
        "Read the page behind a link that answers a probe",
        "Send the page on which whoever a probe has asked answers. It answers nothing by itself.",
        _sent("The page.", _PAGE),
    )
    return {
        PROBE: page,
        PROBE_SCRIPT: _module("read_probe_script", "Read the module of the page behind a link that answers a probe"),
        PROBE_TEXTS: _module("read_probe_texts", "Read what the page behind a link that answers a probe says"),
    }


def _module(operation_id: str, summary: str) -> dict[str, Any]:
    said = "Send the module, compressed when the client takes gzip."
    return _operation("dashboard", operation_id, summary, said, _sent("The module.", _MODULES))


def _schema(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schema of a model, in which others stand under their names."""
    schema = model.model_json_schema(ref_template=f"{reference.COMPONENTS}{{model}}")
    schema.pop("$defs", None)
    return schema


def _docs() -> dict[str, Any]:
    landing = _operation(
        "docs",
        "read_landing",
        "Read what this is",
        "Say what this is called, which version it has, and where its documents are.",
        reference.rendered(reference.answered({200: Landing})),
    )
    page = _operation(
        "docs",
        "read_docs",
        "Read the docs page",
        "Show every operation on a page that can also call it. It loads nothing from anywhere else.",
        _sent("The docs page.", _PAGE),
    )
    asset = _operation(
        "docs",
        "read_docs_asset",
        "Read a file of the docs page",
        "Send a script or the style sheet of the docs page, compressed when the client takes gzip.",
        _sent("The file.", _ASSETS),
        refusals=[RouteNotFound],
    )
    openapi = _operation(
        "docs",
        "read_openapi",
        "Read the API document",
        "Send the document you are reading, OpenAPI 3.1.",
        _sent("The API document.", _DOCUMENT),
    )
    return {LANDING: landing, DOCS: page, f"{DOCS}/{{asset}}": {**asset, "parameters": [_ASSET]}, OPENAPI: openapi}


def _health() -> dict[str, Any]:
    health = _operation(
        "health",
        "read_health",
        "Tell whether the platform answers",
        "Answer without asking anybody else.",
        reference.rendered(reference.answered({200: Health})),
    )
    readiness = _operation(
        "health",
        "read_readiness",
        "Tell whether the platform is ready",
        "Ask the table and the signing key whether they answer, and name what does not.",
        reference.rendered(reference.answered({200: Readiness})),
        refusals=[NotReady],
    )
    return {HEALTH: health, READY: readiness}


def _operation(
    tag: str,
    operation_id: str,
    summary: str,
    description: str,
    responses: Mapping[str, Any],
    *,
    refusals: Sequence[type[Refusal]] = (),
) -> dict[str, Any]:
    return {
        "tags": [tag],
        "operationId": operation_id,
        "summary": summary,
        "description": description,
        "responses": {**responses, **reference.rendered(reference.refused([RateLimited, *refusals]))},
        "x-scope": "public",
    }


def _sent(description: str, examples: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer that is a file, with an example for each media type it may have."""
    content = {
        media_type: {
            "schema": {"type": "string" if isinstance(example, str) else "object"},
            "examples": {"example": {"value": example}},
        }
        for media_type, example in examples.items()
    }
    return {"200": {"description": description, "content": content}}
