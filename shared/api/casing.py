"""Names from one case to the other: `snake_case` in Python and REST, `camelCase` in GraphQL."""

import functools
import re
from typing import Any

_HUMP = re.compile(r"(?<=[a-z0-9])[A-Z]")
_GAP = re.compile(r"_([a-z0-9])")
# The schemas of all contexts have some 300 names; what else comes is forgotten again.
_KEPT_NAMES = 1024


def snake(value: Any, *, verbatim: frozenset[str] = frozenset()) -> Any:
    """Return a JSON value with all its names in snake_case; what is below the `verbatim` ones stays as it is."""
    if isinstance(value, dict):
        return {
            _snake_name(name): each if name in verbatim else snake(each, verbatim=verbatim)
            for name, each in value.items()
        }
    return [snake(each, verbatim=verbatim) for each in value] if isinstance(value, list) else value


def camel(value: Any, *, verbatim: frozenset[str] = frozenset()) -> Any:
    """Return a JSON value with all its names in camelCase; what is below the `verbatim` ones stays as it is."""
    if isinstance(value, dict):
        return {
            camel_name(name): each if name in verbatim else camel(each, verbatim=verbatim)
            for name, each in value.items()
        }
    return [camel(each, verbatim=verbatim) for each in value] if isinstance(value, list) else value


@functools.lru_cache(maxsize=_KEPT_NAMES)
def camel_name(name: str) -> str:
    """Return one name in camelCase."""
    return _GAP.sub(lambda gap: gap[1].upper(), name)


@functools.lru_cache(maxsize=_KEPT_NAMES)
def _snake_name(name: str) -> str:
    return _HUMP.sub(lambda hump: "_" + hump[0].lower(), name)
