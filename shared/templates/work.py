"""Work: what rendering one template may cost, whatever its author has written.

python-liquid limits the output, the nesting and each loop by itself. A chain of filters, many loops one after the other
and lists made of ranges stay free, and so does a comparison of two long values. So every filter, loop and variable that
is kept or read is charged to one account here.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, NamedTuple, cast
from zoneinfo import ZoneInfo

from babel import Locale
from liquid import BoundTemplate, RenderContext, Token
from liquid.exceptions import ResourceLimitError
from liquid.undefined import UNDEFINED

MAX_SOURCE = 100_000
MAX_OUTPUT = 500_000
MAX_VALUE = 100_000
MAX_ELEMENTS = 1_000
# Characters that are read or made: two seconds of CPU at most. A letter of ten kilobytes needs some thousands.
MAX_WORK = 2_000_000

Filter = Callable[..., Any]
# No name of Liquid, so no template can read it.
_READER = " reader"


class Reader(NamedTuple):
    """Whom a text is rendered for: how they write, and where their days begin."""

    locale: Locale
    time_zone: ZoneInfo


class Account(RenderContext):
    """The context of one rendering, which counts its work."""

    __slots__ = ("_kept", "_work")

    def __init__(self, template: BoundTemplate, **kwargs: Any) -> None:
        super().__init__(template, **kwargs)
        self._work = 0
        self._kept = 0

    @property
    def reader(self) -> Reader:
        """Whom this rendering is for."""
        return cast("Reader", self.globals[_READER])

    def charge(self, work: int) -> None:
        """Count work before it is done. Raises ResourceLimitError once it is too much."""
        self._work += work
        if self._work > MAX_WORK:
            raise ResourceLimitError("it takes too long", token=None)

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        """Return a variable, charged as if all of it were read: whoever compares it does so."""
        found = super().get(path, token=token, default=default)
        self._charge_all(found)
        return found

    def _charge_all(self, value: object) -> None:
        """Count the characters of a value and of what it holds, up to where that is too much."""
        self.charge(len(value) + 1 if isinstance(value, str) else 1)
        if isinstance(value, dict):
            for each in value.items():
                self._charge_all(each)
        elif isinstance(value, list | tuple):
            for each in value:
                self._charge_all(each)

    def assign(self, key: str, val: Any) -> None:
        """Keep a variable. Raises ResourceLimitError when all of them are too large."""
        self.charge(1)
        self._kept += sys.getsizeof(val) - sys.getsizeof(self.locals.get(key, ""))
        if self._kept > MAX_VALUE:
            raise ResourceLimitError("its variables are too large", token=None)
        self.locals[key] = val

    @contextmanager
    def loop(self, namespace: Any, forloop: Any) -> Iterator[RenderContext]:
        """Go through a list. A round may cost as much as the whole source, whatever stands in the loop."""
        self.charge(forloop.length * cast("Counted", self.template).length)
        with super().loop(namespace, forloop) as context:
            yield context


class Counted(BoundTemplate):
    """A template whose renderings are counted."""

    context_class = Account
    # Of its source.
    length = MAX_SOURCE

    def render_for(self, reader: Reader, values: dict[str, Any]) -> str:
        """Return the text. Raises LiquidError, or whatever its filters raise."""
        return self.render({**values, _READER: reader})


def counted(name: str, filter_: Filter) -> Filter:
    """Return a filter that is charged for what it reads and what it makes, and refuses to make too much."""

    @wraps(filter_)
    def wrapper(value: Any, *arguments: Any, context: Account, **named: Any) -> Any:
        sizes = [_size(each) for each in (value, *arguments)]
        made = _made(name, value, arguments, sizes)
        if made > MAX_VALUE:
            raise ResourceLimitError(f"{name} makes too much", token=None)
        context.charge(sum(sizes) + made)
        if getattr(filter_, "with_context", False):
            named["context"] = context
        if getattr(filter_, "with_environment", False):
            named["environment"] = context.env
        result = filter_(value, *arguments, **named)
        if isinstance(result, list) and len(result) > MAX_ELEMENTS:
            raise ResourceLimitError(f"{name} makes too long a list", token=None)
        return result

    wrapper.with_context = True  # type: ignore[attr-defined]
    return wrapper


def _size(value: Any) -> int:
    """Return the characters of a text, or of a list's texts, that a filter reads. Raises ResourceLimitError."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, int):
        return value.bit_length() // 3 + 1
    if isinstance(value, list | tuple | range):
        if len(value) > MAX_ELEMENTS:
            raise ResourceLimitError("the list is too long", token=None)
        return sum(map(_size, value))
    return len(str(value))


def _made(name: str, value: Any, arguments: tuple[Any, ...], sizes: list[int]) -> int:
    """Return how many characters a filter makes at most."""
    if name.startswith("replace") and len(arguments) > 1:
        old, text = str(arguments[0]), str(value)
        times = text.count(old) if old else len(text) + 1
        return sizes[0] + times * sizes[2]
    if name == "join" and isinstance(value, list | tuple | range):
        return sizes[0] + len(value) * (sizes[1] if arguments else 1)
    if name in ("uniq", "sort", "sort_natural") and isinstance(value, list | tuple | range):
        return len(value) * len(value) // 10
    return sum(sizes)
