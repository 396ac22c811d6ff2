"""`python -m infra.documents.openapi`: the API documents of all contexts, joined into `docs/openapi.json`.

Two contexts may share a schema (what a refusal looks like); a name that means two things is refused.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra import discovery
from shared.api import problems, reference
from shared.api.request_lines import REQUEST_ID

PATH = Path(__file__).parents[2] / "docs" / "openapi.json"

DESCRIPTION = """\
Goals, the milestones on the way to them, and when they will be reached.

Register, sign in, and send the access token with everything else: `Authorization: Bearer …`.
A service sends its API key instead: `X-API-Key: mlp_…`.
Times are RFC 3339 in UTC with milliseconds, days are `YYYY-MM-DD`, unknown fields are refused.
A list has `items` and a `next_cursor`; send it as `cursor` for the next page.
Every `GET` but `/health` has an `ETag`: sent as `If-None-Match`, it brings 304 while you have what would be sent.
A `HEAD` answers as the `GET` of the same path would, without the body.
An `Idempotency-Key` lets a `POST` be repeated safely, `If-Match` refuses a change of what has changed meanwhile.
Every answer says how many requests you have left: `RateLimit-Policy` and `RateLimit`, and the same as `X-RateLimit-*`.
Every answer has an `X-Request-Id`; refusals, webhook deliveries and the audit log say it as `request_id`.
A valid `traceparent` (W3C Trace Context) that you send goes on to the webhooks that the request brings about.
Every refusal is an `application/problem+json` (RFC 9457) whose `code` is stable.
"""
_REQUEST_ID = "RequestId"


class DocumentConflict(Exception):
    """Two contexts use a path or the name of a schema for different things, or name a schema that is not there."""


def joined() -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of the whole platform. Raises DocumentConflict."""
    documents = [discovery.document(context) for context, _ in discovery.apis()]
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for document in documents:
        _add(paths, document["paths"])
        _add(schemas, document["components"]["schemas"])
    dangling = sorted(set(reference.references([paths, schemas])) - schemas.keys())
    if dangling:
        raise DocumentConflict(f"there is no schema {', '.join(dangling)}")
    first = documents[0]
    return {
        "openapi": first["openapi"],
        "info": {
            "title": first["info"]["title"],
            "version": first["info"]["version"],
            "description": DESCRIPTION,
            "license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"},
        },
        # Relative to /api/v1/openapi.json, wherever that is: on a laptop the API lives below a path of its own.
        "servers": [{"url": "../..", "description": "Where this document comes from."}],
        "tags": [{"name": name, "description": description} for name, description in _tags().items()],
        "paths": dict(sorted(paths.items())),
        "components": {
            "examples": dict(sorted(_told_once(paths).items())),
            "headers": {_REQUEST_ID: _described()},
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": first["components"]["securitySchemes"],
        },
    }


def _tags() -> dict[str, str]:
    """Return what the operations are grouped by, in the order in which the contexts want to be read."""
    described = sorted(discovery.infrastructure("tags").values(), key=lambda each: each.PLACE)
    return {name: description for each in described for name, description in each.TAGS.items()}


def _told_once(paths: Mapping[str, Any]) -> dict[str, Any]:
    """Return the examples of all refusals, and refer to them wherever they stood; put responses into their order.

    What every answer has is told once as well: the header with the id of the request.
    """
    examples: dict[str, Any] = {}
    for operation in reference.operations({"paths": paths}):
        operation["responses"] = dict(sorted(operation["responses"].items()))
        for response in operation["responses"].values():
            response["headers"] = {
                **response.get("headers", {}),
                REQUEST_ID: {"$ref": f"#/components/headers/{_REQUEST_ID}"},
            }
            refused = response.get("content", {}).get(problems.MEDIA_TYPE)
            if refused:
                _add(examples, refused["examples"])
                refused["examples"] = {name: {"$ref": f"#/components/examples/{name}"} for name in refused["examples"]}
    return examples


def _described() -> dict[str, Any]:
    return {
        "description": "The id of the request. One that you send is not taken.",
        "schema": {"type": "string"},
        "example": "Hs7dXhQ4joEEMbg=",
    }


def text(document: Mapping[str, Any]) -> str:
    """Return the document as it stands in the file."""
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def _add(known: dict[str, Any], more: Mapping[str, Any]) -> None:
    for name, meaning in more.items():
        if known.setdefault(name, meaning) != meaning:
            raise DocumentConflict(f"{name} means two things")


def main() -> int:
    """Write the document and return the exit code."""
    PATH.parent.mkdir(exist_ok=True)
    PATH.write_text(text(joined()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
