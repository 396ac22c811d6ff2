"""The fields of a collection: what each may hold, and whether the fields together make a schema.

A field is known to the index by its place in the schema, so that its name may be anything that JSON allows.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

MAX_FIELDS: Final = 100
ID: Final = "id"
"""The name of what every document is known by; a schema may name it, and has nothing to say of it."""

TEXTS: Final = frozenset({"string", "string[]"})
NUMBERS: Final = frozenset({"int64", "float", "datetime"})
_ORDERED: Final = NUMBERS | {"bool", "string"}


class Field(NamedTuple):
    """A field: its type, whether its values are counted, and whether it is searched, sorted by, or may be missing.

    Of one with `infix`, parts within words are found as well.
    """

    name: str
    type: str
    facet: bool = False
    optional: bool = False
    indexed: bool = True
    sort: bool = False
    infix: bool = False

    @property
    def is_text(self) -> bool:
        """Return whether it holds texts."""
        return self.type in TEXTS


class Flaw(NamedTuple):
    """What is wrong with a schema: where, and why."""

    field: str
    reason: str


def read(sent: Sequence[Mapping[str, Any]]) -> list[Field]:
    """Return the fields as they are kept, in their order; numbers, truth values and instants can be sorted by."""
    return [_read(each) for each in sent]


def shown(field: Field) -> dict[str, Any]:
    """Return a field as callers see it."""
    known = field._asdict()
    return {"index" if name == "indexed" else name: known[name] for name in known}


def flaws(fields: Sequence[Field], default_sorting_field: str | None) -> list[Flaw]:
    """Return what is wrong with the fields as a schema, nothing for a good one."""
    found = [*_names(fields)]
    for number, field in enumerate(fields):
        reason = _flaw(field)
        if reason is not None:
            found.append(Flaw(f"fields.{number}", reason))
    if default_sorting_field is not None and not _is_always_a_number(fields, default_sorting_field):
        reason = "must name a field of type int64, float or datetime that is indexed and not optional"
        found.append(Flaw("default_sorting_field", reason))
    return found


def named(fields: Sequence[Field], name: str) -> tuple[int, Field] | None:
    """Return the place and the field of a name, None for a name that is not in the schema; the empty one never is."""
    for number, field in enumerate(fields):
        if name and field.name == name:
            return number, field
    return None


def _read(sent: Mapping[str, Any]) -> Field:
    if sent["name"] == ID:
        # Every document has one, and it is not searched.
        return Field(ID, sent["type"], indexed=False)
    sorts = sent.get("sort")
    field = Field(
        name=sent["name"],
        type=sent["type"],
        facet=sent.get("facet", False),
        optional=sent.get("optional", False),
        indexed=sent.get("index", True),
        infix=sent.get("infix", False),
    )
    return field._replace(sort=field.indexed and field.type in NUMBERS | {"bool"} if sorts is None else sorts)


def _names(fields: Sequence[Field]) -> list[Flaw]:
    known: set[str] = set()
    found = []
    for number, field in enumerate(fields):
        if field.name in known:
            found.append(Flaw(f"fields.{number}.name", "must be another than that of the fields before"))
        known.add(field.name)
    return found


def _flaw(field: Field) -> str | None:
    if field.name == ID and field.type != "string":
        return "id is a string in every document; leave it out, or give it the type string"
    if not field.indexed and (field.facet or field.sort):
        return "only an indexed field has facets or can be sorted by; set index, or leave facet and sort out"
    if field.infix and not (field.is_text and field.indexed):
        return "only an indexed field of texts has words whose parts are found; leave infix out"
    if field.sort and field.type not in _ORDERED:
        return "a list cannot be sorted by; leave sort out"
    return None


def _is_always_a_number(fields: Sequence[Field], name: str) -> bool:
    found = named(fields, name)
    return found is not None and found[1].type in NUMBERS and found[1].sort and not found[1].optional
