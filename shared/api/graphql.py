"""The GraphQL resolver of a context: AppSync fields on the same functions, with the same refusals, in camelCase.

A refusal leaves as an envelope that the one response handler (`infra/constructs/resolver.js`) raises as a GraphQL
error: `errorType` is its code, `errorInfo` its details. An exception would reach the client as `Lambda:Unhandled`.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from shared import clock
from shared.api import casing, metrics, problems, rate_limits
from shared.api.arguments import MAX_BODY_BYTES
from shared.api.request_lines import RequestLine
from shared.callers import auth, step_up
from shared.callers.auth import Caller
from shared.callers.step_up import SIGNED_IN, Assurance
from shared.errors import InvalidInput, Refusal, TooLarge
from shared.observability import UNHANDLED, logger
from shared.storage import idempotency
from shared.storage.idempotency import Claim

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

MAX_PAGE = 100

_DONE: Final = 200
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


class _Field(NamedTuple):
    """What resolves a field, and whom it lets in."""

    function: Callable[..., Any]
    scope: str
    assurance: Assurance


class UnknownField(Exception):
    """The schema has a field that no function resolves."""


class Fields:
    """The Query, Mutation and Subscription fields of one context.

    `verbatim` names the values whose keys are the caller's and are not turned from one case to the other.
    """

    def __init__(self, *, verbatim: frozenset[str] = frozenset()) -> None:
        self._verbatim = verbatim
        self._functions: dict[tuple[str, str], _Field] = {}
        self._event: Mapping[str, Any] = {}
        self._caller: Caller | None = None

    @property
    def caller(self) -> Caller:
        """Return who calls, as the authorizer said."""
        if self._caller is None:
            raise LookupError("no field is resolved")
        return self._caller

    @property
    def names(self) -> Iterable[tuple[str, str]]:
        """Return the type and the name of every field that is resolved here."""
        return self._functions.keys()

    @property
    def source(self) -> Mapping[str, Any]:
        """Return the object that a nested field belongs to, in camelCase as it was resolved."""
        return self._event.get("source") or {}

    def field(
        self, type_name: str, name: str, *, scope: str, assurance: Assurance = SIGNED_IN
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a function as the resolver of a field, for callers with the scope who are known surely enough."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            self._functions[type_name, name] = _Field(function, scope, assurance)
            return function

        return register

    def resolve(self, event: Mapping[str, Any], context: "LambdaContext") -> Any:
        """Resolve the field of an AppSync event; a refusal comes back as an envelope. Raises UnknownField."""
        self._event, self._caller = event, None
        headers = (event.get("request") or {}).get("headers") or {}
        request_id = _request_id(headers, context)
        with RequestLine("graphql", request_id, headers.get("traceparent")) as line:
            try:
                answer = self._resolved(event, line)
            except Refusal as refusal:
                metrics.count_refused(metrics.GRAPHQL_REFUSED, refusal.status)
                line.status, line.code = refusal.status, refusal.code
                return _envelope(refusal, request_id)
            except Exception:
                logger.exception(UNHANDLED)
                raise
            line.status = _DONE
            return answer

    def _resolved(self, event: Mapping[str, Any], line: RequestLine) -> Any:
        line.operation = f"{event['info']['parentTypeName']}.{event['info']['fieldName']}"
        self._caller = caller = auth.from_resolver_context((event.get("identity") or {}).get("resolverContext") or {})
        line.authenticated(caller)
        # What belongs to an object comes with the field that it was asked for, once for each object of a list.
        if not event.get("source"):
            rate_limits.count_caller(caller)
        asked = event["info"]["parentTypeName"], event["info"]["fieldName"]
        field = self._functions.get(asked)
        if field is None:
            raise UnknownField(".".join(asked))
        auth.require(caller, field.scope)
        step_up.require(caller, field.assurance, now=clock.now())
        arguments = event["arguments"]
        if _bytes(arguments) > MAX_BODY_BYTES:
            raise TooLarge(f"The arguments of a field may have {MAX_BODY_BYTES} bytes; send less at once.")
        sent = casing.snake(arguments, verbatim=self._verbatim)
        return casing.camel(_called(field.function, sent), verbatim=self._verbatim)

    def claim(self, partition: str) -> Claim | None:
        """Return the claim of the `Idempotency-Key` header of the GraphQL request, on this field and its arguments."""
        event = self._event
        headers = (event.get("request") or {}).get("headers") or {}
        key = headers.get("idempotency-key")
        if not key:
            return None
        operation = f"{event['info']['parentTypeName']}.{event['info']['fieldName']}"
        return idempotency.claim(
            partition=partition, idempotency_key=key, operation=operation, request=event["arguments"]
        )


def limit_of(limit: int | None) -> int:
    """Return the size of a page, 20 unless asked for otherwise. Raises InvalidInput outside of 1 to 100."""
    if limit is None:
        return 20
    if not 1 <= limit <= MAX_PAGE:
        raise InvalidInput.of("limit", f"must be from 1 to {MAX_PAGE}")
    return limit


def connection(listed: tuple[list[dict[str, Any]], str | None]) -> dict[str, Any]:
    """Return a list as GraphQL clients of AppSync know it: `items` and `nextToken`."""
    return {"items": listed[0], "next_token": listed[1]}


def _called(function: Callable[..., Any], sent: Mapping[str, Any]) -> Any:
    """Return what a field answers. Raises InvalidInput for arguments of which it can make no model."""
    try:
        return function(**sent)
    except ValueError as error:
        from pydantic import ValidationError  # noqa: PLC0415 - no read needs it, and it is a third of a cold start

        if not isinstance(error, ValidationError):
            raise
        raise problems.invalid_input([dict(each) for each in error.errors()]) from error


def _request_id(headers: Mapping[str, str], context: "LambdaContext") -> str:
    """Return the id that AppSync gave the request, that of the call of this function if there is none."""
    request_id = headers.get("x-amzn-requestid", "")
    return request_id if _UUID.fullmatch(request_id) else context.aws_request_id


def _envelope(refusal: Refusal, request_id: str) -> dict[str, Any]:
    errors = [{"field": casing.camel_name(error["field"]), "reason": error["reason"]} for error in refusal.errors]
    details: dict[str, Any] = {
        "status": refusal.status,
        "errors": errors,
        "requestId": request_id,
        **casing.camel(refusal.members),
    }
    if "Retry-After" in refusal.headers:
        details["retryAfter"] = int(refusal.headers["Retry-After"])
    error = {"code": refusal.code, "message": refusal.detail, "details": details}
    return {"__milepost_error": True, "error": error}


def _bytes(arguments: Mapping[str, Any]) -> int:
    """Return the size of arguments as JSON; halves of characters count too, for the fields to refuse."""
    return len(json.dumps(arguments, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass"))
