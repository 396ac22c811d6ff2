"""How a function declares where its arguments come from: `Annotated[int, Query(ge=1, le=100)]`.

The declarations are plain values, so that reading them needs no pydantic. A type that does need it is written as a
text and names the module that has it: `Annotated["GoalDraft", Body("functions.goals.shapes")]`.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from shared.errors import Refusal


class Place:
    """Where an argument comes from, its limits, and what the API reference says about it.

    `shapes` names the module whose types an annotation in quotes uses. `quick` reads the plain values of such a type
    without that module: it returns what the type would, and raises ValueError for values that only the type can judge.
    """

    __slots__ = ("alias", "description", "json_schema_extra", "limits", "quick", "shapes")

    def __init__(
        self,
        shapes: str | None = None,
        *,
        quick: Callable[[str], Any] | None = None,
        alias: str | None = None,
        description: str | None = None,
        json_schema_extra: Mapping[str, Any] | None = None,
        **limits: int,
    ) -> None:
        self.shapes = shapes
        self.quick = quick
        self.alias = alias
        self.description = description
        self.json_schema_extra = json_schema_extra
        self.limits = limits


class Query(Place):
    """A query parameter; `limits` are `ge` and `le` of a number, `min_length` and `max_length` of a text."""

    __slots__ = ()


class Header(Place):
    """A header, by its `alias` or by the name of the argument with hyphens."""

    __slots__ = ()


class Path(Place):
    """A part of the path whose type restricts it; a plain `str` needs no declaration."""

    __slots__ = ()


class Body(Place):
    """The JSON value of the body. `too_deep` makes the refusal of JSON that the parser cannot read for its depth."""

    __slots__ = ("too_deep",)

    def __init__(self, shapes: str | None = None, *, too_deep: Callable[[], Refusal] | None = None) -> None:
        super().__init__(shapes)
        self.too_deep = too_deep


def word(longest: int) -> Callable[[str], str]:
    """Return a reader of plain words, for `quick`: ASCII letters, digits, hyphens and underscores."""
    plain = re.compile(rf"[A-Za-z0-9_-]{{1,{longest}}}", re.ASCII).fullmatch

    def read(text: str) -> str:
        if plain(text) is None:
            raise ValueError("not a plain word")
        return text

    return read
