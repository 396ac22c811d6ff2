"""The REST resolver of a context: who calls, may they, is it well-formed, and one way to answer or refuse.

A route declares its scope or says PUBLIC; there is no third way. The order for every request is: front, route,
credential, rate, scope, size and media type, fields, function. A refusal at any step is one `application/problem+json`.
A HEAD is a GET whose body is not sent, and whoever has what a GET would send is told so (`conditional.py`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any, Final

import orjson

from shared import clock
from shared.api import conditional, front, metrics, problems, rate_limits, security_headers
from shared.api.admission import EVERY_REQUEST, Admission, admit, refuse
from shared.api.arguments import Arguments
from shared.api.declarations import Header, Query
from shared.api.request import Request, Response
from shared.api.request_lines import REQUEST_ID, RequestLine
from shared.api.routes import Access, ProblemForm, Route, Routes, Shown
from shared.callers import auth, step_up
from shared.callers.auth import Caller
from shared.callers.step_up import SIGNED_IN, Assurance
from shared.errors import InternalError, MethodNotSupported, Refusal, RouteNotFound
from shared.observability import UNHANDLED, logger

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from shared.api.replies import Reply

PUBLIC: Final = "public"

_UNCOUNTED: Final[Mapping[str, str]] = {}
_JSON: Final = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False, allow_nan=False)

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


class Api:
    """The REST operations of one context, on API Gateway HTTP API events (payload 2.0)."""

    def __init__(self) -> None:
        self.routes = Routes()
        self._request: Request | None = None
        self._caller: Caller | None = None
        self._problems: ProblemForm | None = None
        self.rate_headers: Mapping[str, str] = _UNCOUNTED

    @property
    def request(self) -> Request:
        """Return the request that is answered."""
        if self._request is None:
            raise LookupError("there is no request")
        return self._request

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
        admission: Admission = EVERY_REQUEST,
        ignores_unknown_queries: bool = False,
        is_safe: bool = True,
        reads: "Reply | None" = None,
        problems: ProblemForm | None = None,
        knows: str | None = None,
    ) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        """Register a function as `METHOD path`, callable by whoever holds the scope, or by anyone if it is PUBLIC.

        `answers` maps a status to its body's model or the name of it (None: no body). `is_writing` is False for a POST
        that only asks, `is_safe` for a GET that changes something, which knows neither HEAD nor 304. `reads` is the
        model of the body of an operation that reads it itself, as it came. `admission` is for what is PUBLIC.
        `problems` is for refusals that say more than those of other operations. `knows` names the context whose
        restrictions of API keys the operation applies itself, or is ANY_RESTRICTION if it is about the caller's own
        alone; elsewhere keys that are bound to something are refused.
        """
        if not scope:
            raise TypeError("an operation has a scope or is PUBLIC")
        access = Access(scope, assurance, admission, knows)
        shown = Shown(summary, answers, refusals, reads, is_writing and method != "GET", problems)

        def register(function: Callable[..., Response]) -> Callable[..., Response]:
            arguments = Arguments(function, path, ignores_unknown_queries=ignores_unknown_queries)
            self.routes.add(Route(method, path, function, arguments, access, shown, is_safe=is_safe))
            return function

        return register

    def resolve(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Return the answer to an event as API Gateway wants it (payload 2.0), a refusal if need be."""
        self._request = request = Request(event)
        self._caller, self._problems, self.rate_headers = None, None, _UNCOUNTED
        with RequestLine("rest", request.request_id, request.headers.get("traceparent")) as line:
            try:
                response = self._respond(request, line)
            except Refusal as refusal:
                response, line.code = _refuse(refusal, request, self._problems), refusal.code
            except Exception as error:
                response, line.code = _break(error, request, self._problems), InternalError.code
            line.status = response.status
        told = {**security_headers.EVERYWHERE, **self.rate_headers, REQUEST_ID: request.request_id}
        body = "" if request.method == "HEAD" else response.body
        answer = {"statusCode": response.status, "headers": {**told, **response.headers}, "body": body}
        return answer | {"isBase64Encoded": True} if response.is_base64 else answer

    def _respond(self, request: Request, line: RequestLine) -> Response:
        front.require(request.headers)
        route, values = self.routes.find(request.method, request.path)
        if route is None:
            self.rate_headers = rate_limits.count_address(request.source_address)
            raise self._unknown(request)
        line.operation, self._problems = route.function.__name__, route.shown.problems
        self._admit(route, request, line)
        try:
            response = route.function(**route.arguments.read(request, values))
        except Refusal as refusal:
            if route.access.scope == PUBLIC:
                self.rate_headers = refuse(request.source_address, route.access.admission, refusal, self.rate_headers)
            raise
        return conditional.answered(response, request.headers.get("if-none-match")) if route.is_safe else response

    def _admit(self, route: Route, request: Request, line: RequestLine) -> None:
        """Count the request, and require that the caller may make it."""
        if route.access.scope == PUBLIC:
            self.rate_headers = admit(request.source_address, route.access.admission)
            return
        self._caller = caller = self._identified(request)
        line.authenticated(caller)
        self.rate_headers = rate_limits.count_caller(caller)
        auth.require(caller, route.access.scope, knows=route.access.knows)
        step_up.require(caller, route.access.assurance, now=clock.now())

    def _identified(self, request: Request) -> Caller:
        """Return the caller; whoever fails to say who they are is counted by where they come from."""
        try:
            return auth.from_headers(request.headers)
        except (auth.Unauthenticated, auth.AmbiguousCredential):
            self.rate_headers = rate_limits.count_address(request.source_address)
            raise

    def _unknown(self, request: Request) -> Refusal:
        """Return the refusal of a method that the path does not know, or of a path that nobody knows."""
        allowed = self.routes.methods(request.path)
        if allowed:
            detail = f"{request.method} is not supported here; use {', '.join(allowed)}."
            return MethodNotSupported(detail, headers={"Allow": ", ".join(allowed)})
        return RouteNotFound("There is nothing at this path; /api/v1/docs lists all there is.")


def _refuse(refusal: Refusal, request: Request, form: ProblemForm | None) -> Response:
    metrics.count_refused(metrics.REST_REFUSED, refusal.status)
    document = problems.problem(refusal, request.request_id)
    if form is not None:
        document |= form.members(refusal)
    return Response(refusal.status, problems.MEDIA_TYPE, json.dumps(document), refusal.headers)


def _break(error: Exception, request: Request, form: ProblemForm | None) -> Response:
    logger.exception(UNHANDLED, exc_info=error)
    told = InternalError("Something broke on our side; it has been logged under this request id.")
    return _refuse(told, request, form)


def answer(
    status: int,
    body: Mapping[str, Any] | None = None,
    *,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return the response with a JSON body (none for None), and its `ETag` when the body has a `version`."""
    sent = dict(headers or {})
    if body is None:
        return Response(status, None, "", sent)
    if "version" in body:
        sent["ETag"] = f'"{body["version"]}"'
    return Response(status, "application/json", _encoded(body), sent)


def _encoded(body: Mapping[str, Any]) -> str:
    try:
        return orjson.dumps(body).decode()
    except TypeError:
        # An integer of more than 64 bits, such as a target may be.
        return _JSON.encode(body)


def handler(
    api: Api, graphql: "Callable[[dict[str, Any], LambdaContext], Any] | None" = None
) -> "Callable[[dict[str, Any], LambdaContext], Any]":
    """Return the Lambda handler of a context: AppSync events go to its fields, all others to its routes."""

    def handle(event: dict[str, Any], context: "LambdaContext") -> Any:
        if graphql is not None and "info" in event:
            return graphql(event, context)
        return api.resolve(event)

    return handle
