"""A template: read once, checked, and rendered for one reader after the other.

The language is Liquid, by python-liquid. A template can neither include another, nor reach anything but the values it
is given, nor cost more than `work.py` allows. Values are put in and never read as Liquid themselves.
"""

from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal, cast
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from liquid import Environment
from liquid.exceptions import LiquidError
from liquid.static_analysis import Variable

from shared.errors import InvalidInput
from shared.templates import braces, filters, work

Kind = Literal["text", "html"]
# Plain data: whatever has methods could be reached into.
Value = str | int | bool | None | list["Value"] | dict[str, "Value"]

MAX_ERRORS = 20

_LEFT_OUT_TAGS = ("include", "render")


class BadTemplate(InvalidInput):
    """422: the template cannot be read, or names a variable that there is not; each error names its line."""


class TemplateFailed(InvalidInput):
    """422: the template cannot be rendered with these values, or costs too much."""


@dataclass(frozen=True)
class Template:
    """A template that was read and checked.

    Attributes:
        kind: of `html`, every value is escaped; of `text`, none.
        variables: the names of the values it uses, with the path to them: `name`, `metadata.city`.
    """

    kind: Kind
    variables: frozenset[str]
    _parsed: work.Counted

    def render(self, values: Mapping[str, Value], *, locale: str = "en", time_zone: str = "UTC") -> str:
        """Return the text for a reader, 500,000 bytes at most.

        What has no value is empty. `locale` is a tag of BCP 47; an unknown one counts as its language, else English.

        Raises:
            TemplateFailed: a filter cannot take its value, or it costs too much (`work.py`).
        """
        reader = work.Reader(_locale(locale), ZoneInfo(time_zone))
        try:
            return self._parsed.render_for(reader, dict(values))
        except Exception as error:  # Whatever a stranger's template brings the interpreter to is its own fault.
            raise TemplateFailed.of("template", _reason(error)) from error


def read(source: str, *, kind: Kind, variables: Collection[str], field: str = "template") -> Template:
    """Return a template after every check that needs no values.

    Args:
        source: Liquid, 100,000 characters at most.
        variables: the values there will be: `name`, `goal.title`, or `metadata.*` for whatever lies below.
        field: the name of the field it came in, for the errors.

    Raises:
        BadTemplate: it is too long, cannot be read, or uses a variable that is not there.
    """
    if len(source) > work.MAX_SOURCE:
        raise BadTemplate.of(field, f"at most {work.MAX_SOURCE:,} characters")
    if (fault := braces.fault(source)) is not None:
        raise BadTemplate.of(field, _at(source, *fault))
    try:
        parsed = cast("work.Counted", _ENVIRONMENTS[kind].from_string(source))
        found = parsed.analyze()
    except Exception as error:  # As above: a text of a stranger that breaks the parser is refused like any other.
        raise BadTemplate.of(field, _reason(error)) from error
    parsed.length = len(source)
    used = [each for uses in found.globals.values() for each in uses]
    unknown = [(each.span.index, f"variable {_path(each)[:100]}") for each in used if not _is_known(each, variables)]
    unknown += [
        (spans[0].index, f"filter {name[:100]}") for name, spans in found.filters.items() if name not in _FILTERS
    ]
    if unknown:
        reasons = [_at(source, index, f"there is no {what}") for index, what in sorted(unknown)[:MAX_ERRORS]]
        raise BadTemplate(f"{field}: {reasons[0]}", errors=[{"field": field, "reason": each} for each in reasons])
    return Template(kind, frozenset(map(_path, used)), parsed)


class _Environment(Environment):
    """Liquid without what reaches out of the template."""

    template_class = work.Counted
    output_stream_limit = work.MAX_OUTPUT

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:
        super().setup_tags_and_filters(extra=extra)
        for name in _LEFT_OUT_TAGS:
            del self.tags[name]


def _environment(kind: Kind) -> _Environment:
    made = _Environment(autoescape=kind == "html")
    made.filters = dict(_FILTERS)
    return made


_FILTERS = filters.allowed()
_ENVIRONMENTS: Mapping[Kind, _Environment] = {"text": _environment("text"), "html": _environment("html")}


def _locale(tag: str) -> Locale:
    for known in (tag, tag.split("-", maxsplit=1)[0]):
        with suppress(UnknownLocaleError, ValueError):
            return Locale.parse(known, sep="-")
    return Locale("en")


def _path(variable: Variable) -> str:
    return ".".join(str(each) if isinstance(each, str | int) else "*" for each in variable.segments)


def _is_known(variable: Variable, variables: Collection[str]) -> bool:
    path = _path(variable)
    if path in variables:
        return True
    parts = path.split(".")
    return any(".".join(parts[:length]) + ".*" in variables for length in range(1, len(parts) + 1))


def _at(source: str, index: int, reason: str) -> str:
    return f"line {source.count(chr(10), 0, index) + 1}: {reason}"


def _reason(error: Exception) -> str:
    """Return what is wrong, in a sentence, with its line where the library knows it."""
    if not isinstance(error, LiquidError):
        return f"this cannot be read or rendered as Liquid ({type(error).__name__})"
    place = error.context()
    said = str(error.message or "this cannot be read as Liquid")[:200]
    return f"line {place[0]}: {said}" if place else said
