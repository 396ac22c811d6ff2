"""What the function of an operation takes, read from an HTTP event (payload 2.0) in one pass of pydantic.

A function declares it as Powertools wants it, by `Query`, `Header` and `Body` in its signature, and the API reference
is made of that too. Powertools' own validation inspects every annotation anew for each request, which took a third of
all that was added to the calls of DynamoDB (docs/performance.md), and for an object it takes the first one of a list.
"""

import functools
import inspect
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_type_hints
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler.openapi.params import Header, Query
from aws_lambda_powertools.utilities.data_classes.common import BaseProxyEvent
from pydantic import BaseModel, Field, ValidationError, create_model

from shared.api import bodies, problems
from shared.errors import Malformed, TooLarge, UnsupportedMedia

MAX_BODY_BYTES = 1024 * 1024
_BODY = "body"


@dataclass(frozen=True, slots=True)
class _Declared:
    """What a signature declares: the model of all arguments, and where in an event their values are."""

    model: type[BaseModel]
    queries: list[str]
    headers: list[str]
    has_body: bool


class Arguments:
    """The arguments of the function of one path. Its signature is not looked at before the first event is read."""

    def __init__(self, function: Callable[..., Any], path: str, *, ignores_unknown_queries: bool = False) -> None:
        self._function = function
        self._path = path
        self._ignores_unknown_queries = ignores_unknown_queries

    def read(self, event: BaseProxyEvent, headers: Mapping[str, str], path_values: Mapping[str, str]) -> dict[str, Any]:
        """Return the arguments by name; `headers` have lower-case names.

        Raises InvalidInput, which names every field at fault and every query parameter that is unknown or comes twice;
        Malformed, TooLarge or UnsupportedMedia for a body.
        """
        declared = self._declared
        queries = event.query_string_parameters
        refused = [] if self._ignores_unknown_queries else _unknown(queries, declared.queries)
        refused += _repeated(str(event.raw_event.get("rawQueryString", "")), declared.queries)
        sent: dict[str, Any] = {**path_values}
        sent |= {name: queries[name] for name in declared.queries if name in queries}
        sent |= {name: headers[name] for name in declared.headers if name in headers}
        if declared.has_body and (body := _body(event, headers)) is not None:
            sent[_BODY] = body
        try:
            values = declared.model.model_validate(sent).__dict__
        except ValidationError as error:
            raise problems.invalid_input([*refused, *(dict(each) for each in error.errors())]) from error
        if refused:
            raise problems.invalid_input(refused)
        return values

    @functools.cached_property
    def _declared(self) -> _Declared:
        parameters = list(self._parameters())
        fields: dict[str, Any] = {
            name: (Annotated[hint, Field(alias=key)], default) for name, _, key, hint, default in parameters
        }
        return _Declared(
            model=create_model("Arguments", **fields),
            queries=[key for _, place, key, _, _ in parameters if place == "query"],
            headers=[key for _, place, key, _, _ in parameters if place == "header"],
            has_body=any(place == "body" for _, place, _, _, _ in parameters),
        )

    def _parameters(self) -> Iterator[tuple[str, Literal["path", "query", "header", "body"], str, Any, Any]]:
        """Yield each parameter: its name, where it is sent and by which name, its annotation and its default."""
        hints = get_type_hints(self._function, include_extras=True)
        for name, parameter in inspect.signature(self._function).parameters.items():
            hint, default = hints[name], ... if parameter.default is parameter.empty else parameter.default
            if f"<{name}>" in self._path:
                yield name, "path", name, hint, default
                continue
            marks = getattr(hint, "__metadata__", ())
            header = next((mark for mark in marks if isinstance(mark, Header)), None)
            if header is not None:
                yield name, "header", header.alias or name.replace("_", "-"), hint, default
            elif any(isinstance(mark, Query) for mark in marks):
                yield name, "query", name, hint, default
            else:
                yield name, "body", _BODY, hint, default


def _unknown(sent: Mapping[str, str], known: Sequence[str]) -> list[dict[str, Any]]:
    """Return an error, as pydantic writes them, for each query parameter that the operation does not know.

    To ignore one would let a caller believe in a filter that there is not.
    """
    takes = f"this operation takes {', '.join(known)}" if known else "this operation takes none"
    reason = f"unknown query parameter; {takes}"
    return [{"type": "unknown_query", "loc": (name,), "msg": reason} for name in sent if name not in known]


def _repeated(query: str, known: Sequence[str]) -> list[dict[str, Any]]:
    """Return an error for each known query parameter that was sent more than once.

    API Gateway joins their values by commas, so two categories would be taken for one that nobody has.
    """
    if query.count("&") == 0:
        return []
    names = [name for name, _ in parse_qsl(query, keep_blank_values=True)]
    return [
        {"type": "repeated_query", "loc": (name,), "msg": "must be sent once"}
        for name in known
        if names.count(name) > 1
    ]


def _body(event: BaseProxyEvent, headers: Mapping[str, str]) -> Any:
    """Return the JSON value of the body, None when there is none; what is too much or no JSON is not read at all."""
    text = event.body
    if not text:
        return None
    if len(text) > MAX_BODY_BYTES:
        raise TooLarge(f"A request body may have {MAX_BODY_BYTES} bytes.")
    media_type = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMedia(f"Send the body as application/json, not as {media_type}.")
    try:
        return json.loads(bodies.raw(event, headers) if event.is_base64_encoded else bodies.whole(text, headers))
    except (ValueError, RecursionError) as error:
        raise Malformed("The body is not valid JSON in UTF-8.") from error
