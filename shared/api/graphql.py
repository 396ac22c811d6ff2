"""The GraphQL resolver of a context: AppSync fields on the same functions, with the same refusals, in camelCase.

A refusal leaves as an envelope that the one response handler (`infra/constructs/resolver.js`) raises as a GraphQL
error: `errorType` is its code, `errorInfo` its details. An exception would reach the client as `Lambda:Unhandled`.
"""

import functools
import json
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.event_handler import AppSyncResolver
from aws_lambda_powertools.utilities.typing import LambdaContext
from pydantic import ValidationError

from shared import clock
from shared.api import casing, problems, rate_limits
from shared.api.arguments import MAX_BODY_BYTES
from shared.callers import auth, step_up
from shared.callers.auth import Caller
from shared.callers.step_up import SIGNED_IN, Assurance
from shared.errors import InvalidInput, Refusal, TooLarge
from shared.storage import idempotency
from shared.storage.idempotency import Claim

MAX_PAGE = 100


class Fields(AppSyncResolver):
    """The Query, Mutation and Subscription fields of one context.

    `verbatim` names the values whose keys are the caller's and are not turned from one case to the other.
    """

    def __init__(self, *, verbatim: frozenset[str] = frozenset()) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._verbatim = verbatim

    @property
    def caller(self) -> Caller:
        """Return who calls, as the authorizer said."""
        caller: Caller = self.context["caller"]
        return caller

    @property
    def source(self) -> Mapping[str, Any]:
        """Return the object that a nested field belongs to, in camelCase as it was resolved."""
        event: Mapping[str, Any] = self.current_event.raw_event if self.current_event else {}
        return event.get("source") or {}

    def field(
        self, type_name: str, name: str, *, scope: str, assurance: Assurance = SIGNED_IN
    ) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
        """Register a function as the resolver of a field, for callers with the scope who are known surely enough."""

        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            @functools.wraps(function)
            def resolve(**arguments: Any) -> Any:
                auth.require(self.caller, scope)
                step_up.require(self.caller, assurance, now=clock.now())
                if _bytes(arguments) > MAX_BODY_BYTES:
                    raise TooLarge(f"The arguments of a field may have {MAX_BODY_BYTES} bytes; send less at once.")
                sent = casing.snake(arguments, verbatim=self._verbatim)
                return casing.camel(function(**sent), verbatim=self._verbatim)

            self.resolver(type_name=type_name, field_name=name)(resolve)
            return function

        return register

    def resolve(self, event: Any, context: LambdaContext, *args: Any, **kwargs: Any) -> Any:
        """Resolve the field of an AppSync event; a refusal comes back as an envelope."""
        try:
            identity = (event.get("identity") or {}).get("resolverContext") or {}
            caller = auth.from_resolver_context(identity)
            # What belongs to an object comes with the field that it was asked for, once for each object of a list.
            if not event.get("source"):
                rate_limits.count_caller(caller)
            self.append_context(caller=caller)  # type: ignore[no-untyped-call]
            return super().resolve(event, context, *args, **kwargs)
        except ValidationError as error:
            return _envelope(problems.invalid_input([dict(each) for each in error.errors()]))
        except Refusal as refusal:
            return _envelope(refusal)

    def claim(self, partition: str) -> Claim | None:
        """Return the claim of the `Idempotency-Key` header of the GraphQL request, on this field and its arguments."""
        event: Mapping[str, Any] = self.current_event.raw_event if self.current_event else {}
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


def _envelope(refusal: Refusal) -> dict[str, Any]:
    errors = [{"field": casing.camel_name(error["field"]), "reason": error["reason"]} for error in refusal.errors]
    details: dict[str, Any] = {"status": refusal.status, "errors": errors}
    if "Retry-After" in refusal.headers:
        details["retryAfter"] = int(refusal.headers["Retry-After"])
    error = {"code": refusal.code, "message": refusal.detail, "details": details}
    return {"__milepost_error": True, "error": error}


def _bytes(arguments: Mapping[str, Any]) -> int:
    """Return the size of arguments as JSON; halves of characters count too, for the fields to refuse."""
    return len(json.dumps(arguments, separators=(",", ":"), ensure_ascii=False).encode(errors="surrogatepass"))
