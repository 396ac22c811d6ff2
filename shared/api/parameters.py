"""The parameters of a function, read from its annotations, and how their plain values are read without pydantic.

A plain value is clearly right: a short enough text in ASCII, a decimal number in its range, `true`, one of the listed
words. All other values, right or wrong, are left to the model that `validation.py` makes of the same annotations.
"""

import functools
from collections.abc import Callable, Iterator, Mapping
from types import NoneType
from typing import Any, Final, Literal, get_args, get_origin

from shared.api.declarations import Body, Header, Path, Place

BODY: Final = "body"
"""The name under which a body stands among what was sent."""
REQUIRED: Final = object()
"""The default of a parameter that has none."""

_LONGEST: Final = 1 << 20
_MOST_DIGITS: Final = 9
# What the interpreter says of `*names` and `**names` (`inspect`, which would be imported at every cold start).
_COLLECTS: Final = 0x04 | 0x08
_BOOLEANS: Final[Mapping[str, bool]] = {"true": True, "false": False}

Reader = Callable[[str], Any]
"""Returns the value of a text. Raises LookupError or ValueError for a text that is not plain."""


class Parameter:
    """A parameter: its name, where and by which key its value is sent, its default, and what reads plain values."""

    __slots__ = ("default", "key", "name", "place", "reader")

    def __init__(self, name: str, key: str, place: Place, default: Any, reader: Reader | None) -> None:
        self.name = name
        self.key = key
        self.place = place
        self.default = default
        self.reader = reader

    def read(self, sent: Mapping[str, Any]) -> Any:
        """Return the value. Raises LookupError or ValueError if none is sent for it, or none that is plain."""
        if self.key not in sent:
            if self.default is REQUIRED:
                raise LookupError(self.key)
            return self.default
        if self.reader is None:
            raise ValueError(self.key)
        return self.reader(sent[self.key])


def of(function: Callable[..., Any], path: str) -> Iterator[Parameter]:
    """Yield the parameters of the function of a path. Raises TypeError for those that would never get a value."""
    if function.__code__.co_kwonlyargcount or function.__code__.co_flags & _COLLECTS:
        raise TypeError(f"{function.__qualname__} has parameters behind a *, which no request has values for")
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    defaults = function.__defaults__ or ()
    required = len(names) - len(defaults)
    annotations = function.__annotations__
    for position, name in enumerate(names):
        default = REQUIRED if position < required else defaults[position - required]
        yield _parameter(name, annotations[name], default, is_in_path=f"<{name}>" in path)


def _parameter(name: str, annotation: Any, default: Any, *, is_in_path: bool) -> Parameter:
    marks = getattr(annotation, "__metadata__", ())
    place = next((mark for mark in marks if isinstance(mark, Place)), None)
    if place is None:
        place = Path() if is_in_path else Body()
    return Parameter(name, _key(name, place), place, default, _reader(annotation, place))


def _key(name: str, place: Place) -> str:
    if isinstance(place, Body):
        return BODY
    return (place.alias or name.replace("_", "-")).lower() if isinstance(place, Header) else name


def _reader(annotation: Any, place: Place) -> Reader | None:
    """Return what reads the plain values of a type, None for a type that only pydantic can read."""
    if place.quick is not None or isinstance(place, Body):
        return place.quick
    marks = getattr(annotation, "__metadata__", ())
    declared = annotation.__origin__ if marks else annotation
    kinds = [declared] if get_origin(declared) is Literal else [*(get_args(declared) or (declared,))]
    match [kind for kind in kinds if kind is not NoneType]:
        case [kind] if all(mark is place for mark in marks):
            return _reader_of(kind, **place.limits)
    return None


def _reader_of(
    kind: Any, *, ge: int = 0, le: int = 10**_MOST_DIGITS, min_length: int = 0, max_length: int = _LONGEST
) -> Reader | None:
    if get_origin(kind) is Literal:
        return {word: word for word in get_args(kind)}.__getitem__
    if kind is bool:
        return _BOOLEANS.__getitem__
    if kind is int:
        return functools.partial(_number, least=ge, most=le)
    return functools.partial(_text, shortest=min_length, longest=max_length) if kind is str else None


def _text(text: str, *, shortest: int, longest: int) -> str:
    if not text.isascii() or not shortest <= len(text) <= longest:
        raise ValueError(text)
    return text


def _number(text: str, *, least: int, most: int) -> int:
    if len(text) > _MOST_DIGITS or not (text.isascii() and text.isdecimal()) or not least <= int(text) <= most:
        raise ValueError(text)
    return int(text)
