"""The REST resolver of a context: who calls, may they, is it well-formed, and one way to answer or refuse.

A route declares its scope or says PUBLIC; there is no third way. The order for every request is: route, credential,
rate, scope, size and media type, fields, function. A refusal at any step is one `application/problem+json`.
A HEAD is a GET whose body is not sent, and whoever has what a GET would send is told so (`conditional.py`).
"""

import functools
import inspect
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Annotated, Any, Final

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import BaseRouter, Route
from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import BaseModel
from pydantic_core import to_json

from shared import clock
from shared.api import conditional, problems, rate_limits, security_headers
from shared.api.arguments import Arguments
from shared.api.replies import Reply
from shared.callers import auth, step_up
from shared.callers.auth import Caller
from shared.callers.step_up import SIGNED_IN, Assurance
from shared.errors import InternalError, MethodNotSupported, Refusal, RouteNotFound
from shared.observability import logger

API_VERSION = "1.0.0"
PUBLIC: Final = "public"
UNSAFE: Final = {"x-unsafe": True}
"""The mark of a GET that changes something, in the API document too."""

_UNCOUNTED: Final[Mapping[str, str]] = {}

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=255,
        description="Repeat a request with the same key and it has one effect and one answer, for 24 hours.",
    ),
]
IfMatch = Annotated[
    str | None,
    Header(
        alias="If-Match",
        max_length=256,
        description='The `ETag` of the version this change is based on, e.g. `"3"`; another version answers 412.',
    ),
]
Limit = Annotated[int, Query(ge=1, le=100, description="How many items a page may have.")]
Cursor = Annotated[str | None, Query(max_length=4096, description="`next_cursor` of the page before.")]


class Api(APIGatewayHttpResolver):
    """The REST operations of one context, on API Gateway HTTP API events (payload 2.0)."""

    def __init__(self) -> None:
        super().__init__()
        self._declared: dict[str, dict[str, Any]] = {}
        self._read_bodies: dict[str, type[BaseModel]] = {}
        self._caller: Caller | None = None
        self._rate_headers: Mapping[str, str] = _UNCOUNTED

    def document(self) -> dict[str, Any]:
        """Return the OpenAPI 3.1 document of these operations."""
        # Imported here because nothing else needs the models of OpenAPI, which would be a fifth of a cold start.
        from aws_lambda_powertools.event_handler.openapi.models import APIKey, APIKeyIn, HTTPBearer  # noqa: PLC0415

        from shared.api import reference  # noqa: PLC0415

        for route in (*self._static_routes, *self._dynamic_routes):
            declared = self._declared[route.operation_id]
            answers = {
                status: each.model() if isinstance(each, Reply) else each
                for status, each in declared["answers"].items()
            }
            route.responses = reference.responses(**declared | {"answers": answers})
            if body := self._read_bodies.get(route.operation_id):
                read = {"requestBody": reference.request_body(body)}
                route.openapi_extensions = {**(route.openapi_extensions or {}), **read}
        bearer = HTTPBearer(bearerFormat="JWT", description="An access token of `POST /api/v1/auth/login`.")
        where: dict[str, Any] = {"in": APIKeyIn.header}
        api_key = APIKey(name="X-API-Key", description="An API key of `POST /api/v1/keys`, for services.", **where)
        text = self.get_openapi_json_schema(
            title="Milepost",
            version=API_VERSION,
            openapi_version="3.1.0",
            description="Goals, the milestones on the way to them, and when they will be reached.",
            security_schemes={"bearer": bearer, "apiKey": api_key},
        )
        document = json.loads(text)
        bodies = self._read_bodies.values()
        document["components"]["schemas"] |= {body.__name__: body.model_json_schema() for body in bodies}
        return reference.tidied(document)

    @property
    def caller(self) -> Caller:
        """Return who calls; only routes with a scope have a caller."""
        if self._caller is None:
            raise LookupError("the operation is public")
        return self._caller

    def operation(
        self,
        method: str,
        path: str,
        *,
        scope: str,
        summary: str,
        answers: Mapping[int, Any],
        refusals: Sequence[type[Refusal]] = (),
        is_writing: bool = True,
        assurance: Assurance = SIGNED_IN,
        limit: rate_limits.Name | None = None,
        ignores_unknown_queries: bool = False,
        is_safe: bool = True,
    ) -> Callable[[Callable[..., Response[str]]], Callable[..., Response[str]]]:
        """Register a function as `METHOD path`, callable by whoever holds the scope, or by anyone if it is PUBLIC.

        `answers` maps a status to its body's model or its name (None: no body). `is_writing` is False for a POST that
        only asks, `is_safe` for a GET that changes something, which knows neither HEAD nor 304.
        """
        policy = limit or (rate_limits.CREDENTIALS if method != "GET" else rate_limits.DEFAULT)

        def register(function: Callable[..., Response[str]]) -> Callable[..., Response[str]]:
            arguments = Arguments(function, path, ignores_unknown_queries=ignores_unknown_queries)
            self.route(
                path,
                method,
                summary=summary,
                description=inspect.getdoc(function),
                operation_id=function.__name__,
                security=[] if scope == PUBLIC else [{"bearer": [scope]}, {"apiKey": [scope]}],
                openapi_extensions={"x-scope": scope} | step_up.declared(assurance) | ({} if is_safe else UNSAFE),
                tags=[_tag(path)],
            )(self._guarded(function, arguments, scope, assurance, policy))
            writes = is_writing and method != "GET"
            said = {"answers": answers, "refusals": (*refusals, *step_up.refusals(assurance))}
            self._declared[function.__name__] = {**said, "is_public": scope == PUBLIC, "is_writing": writes}
            return function

        return register

    def reads(self, body: type[BaseModel]) -> Callable[[Callable[..., Response[str]]], Callable[..., Response[str]]]:
        """Say in the API reference what the body is of an operation that reads it by itself, as it came."""

        def note(function: Callable[..., Response[str]]) -> Callable[..., Response[str]]:
            self._read_bodies[function.__name__] = body
            return function

        return note

    def _guarded(
        self,
        function: Callable[..., Response[str]],
        arguments: Arguments,
        scope: str,
        assurance: Assurance,
        policy: rate_limits.Name,
    ) -> Callable[..., Response[str]]:
        """Return the function as the router calls it: behind the credential, rate, scope and check of its fields."""

        @functools.wraps(function)
        def respond(**path_values: str) -> Response[str]:
            event = self.current_event
            # In events of payload 2.0 the names are lower case.
            headers = event.raw_event["headers"]
            if scope == PUBLIC:
                self._rate_headers = rate_limits.count_address(self._source_address(), policy)
            else:
                caller = self._identified(headers)
                self._rate_headers = rate_limits.count_caller(caller)
                auth.require(caller, scope)
                step_up.require(caller, assurance, now=clock.now())
                self._caller = caller
            return function(**arguments.read(event, headers, path_values))

        return respond

    def route(self, *args: Any, **kwargs: Any) -> Any:
        """Register a route as Powertools does. Raises TypeError when it says neither a scope nor PUBLIC."""
        if not (kwargs.get("openapi_extensions") or {}).get("x-scope"):
            raise TypeError("declare the operation with `operation`, which wants a scope or PUBLIC")
        return super().route(*args, **kwargs)

    def resolve(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Return the answer to an event as API Gateway wants it (payload 2.0), a refusal if need be.

        Powertools looks for middlewares, dependencies, CORS and compression first, which is half of the time from entry
        to function (docs/performance.md); there are none here.
        """
        BaseRouter.current_event = APIGatewayProxyEventV2(dict(event))
        BaseRouter.lambda_context = context
        self._caller, self._rate_headers = None, _UNCOUNTED
        try:
            response = self._respond()
        except Refusal as refusal:
            response = self._refuse(refusal)
        except Exception as error:
            response = self._break(error)
        headers = {**security_headers.EVERYWHERE, **self._rate_headers, **response.headers}
        body = "" if self.current_event.http_method == "HEAD" else response.body
        return {"statusCode": response.status_code, "headers": headers, "body": body}

    def _respond(self) -> Response[str]:
        path, sent = self.current_event.path, self.current_event.http_method
        method = "GET" if sent == "HEAD" else sent
        # A variable part of a path holds no slash, so only routes of as many parts can match.
        for route in self._routes_by_shape.get((method, path.count("/")), ()):
            is_safe = _is_safe(route)
            if (match := route.rule.match(path)) and (is_safe or sent == method):
                response: Response[str] = route.func(**match.groupdict())
                if not is_safe:
                    return response
                return conditional.answered(response, self.current_event.raw_event["headers"].get("if-none-match"))
        self._rate_headers = rate_limits.count_address(self._source_address())
        raise self._unknown(path)

    @functools.cached_property
    def _routes_by_shape(self) -> dict[tuple[str, int], list[Route]]:
        shapes: dict[tuple[str, int], list[Route]] = {}
        for route in (*self._static_routes, *self._dynamic_routes):
            shapes.setdefault((route.method, route.path.count("/")), []).append(route)
        return shapes

    def _unknown(self, path: str) -> Refusal:
        """Return the refusal of a method that the path does not know, or of a path that nobody knows."""
        routes = [*self._static_routes, *self._dynamic_routes]
        found = [route for route in routes if route.rule.match(path)]
        allowed = sorted({route.method for route in found} | {"HEAD" for route in found if _is_safe(route)})
        if allowed:
            detail = f"{self.current_event.http_method} is not supported here; use {', '.join(allowed)}."
            return MethodNotSupported(detail, headers={"Allow": ", ".join(allowed)})
        return RouteNotFound("There is nothing at this path; /api/v1/docs lists all there is.")

    def _identified(self, headers: Mapping[str, str]) -> Caller:
        """Return the caller; whoever fails to say who they are is counted by where they come from."""
        try:
            return auth.from_headers(headers)
        except (auth.Unauthenticated, auth.AmbiguousCredential):
            self._rate_headers = rate_limits.count_address(self._source_address())
            raise

    def _source_address(self) -> str:
        """Return where the request comes from as API Gateway saw it; what a header says of that, anybody can write."""
        return str(self.current_event.raw_event["requestContext"]["http"].get("sourceIp", ""))

    def _refuse(self, refusal: Refusal) -> Response[str]:
        document = problems.problem(refusal, self._request_id())
        return Response(refusal.status, problems.MEDIA_TYPE, json.dumps(document), refusal.headers)

    def _break(self, error: Exception) -> Response[str]:
        logger.exception("unhandled exception", exc_info=error, request_id=self._request_id())
        return self._refuse(InternalError("Something broke on our side; it has been logged under this request id."))

    def _request_id(self) -> str:
        return str(self.current_event.raw_event.get("requestContext", {}).get("requestId", ""))


def _is_safe(route: Route) -> bool:
    """Return whether a route is a GET that changes nothing."""
    return route.method == "GET" and not UNSAFE.keys() <= (route.openapi_extensions or {}).keys()


def _tag(path: str) -> str:
    """Return under which heading of the API reference a path stands."""
    return path.split("/")[3] if path.startswith("/api/v1/") else "discovery"


def answer(
    status: int,
    body: Mapping[str, Any] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> Response[str]:
    """Return the response with a JSON body (none for None), and its `ETag` when the body has a `version`."""
    sent = dict(headers or {})
    if body is None:
        return Response(status, None, "", sent)
    if "version" in body:
        sent["ETag"] = f'"{body["version"]}"'
    return Response(status, "application/json", to_json(body).decode(), sent)


def handler(api: Api, graphql: Callable[[dict[str, Any], LambdaContext], Any] | None = None) -> Callable[..., Any]:
    """Return the Lambda handler of a context: AppSync events go to its fields, all others to its routes."""

    def handle(event: dict[str, Any], context: LambdaContext) -> Any:
        if graphql is not None and "info" in event:
            return graphql(event, context)
        return api.resolve(event, context)

    return handle
