"""What callers send about the calls of probes. Unknown fields are refused."""

import json
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, model_validator

from functions.projects.probes import comparison, pointer
from functions.projects.probes.calls import Answered, Method
from functions.projects.probes.comparison import Comparison
from functions.projects.sent import asked
from shared import config
from shared.egress import client, destination
from shared.egress.destination import MAX_URL_LENGTH

MOST_HEADERS: Final = 10
MOST_EXPECTED: Final = 20
LONGEST_TEXT: Final = 200
LONGEST_BODY: Final = 2000
LARGEST: Final = 10**15
_SECRET_HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization", "x-api-key"})


def _reachable(url: str) -> str:
    destination.parse(url, allow_loopback=config.allow_loopback_webhooks())
    return url


def _header(name: str) -> str:
    if not client.is_allowed(name):
        raise ValueError("must be the name of a header that callers may set")
    return name


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float) and -LARGEST <= value <= LARGEST:
        return value
    raise ValueError(f"must be a text, a truth value, null, or a number up to {LARGEST}")


def _text(value: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise ValueError(f"must have at most {LONGEST_TEXT} characters")
    return _whole(value)


def _whole(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError("must not have halves of characters") from error
    return text


def _expected(value: Any) -> Any:
    if not isinstance(value, list):
        return _scalar(value)
    if not 1 <= len(value) <= MOST_EXPECTED:
        raise ValueError(f"must have 1 to {MOST_EXPECTED} values")
    return [_scalar(each) for each in value]


def _json(text: str) -> str:
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError("must be JSON") from error
    return _whole(text)


HeaderName = Annotated[str, StringConstraints(strict=True, min_length=1, max_length=64), AfterValidator(_header)]
HeaderValue = Annotated[str, StringConstraints(strict=True, max_length=200, pattern=r"^[\x20-\x7e]*$")]
Place = Annotated[str, StringConstraints(strict=True, max_length=pointer.LONGEST), AfterValidator(pointer.require)]
Url = Annotated[str, StringConstraints(strict=True, max_length=MAX_URL_LENGTH), AfterValidator(_reachable)]
Body = Annotated[str, StringConstraints(strict=True, max_length=LONGEST_BODY), AfterValidator(_json)]


class CallHeaderSent(BaseModel):
    """A header that goes with a call and may be shown."""

    model_config = asked({"name": "Accept", "value": "application/json"})

    name: HeaderName
    value: HeaderValue


class CallSecretSent(BaseModel):
    """A header whose value is never shown again."""

    model_config = asked({"header": "Authorization", "value": "Bearer 4f7c1a9e"})

    header: HeaderName = "Authorization"
    value: Annotated[
        str,
        StringConstraints(
            strict=True, min_length=1, max_length=1000, pattern=r"^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$"
        ),
        Field(description="The whole value of the header, such as `Bearer …`."),
    ]


class ProbeCallSent(BaseModel):
    """An address that a probe calls, and what it expects of the answer."""

    model_config = asked(
        {
            "url": "https://ci.example.com/api/builds/latest",
            "secret": {"header": "Authorization", "value": "Bearer 4f7c1a9e"},
            "pointer": "/state",
            "comparison": "eq",
            "expected": "passed",
            "if_true": "on_track",
            "if_false": "at_risk",
        }
    )

    method: Method = "GET"
    url: Annotated[Url, Field(description="An https address of the internet. Redirects are not followed.")]
    headers: Annotated[list[CallHeaderSent], Field(max_length=MOST_HEADERS)] = []
    body: Annotated[Body | None, Field(description="JSON, as a text; for `POST` alone.")] = None
    secret: Annotated[CallSecretSent | None, Field(description="Stored sealed, and never shown.")] = None
    pointer: Annotated[Place, Field(description="A JSON Pointer (RFC 6901) to what is compared.")] = ""
    comparison: Comparison
    expected: Annotated[
        Any,
        AfterValidator(_expected),
        Field(description="A text, number, truth value or null; a list of these for `in`, a pattern for `regex`."),
    ]
    if_true: Annotated[Answered, Field(description="The answer if it is as expected.")] = "on_track"
    if_false: Annotated[Answered, Field(description="The answer if it is not.")] = "at_risk"
    progress_pointer: Annotated[
        Place | None, Field(description="Where the answer has the progress, a whole number from 0 to 100.")
    ] = None

    @model_validator(mode="after")
    def _is_made(self) -> "ProbeCallSent":
        if self.body is not None and self.method == "GET":
            raise ValueError("must have no body with GET")
        names = [each.name.lower() for each in self.headers]
        names += [] if self.secret is None else [self.secret.header.lower()]
        if len({*names}) < len(names):
            raise ValueError("must name each header once")
        if _SECRET_HEADERS & {each.name.lower() for each in self.headers}:
            raise ValueError("must not have a secret among its headers; send it as secret, which is never shown")
        return self

    @model_validator(mode="after")
    def _is_compared(self) -> "ProbeCallSent":
        if isinstance(self.expected, list) != (self.comparison == "in"):
            raise ValueError("must expect a list with in, and one value with all others")
        if self.comparison in comparison.ORDERED and (
            isinstance(self.expected, bool) or not isinstance(self.expected, str | int | float)
        ):
            raise ValueError(f"must expect a number or a text with {self.comparison}")
        if self.comparison == "regex":
            if not isinstance(self.expected, str):
                raise ValueError("must expect a pattern with regex")
            comparison.require_pattern(self.expected)
        return self

    def fields(self) -> dict[str, Any]:
        """Return what is called and compared; what was not sent is left out."""
        return self.model_dump(exclude_none=True) | {"expected": self.expected}
