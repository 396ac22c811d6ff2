"""The line of the log that every request leaves: who called what, by which protocol, what came of it and how soon.

    {"message": "request", "protocol": "rest", "operation": "complete_task", "status": 200, "duration_ms": 4.21,
     "caller": "user", "tenant_id": "tenant_01…", "user_id": "user_01…", "request_id": "Hs7dXhQ4joEEMbg=", …}

What is done for the request belongs to it (`shared/correlation.py`) until its line is written, and its caller is the
actor of it (`shared/actors.py`).
"""

import time
from typing import Any, Final, Literal, Self

from shared import actors, correlation, log_lines
from shared.callers.caller import Caller
from shared.errors import InternalError
from shared.observability import logger

REQUEST_ID: Final = "X-Request-Id"
"""The header of every answer, with the id that the problem, the log and all that follows have as well."""

Protocol = Literal["rest", "graphql", "authorizer"]


class RequestLine:
    """The line of one request: what is answered meanwhile sets the attributes, and leaving it writes them.

    Nobody is known to act until `authenticated` names the caller.

    `operation` is what the API document or the schema calls it, None for a path that nobody knows. `code` is that of a
    refusal. Left by an exception, the line says that something broke.
    """

    __slots__ = ("_acting", "_begun", "_caller", "_correlation", "_protocol", "_token", "code", "operation", "status")

    def __init__(self, protocol: Protocol, request_id: str, traceparent: str | None) -> None:
        self._protocol = protocol
        self._correlation = correlation.new(request_id, traceparent=traceparent)
        self.operation: str | None = None
        self.status = InternalError.status
        self.code: str | None = None
        self._caller: Caller | None = None

    def __enter__(self) -> Self:
        self._begun = time.perf_counter_ns()
        self._token = correlation.enter(self._correlation)
        self._acting = actors.enter(actors.ANONYMOUS)
        return self

    def authenticated(self, caller: Caller) -> None:
        """Note who calls; from now on they are the actor."""
        self._caller = caller
        actors.enter(caller.actor)

    def __exit__(self, broken: type[BaseException] | None, *_: object) -> None:
        fields: dict[str, Any] = {"protocol": self._protocol}
        if self.operation is not None:
            fields["operation"] = self.operation
        fields["status"] = self.status
        if broken is not None:
            fields["code"] = InternalError.code
        elif self.code is not None:
            fields["code"] = self.code
        fields["duration_ms"] = log_lines.milliseconds_since(self._begun)
        _name(self._caller, fields)
        try:
            log_lines.write("request", correlation.known() or self._correlation, fields)
        except Exception as error:
            # What was asked for is done: its answer does not depend on what is said of it.
            logger.exception("the line of a request was not written", exc_info=error)
        finally:
            correlation.leave(self._token)
            actors.leave(self._acting)


def _name(caller: Caller | None, fields: dict[str, Any]) -> None:
    """Add who calls."""
    if caller is None:
        fields["caller"] = "anonymous"
        return
    fields["caller"] = "user" if caller.key_id is None else "service"
    fields["tenant_id"] = caller.tenant_id
    fields["user_id"] = caller.user_id
