"""The OpenAPI 3.1 document of a context, which Powertools makes of the declarations that requests are read by.

Only the build imports this.
"""

import inspect
import json
from collections.abc import Callable
from typing import Annotated, Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver
from aws_lambda_powertools.event_handler.openapi import params
from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn, HTTPBearer

from shared.api import parameters, reference, validation
from shared.api.declarations import Body, Header, Path, Query
from shared.api.parameters import REQUIRED, Parameter
from shared.api.replies import Reply
from shared.api.rest import PUBLIC
from shared.api.routes import Route, Routes
from shared.callers import step_up

API_VERSION = "1.0.0"
UNSAFE = {"x-unsafe": True}
"""The mark of a GET that changes something."""

_BEARER = HTTPBearer(bearerFormat="JWT", description="An access token of `POST /api/v1/auth/login`.")
_API_KEY = APIKey(
    name="X-API-Key", description="An API key of `POST /api/v1/keys`, for services.", **{"in": APIKeyIn.header}
)
_PLACES: dict[type, Any] = {Body: params.Body, Header: params.Header, Path: params.Path, Query: params.Query}


def of(routes: Routes) -> dict[str, Any]:
    """Return the document of these routes."""
    resolver = APIGatewayHttpResolver()
    for route in routes:
        _register(resolver, route)
    text = resolver.get_openapi_json_schema(
        title="Milepost",
        version=API_VERSION,
        openapi_version="3.1.0",
        description="Goals, the milestones on the way to them, and when they will be reached.",
        security_schemes={"bearer": _BEARER, "apiKey": _API_KEY},
    )
    document = json.loads(text)
    for route in routes:
        if route.shown.reads is not None:
            document["components"]["schemas"] |= reference.schemas(route.shown.reads.model())
    return reference.tidied(document)


def _register(resolver: APIGatewayHttpResolver, route: Route) -> None:
    access, shown = route.access, route.shown
    is_public = access.scope == PUBLIC
    extensions = {"x-scope": access.scope, **step_up.declared(access.assurance)}
    if route.method == "GET" and not route.is_safe:
        extensions |= UNSAFE
    if shown.reads is not None:
        extensions |= {"requestBody": reference.request_body(shown.reads.model())}
    resolver.route(
        route.path,
        route.method,
        summary=shown.summary,
        description=inspect.getdoc(route.function),
        operation_id=route.function.__name__,
        security=[] if is_public else [{"bearer": [access.scope]}, {"apiKey": [access.scope]}],
        openapi_extensions=extensions,
        tags=[_tag(route.path)],
        responses=reference.responses(
            answers={status: _model(answer) for status, answer in shown.answers.items()},
            refusals=(*shown.refusals, *step_up.refusals(access.assurance)),
            is_public=is_public,
            is_writing=shown.is_writing,
            problem=shown.problems.model.model() if shown.problems else reference.Problem,
        ),
    )(_declaring(route))


def _declaring(route: Route) -> Callable[..., None]:
    """Return a function whose signature says to Powertools what that of the route says."""

    found = [*parameters.of(route.function, route.path)]
    hints = validation.hints(route.function, found)

    def declared() -> None: ...

    declared.__name__ = route.function.__name__
    # Where inspect looks first (PEP 362).
    declared.__dict__["__signature__"] = inspect.Signature([_parameter(each, hints[each.name]) for each in found])
    return declared


def _parameter(parameter: Parameter, hint: Any) -> inspect.Parameter:
    place = parameter.place
    said = {"alias": place.alias, "description": place.description, "json_schema_extra": place.json_schema_extra}
    mark = _PLACES[type(place)](**{name: value for name, value in said.items() if value is not None}, **place.limits)
    default = inspect.Parameter.empty if parameter.default is REQUIRED else parameter.default
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD
    return inspect.Parameter(parameter.name, kind, default=default, annotation=Annotated[hint, mark])


def _model(named: Any) -> Any:
    return named.model() if isinstance(named, Reply) else named


def _tag(path: str) -> str:
    """Return under which heading of the API reference a path stands."""
    return path.split("/")[3] if path.startswith("/api/v1/") else "discovery"
