"""How operations stand in the API reference (OpenAPI 3.1): their answers, and every refusal with an example.

What a caller must expect everywhere is added here once, so that a route only declares its own refusals.
"""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from typing import Annotated, Any

from pydantic import BaseModel, Field

from shared.api import problems
from shared.api.rate_limits import RateLimited
from shared.callers import auth
from shared.errors import InvalidInput, Refusal, Unavailable
from shared.storage.changes import TooManyChangesAtOnce

COMPONENTS = "#/components/schemas/"
"""What the name of a schema stands behind in a reference to it."""
_REQUEST_ID = "Hs7dXhQ4joEEMbg="
_HEADERS: Mapping[int, Mapping[str, Any]] = {
    HTTPStatus.PRECONDITION_FAILED: {
        "ETag": {"description": "The current version, for `If-Match`.", "schema": {"type": "string"}, "example": '"4"'}
    },
    HTTPStatus.TOO_MANY_REQUESTS: {
        "Retry-After": {"description": "Come back after so many seconds.", "schema": {"type": "integer", "minimum": 1}}
    },
}

_IF_NONE_MATCH: Mapping[str, Any] = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "The `ETag` of what you have already: while it is the same, the answer is 304 without a body.",
    "schema": {"type": "string"},
}
_ETAG: Mapping[str, Any] = {
    "ETag": {"description": "What this answer is known by, for `If-None-Match`.", "schema": {"type": "string"}}
}
_LOCATION: Mapping[str, Any] = {
    "Location": {"description": "Where this leads.", "schema": {"type": "string", "format": "uri-reference"}}
}
_REDIRECTS = frozenset({HTTPStatus.FOUND, HTTPStatus.PERMANENT_REDIRECT})
_BODILESS = frozenset({"204", "302", "304", "308"})

ANYWHERE = (RateLimited, Unavailable, InvalidInput)
"""What every operation may say; each refuses query parameters that it does not know."""
TO_CALLERS = (
    auth.MissingCredential,
    auth.InvalidToken,
    auth.TokenExpired,
    auth.TokenRevoked,
    auth.UnknownApiKey,
    auth.ApiKeyMalformed,
    auth.ApiKeyRevoked,
    auth.ApiKeyExpired,
    auth.ApiKeyDisabled,
    auth.AmbiguousCredential,
    auth.InsufficientScope,
)
"""What every operation that wants a scope may say."""
TO_WRITERS = (TooManyChangesAtOnce,)
"""What every operation that changes something may say."""


class FieldProblem(BaseModel):
    """One refused field."""

    field: str
    reason: str


class Problem(BaseModel):
    """What every refusal answers (RFC 9457)."""

    type: Annotated[str, Field(examples=["urn:milepost:error:GoalNotFound"])]
    title: Annotated[str, Field(examples=["Not Found"])]
    status: Annotated[int, Field(ge=400, le=599, examples=[404])]
    detail: Annotated[str, Field(examples=["There is no goal with this id, or it is not shared with you."])]
    code: Annotated[str, Field(description="The stable name of the refusal.", examples=["GoalNotFound"])]
    request_id: Annotated[str, Field(examples=[_REQUEST_ID])]
    errors: Annotated[list[FieldProblem] | None, Field(description="The fields refused, for invalid input.")] = None


def responses(
    *,
    answers: Mapping[int, type[BaseModel] | None],
    refusals: Sequence[type[Refusal]],
    is_public: bool,
    is_writing: bool,
    problem: type[BaseModel],
) -> dict[int, Any]:
    """Return the OpenAPI responses of an operation: its answers, its own refusals, and those every such one may say."""
    everywhere = ANYWHERE + (() if is_public else TO_CALLERS) + (TO_WRITERS if is_writing else ())
    return answered(answers) | refused([*everywhere, *refusals], problem)


def answered(answers: Mapping[int, type[BaseModel] | None]) -> dict[int, Any]:
    """Return the OpenAPI responses of what an operation answers when it does what was asked, with an example each."""
    responses: dict[int, Any] = {}
    for status, model in answers.items():
        responses[status] = {"description": "Done." if model is None else str(model.__doc__).splitlines()[0]}
        if status in _REDIRECTS:
            responses[status] = {"description": "It is elsewhere.", "headers": _LOCATION}
        if model is not None:
            # What the same answer is as another media type: `ALSO` of a model names the models of these.
            responses[status]["content"] = {
                getattr(each, "MEDIA_TYPE", "application/json"): {"model": each, "examples": _examples(each)}
                for each in (model, *getattr(model, "ALSO", ()))
            }
    return responses


def request_body(model: type[BaseModel]) -> dict[str, Any]:
    """Return the OpenAPI request body of an operation that reads its body itself, by a model."""
    return {"required": True, "content": {"application/json": {"schema": {"$ref": f"{COMPONENTS}{model.__name__}"}}}}


def schemas(model: type[BaseModel]) -> dict[str, Any]:
    """Return the schemas of a model and of the models it is made of, by name, as the components of a document."""
    schema = model.model_json_schema(ref_template=f"{COMPONENTS}{{model}}")
    return {**schema.pop("$defs", {}), model.__name__: schema}


def refused(refusals: Sequence[type[Refusal]], problem: type[BaseModel] = Problem) -> dict[int, Any]:
    """Return the OpenAPI responses of refusals, those of one status together; their body's schema is `model`."""
    by_status: dict[int, list[type[Refusal]]] = {}
    for refusal in dict.fromkeys(refusals):
        by_status.setdefault(refusal.status, []).append(refusal)
    return {
        status: {
            "description": " ".join(f"`{kind.code}`: {_summary(kind)}" for kind in kinds),
            "content": {
                problems.MEDIA_TYPE: {
                    "model": problem,
                    "examples": {kind.code: {"value": _example(kind)} for kind in kinds},
                }
            },
            **({"headers": _HEADERS[status]} if status in _HEADERS else {}),
        }
        for status, kinds in sorted(by_status.items())
    }


def rendered(responses: Mapping[int, Any]) -> dict[str, Any]:
    """Return responses as they stand in a document, which names a schema where Powertools is given a model."""
    return {
        str(status): {
            **response,
            "content": {
                media_type: {"schema": {"$ref": f"{COMPONENTS}{content['model'].__name__}"}, **_without_model(content)}
                for media_type, content in response.get("content", {}).items()
            },
        }
        for status, response in responses.items()
    }


def tidied(document: dict[str, Any]) -> dict[str, Any]:
    """Return Powertools' document without what is not true of these operations.

    It gives every answer a JSON body; 204 and 304 have none (RFC 9110, sections 15.3.5 and 15.4.5), nor has a redirect.
    It writes the names of headers in lower case, and leaves open which properties an answer has (`closed`).
    """
    for path in document["paths"].values():
        reading = path.get("get", {})
        if "200" in reading.get("responses", {}) and "x-unsafe" not in reading:
            path["get"] = conditional(path["get"])
    for operation in operations(document):
        responses, parameters = operation["responses"], operation.get("parameters", [])
        for status in _BODILESS & responses.keys():
            responses[status].pop("content", None)
        for parameter in parameters:
            if parameter["in"] == "header":
                parameter["name"] = parameter["name"].title()
    schemas = document["components"]["schemas"]
    needed = _reachable(document["paths"], schemas)
    document["components"]["schemas"] = {name: schema for name, schema in schemas.items() if name in needed}
    for name in _reachable([operation["responses"] for operation in operations(document)], schemas):
        closed(schemas[name])
    return document


def closed(schema: Any) -> Any:
    """Return the schema of an answer, which has the properties that it names and no others.

    What is a map says so itself, by the `additionalProperties` that its model declares.
    """
    if isinstance(schema, dict):
        if "properties" in schema and schema.get("type") == "object":
            schema.setdefault("additionalProperties", False)
        for name, each in schema.items():
            if name not in {"example", "examples"}:
                closed(each)
    elif isinstance(schema, list):
        for each in schema:
            closed(each)
    return schema


def conditional(operation: Mapping[str, Any]) -> dict[str, Any]:
    """Return the operation of a GET, which does not send again what the caller has."""
    responses = operation["responses"]
    told = {
        "200": {**responses["200"], "headers": _ETAG},
        "304": {"description": "You have it already.", "headers": _ETAG},
    }
    parameters = [*operation.get("parameters", []), _IF_NONE_MATCH]
    return {**operation, "parameters": parameters, "responses": {**responses, **told}}


def operations(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every operation of an OpenAPI document."""
    for path in document["paths"].values():
        yield from path.values()


def references(node: Any) -> Iterator[str]:
    """Yield the name of every schema that a part of an OpenAPI document refers to."""
    if isinstance(node, Mapping):
        target = node.get("$ref")
        if isinstance(target, str) and target.startswith(COMPONENTS):
            yield target.removeprefix(COMPONENTS)
        for each in node.values():
            yield from references(each)
    elif isinstance(node, list):
        for each in node:
            yield from references(each)


def _without_model(content: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != "model"}


def _reachable(node: Any, schemas: Mapping[str, Any]) -> set[str]:
    found: set[str] = set()
    waiting = list(references(node))
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += references(schemas[name])
    return found


def _example(refusal: type[Refusal]) -> dict[str, Any]:
    document = problems.document(refusal, _summary(refusal), _REQUEST_ID)
    if issubclass(refusal, InvalidInput):
        document["errors"] = [{"field": "title", "reason": "String should have at least 3 characters"}]
    return document


def _summary(refusal: type[Refusal]) -> str:
    """Return the sentence a kind of refusal is documented with, its status left out."""
    text = " ".join((refusal.__doc__ or "").split("\n\n")[0].split()).removeprefix(f"{refusal.status}: ")
    return text[:1].upper() + text[1:]


def _examples(model: type[BaseModel]) -> dict[str, Any]:
    extra = model.model_config.get("json_schema_extra")
    shown = extra.get("examples", []) if isinstance(extra, dict) else []
    return {"example": {"value": shown[0]}} if isinstance(shown, list) and shown else {}
