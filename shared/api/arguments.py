"""What the function of an operation takes, read from a request.

A function declares it by `Query`, `Header`, `Path` and `Body` in its signature, and the API reference is made of that
too. Plain values are taken as they are; for all others pydantic is imported, which judges them in one pass.
"""

import functools
import json
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl

from shared.api import bodies, parameters
from shared.api.declarations import Body, Header, Query
from shared.api.parameters import BODY, Parameter
from shared.api.request import Request
from shared.errors import Malformed, TooLarge, UnsupportedMedia

if TYPE_CHECKING:
    from shared.api.validation import Model

MAX_BODY_BYTES = 1024 * 1024
_NO_JSON = "The body is not valid JSON in UTF-8."


class _Declared(NamedTuple):
    """What a signature declares: the parameters, and by which names a request may send them."""

    parameters: list[Parameter]
    queries: list[str]
    headers: list[str]
    body: Body | None


class Arguments:
    """The arguments of the function of one path. Its signature is not looked at before the first request is read."""

    def __init__(self, function: Callable[..., Any], path: str, *, ignores_unknown_queries: bool = False) -> None:
        self._function = function
        self._path = path
        self._ignores_unknown_queries = ignores_unknown_queries

    def read(self, request: Request, path_values: Mapping[str, str]) -> dict[str, Any]:
        """Return the arguments by name.

        Raises InvalidInput, which names every field at fault and every query parameter that is unknown or comes twice;
        Malformed, TooLarge or UnsupportedMedia for a body.
        """
        declared = self._declared
        query, headers = request.query, request.headers
        refused = [] if self._ignores_unknown_queries else _unknown(query, declared.queries)
        refused += _repeated(request.raw_query, declared.queries)
        sent: dict[str, Any] = {**path_values}
        sent |= {name: query[name] for name in declared.queries if name in query}
        sent |= {name: headers[name] for name in declared.headers if name in headers}
        body = None if declared.body is None else _body(request, declared.body)
        if body is None and not refused:
            try:
                return {each.name: each.read(sent) for each in declared.parameters}
            except (LookupError, ValueError):
                pass
        from shared.api import validation  # noqa: PLC0415 - most first requests do not need pydantic

        return validation.read(self._model, sent if body is None else {**sent, BODY: body}, refused)

    @functools.cached_property
    def _declared(self) -> _Declared:
        found = [*parameters.of(self._function, self._path)]
        return _Declared(
            parameters=found,
            queries=[each.key for each in found if isinstance(each.place, Query)],
            headers=[each.key for each in found if isinstance(each.place, Header)],
            body=next((each.place for each in found if isinstance(each.place, Body)), None),
        )

    @functools.cached_property
    def _model(self) -> "Model":
        from shared.api import validation  # noqa: PLC0415 - as above

        return validation.model(self._function, self._declared.parameters)


def _unknown(sent: Mapping[str, str], known: Sequence[str]) -> list[dict[str, Any]]:
    """Return an error, as pydantic writes them, for each query parameter that the operation does not know.

    To ignore one would let a caller believe in a filter that there is not.
    """
    unknown = [name for name in sent if name not in known]
    if not unknown:
        return []
    takes = f"this operation takes {', '.join(known)}" if known else "this operation takes none"
    reason = f"unknown query parameter; {takes}"
    return [{"type": "unknown_query", "loc": (name,), "msg": reason} for name in unknown]


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


def _body(request: Request, declared: Body) -> Any:
    """Return the JSON value of the body, None when there is none; what is too much or no JSON is not read at all."""
    text = request.body
    if not text:
        return None
    if len(text) > MAX_BODY_BYTES:
        raise TooLarge(f"A request body may have {MAX_BODY_BYTES} bytes.")
    media_type = request.headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMedia(f"Send the body as application/json, not as {media_type}.")
    try:
        return json.loads(bodies.raw(request) if request.is_base64 else bodies.whole(text, request.headers))
    except ValueError as error:
        raise Malformed(_NO_JSON) from error
    except RecursionError as error:
        raise (declared.too_deep() if declared.too_deep else Malformed(_NO_JSON)) from error
