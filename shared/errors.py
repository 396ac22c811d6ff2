"""Refusals: what Milepost says when it will not do what was asked.

A refusal is expected. It is raised where it is known, as a subclass next to the raiser; the class name is the
`code` a client can rely on. `shared/api/rest.py` turns it into `application/problem+json` (RFC 9457) or a GraphQL
error.

    Refusal
    ├── Malformed          400  the request cannot be read
    ├── Unauthenticated    401  no valid credential          (shared/callers/auth.py)
    ├── Forbidden          403  a known caller may not do this
    ├── NotFound           404  not there, or not for this caller to know
    │   └── RouteNotFound       … because nothing has this path
    ├── MethodNotAllowed   405  the path knows other methods
    │   └── MethodNotSupported  … and `Allow` names them
    ├── Conflict           409  the present state does not allow it
    ├── Stale              412  `If-Match` names another version
    ├── TooLarge           413  more than one request may carry
    ├── UnsupportedMedia   415  a body that is not JSON
    ├── NotAllowed         422  readable, but a rule forbids it
    │   └── InvalidInput        … and the fields are named
    ├── TooManyRequests    429  slower, please
    ├── InternalError      500  something broke here; not expected, and logged
    └── Unavailable        503  the table did not answer; nothing can be said of the write
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar, TypedDict


class FieldError(TypedDict):
    """One refused field: where it stands (`tags.0`, `history.3.at`) and what to do about it."""

    field: str
    reason: str


class Refusal(Exception):
    """The root of all refusals; `detail` is one sentence for a person, `errors` names fields.

    `code` is the stable name of the refusal: that of its class, e.g. `GoalNotFound`, unless the class says otherwise.
    """

    status: ClassVar[int] = 422
    code: ClassVar[str] = "Refusal"
    is_guess = False
    """Whether a credential was looked at before it was refused, so that it counts as a wrong one."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.code = cls.__dict__.get("code", cls.__name__)

    def __init__(
        self,
        detail: str,
        *,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})

    @property
    def members(self) -> Mapping[str, Any]:
        """What a caller is told besides: members of the problem document, and details of a GraphQL error."""
        return {}


class Malformed(Refusal):
    """400: the request cannot be read."""

    status = 400


class Forbidden(Refusal):
    """403: the caller is known and may not do this."""

    status = 403


class NotFound(Refusal):
    """404: it does not exist, or the caller may not know that it does."""

    status = 404


class MethodNotAllowed(Refusal):
    """405: the path exists, the method does not."""

    status = 405


class Conflict(Refusal):
    """409: the present state of the item does not allow this."""

    status = 409


class Gone(Refusal):
    """410: it was there, and is not any more; to repeat the request is of no use."""

    status = 410


class Stale(Refusal):
    """412: the item is at another version than `If-Match` says; read it again."""

    status = 412


class TooLarge(Refusal):
    """413: more than one request may carry."""

    status = 413


class UnsupportedMedia(Refusal):
    """415: the body is not JSON."""

    status = 415


class NotAllowed(Refusal):
    """422: the request can be read, but a rule forbids it."""

    status = 422


class InvalidInput(NotAllowed):
    """422: fields of the request break a rule; `errors` names each."""

    @classmethod
    def of(cls, field: str, reason: str) -> "InvalidInput":
        """Return the refusal of a single field."""
        return cls(f"{field}: {reason}", errors=[{"field": field, "reason": reason}])


class TooManyRequests(Refusal):
    """429: the caller is over a limit; `Retry-After` says when to come back."""

    status = 429


class Unavailable(Refusal):
    """503: the table did not answer in time. Repeat the request with the same `Idempotency-Key`."""

    status = 503


class RouteNotFound(NotFound):
    """404: no operation has this path."""


class MethodNotSupported(MethodNotAllowed):
    """405: the path exists, the method does not; `Allow` names those that do."""


class InternalError(Refusal):
    """500: something broke here; it has been logged under the request id."""

    status = 500
