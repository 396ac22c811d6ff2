"""The routes of a context, and which of them a request is for.

A part of a path in angle brackets is variable and holds no slash, so only routes of as many parts can match.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from shared.api.admission import Admission
from shared.api.arguments import Arguments
from shared.api.replies import Reply
from shared.api.request import Response
from shared.callers.step_up import Assurance
from shared.errors import Refusal

# What a URI may hold (RFC 3986) as API Gateway decodes it, letters of every alphabet included.
_VALUE: Final = re.compile(r"[-._~()'!*:@,;=+&$%<> \[\]{}|^\w]+")


class Access(NamedTuple):
    """Who may call an operation, and which rate the requests count towards.

    `knows` is the context whose restrictions of API keys it applies, ANY_RESTRICTION for an operation that needs to
    apply none, None for one that knows of none.
    """

    scope: str
    assurance: Assurance
    admission: Admission
    knows: str | None = None


class ProblemForm(NamedTuple):
    """What the problem documents of an operation have besides (RFC 9457, section 3.2), and the model of them."""

    members: Callable[[Refusal], Mapping[str, Any]]
    model: Reply


class Shown(NamedTuple):
    """What the API reference says about an operation beside what its function declares."""

    summary: str
    answers: Mapping[int, Any]
    refusals: Sequence[type[Refusal]]
    reads: Reply | None
    is_writing: bool
    problems: ProblemForm | None = None


class Route:
    """An operation: its path, the function that answers it, and what that takes."""

    def __init__(
        self,
        method: str,
        path: str,
        function: Callable[..., Response],
        arguments: Arguments,
        access: Access,
        shown: Shown,
        *,
        is_safe: bool,
    ) -> None:
        self.method = method
        self.path = path
        self.function = function
        self.arguments = arguments
        self.access = access
        self.shown = shown
        self.is_safe = is_safe and method == "GET"
        self._parts = path.split("/")

    @property
    def openapi_path(self) -> str:
        """Return the path as OpenAPI writes it."""
        return self.path.replace("<", "{").replace(">", "}")

    def values(self, path: str) -> dict[str, str] | None:
        """Return what the variable parts of the path are, None when the path is another one."""
        found: dict[str, str] = {}
        parts = path.split("/")
        if len(parts) != len(self._parts):
            return None
        for declared, part in zip(self._parts, parts, strict=True):
            if declared.startswith("<"):
                if not _VALUE.fullmatch(part):
                    return None
                found[declared[1:-1]] = part
            elif declared != part:
                return None
        return found


class Routes:
    """The routes of a context. A path without variable parts comes before one that would take it too."""

    def __init__(self) -> None:
        self._fixed: dict[tuple[str, str], Route] = {}
        self._variable: dict[tuple[str, int], list[Route]] = {}

    def __iter__(self) -> Iterator[Route]:
        yield from self._fixed.values()
        for routes in self._variable.values():
            yield from routes

    def add(self, route: Route) -> None:
        """Add a route."""
        if "<" in route.path:
            self._variable.setdefault((route.method, route.path.count("/")), []).append(route)
        else:
            self._fixed[route.method, route.path] = route

    def find(self, sent_method: str, path: str) -> tuple[Route | None, dict[str, str]]:
        """Return the route of a request and the variable parts of its path; a HEAD is for a GET that is safe."""
        is_head = sent_method == "HEAD"
        method = "GET" if is_head else sent_method
        fixed = self._fixed.get((method, path))
        for route in [fixed] if fixed else self._variable.get((method, path.count("/")), ()):
            values = route.values(path)
            if values is not None and (route.is_safe or not is_head):
                return route, values
        return None, {}

    def methods(self, path: str) -> list[str]:
        """Return the methods that a path knows, sorted; none for a path that is not here."""
        found = [route for route in self if route.values(path) is not None]
        return sorted({route.method for route in found} | {"HEAD" for route in found if route.is_safe})
