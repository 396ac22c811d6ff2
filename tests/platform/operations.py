"""Every operation of the API reference with the handler that answers it, so that none is forgotten.

The reference is `docs/openapi.json`, which `test_openapi` holds against the code: to make it anew takes seconds.
A context is whatever has a `functions/<context>/api.py`. What none of them answers cannot be imported here.
"""

import base64
import functools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from infra import discovery
from infra.documents import openapi
from shared.api.rest import PUBLIC
from tests.aws.entries import Answer, Context, http_event

Handler = Callable[[dict[str, Any], Context], dict[str, Any]]

DOCUMENT: dict[str, Any] = json.loads(openapi.PATH.read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Operation:
    """An operation, who answers it, and a body that it takes (None: it takes none)."""

    method: str
    path: str
    scope: str
    context: str
    example: Any
    assurance: str | None

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def names(self) -> list[str]:
        """The names of what stands in its path."""
        return re.findall(r"{(\w+)}", self.path)

    @property
    def is_public(self) -> bool:
        return self.scope == PUBLIC


def contexts() -> Iterator[tuple[str, ModuleType]]:
    """Yield every context that has an API, and the module of its handler."""
    yield from discovery.apis()


def send(
    method: str, path: str, body: Any = None, *, headers: Mapping[str, str] | None = None, query: str = ""
) -> Answer:
    """Return the answer of whichever context has the path; what is no JSON comes back as text."""
    return answered(http_event(method, path, body, headers=headers, query=query))


def answered(event: dict[str, Any]) -> Answer:
    """Return the answer to an event of API Gateway."""
    response = handler_of(event["rawPath"])(event, Context())
    body = response["body"] or ""
    if response.get("isBase64Encoded"):
        body = base64.b64decode(body).decode()
    media_type = response["headers"].get("Content-Type", "")
    is_json = media_type.endswith(("/json", "+json"))
    return Answer(response["statusCode"], json.loads(body) if is_json else body, response["headers"])


@functools.cache
def handler_of(path: str) -> Handler:
    """Return the handler of the context whose document has this path. Raises LookupError for a path that none has."""
    for template, context in _OWNERS.items():
        if re.fullmatch(re.sub(r"{\w+}", "[^/]*", template), path):
            return HANDLERS[context]
    raise LookupError(path)


def _paths(context: str) -> set[str]:
    declared = discovery.declaring(context)
    if hasattr(declared, "api"):
        return {each.openapi_path for each in declared.api.routes}
    return set(declared.document()["paths"])


def _example(operation: dict[str, Any]) -> Any:
    if "requestBody" not in operation:
        return None
    schema = operation["requestBody"]["content"]["application/json"]["schema"]
    reference = next(part["$ref"] for part in [schema, *schema.get("anyOf", [])] if "$ref" in part)
    return DOCUMENT["components"]["schemas"][reference.rpartition("/")[2]]["examples"][0]


def _operation(path: str, method: str, declared: dict[str, Any]) -> Operation:
    return Operation(
        method=method.upper(),
        path=path,
        scope=declared["x-scope"],
        context=_OWNERS[path],
        example=_example(declared),
        assurance=declared.get("x-assurance"),
    )


_MODULES = dict(contexts())
HANDLERS: dict[str, Handler] = {context: module.handler for context, module in _MODULES.items()}
# A path without a variable part comes before one that would take it too.
_OWNERS = dict(
    sorted(
        ((path, context) for context in _MODULES for path in sorted(_paths(context))),
        key=lambda each: each[0].count("{"),
    )
)
OPERATIONS = [
    _operation(path, method, declared) for path, item in DOCUMENT["paths"].items() for method, declared in item.items()
]
