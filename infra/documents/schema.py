"""The contexts' parts of the GraphQL schema, joined: for AppSync, and as docs/schema.graphql for everybody else.

A context writes `type Query`, or extends it, as if it were alone; here the fields of one type come together. A type
that several contexts use, such as `Money`, is the same in the part of each.
`python -m infra.documents.schema` writes the document.
"""

import sys
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from graphql import (
    DefinitionNode,
    FieldDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs" / "schema.graphql"
ROOTS = {"Query", "Mutation", "Subscription"}
Fields = tuple[FieldDefinitionNode, ...]


@dataclass(frozen=True)
class Field:
    """A field that the function of a context resolves, or, when it is published, one that our own functions call."""

    context: str
    type_name: str
    name: str
    is_published: bool = False


@dataclass(frozen=True)
class Schema:
    """The joined schema, and the fields of it that need a resolver.

    AppSync is given `sdl`, which has no descriptions: it is said to refuse some of them, on values of an enum for one
    (https://github.com/aws/aws-appsync-community/issues/55). `described` is the same with all of them.
    """

    sdl: str
    described: str
    fields: tuple[Field, ...]


# A field below the roots is read off the answer of its root field, but for these, which cost a read of their own.
NESTED = {("Goal", "answers")}


@cache
def join(functions: Path) -> Schema:
    """Return the schema of all contexts under `functions` that have a `schema.graphql`, as it is when first asked."""
    types: dict[str, ObjectTypeDefinitionNode] = {}
    others: list[DefinitionNode] = []
    fields: list[Field] = []
    for path in sorted(functions.glob("*/schema.graphql")):
        for definition in parse(path.read_text(encoding="utf-8"), no_location=True).definitions:
            if isinstance(definition, ObjectTypeDefinitionNode | ObjectTypeExtensionNode):
                _merge(types, definition)
                fields += _resolved(path.parent.name, definition)
            else:
                others.append(definition)
    joined = [*types.values(), *others]
    return Schema(
        sdl=_text(visit(node, _WithoutDescriptions()) for node in joined), described=_text(joined), fields=tuple(fields)
    )


class _WithoutDescriptions(Visitor):
    """Takes the descriptions off a definition and all that is in it."""

    def enter(self, node: Node, *_: Any) -> Node | None:
        """Return the node without its description, None to leave it as it is."""
        if getattr(node, "description", None) is None:
            return None
        bare = copy(node)
        bare.description = None
        return bare


def _text(definitions: Iterable[DefinitionNode]) -> str:
    return "\n\n".join(print_ast(node) for node in definitions)


def _merge(
    types: dict[str, ObjectTypeDefinitionNode], definition: ObjectTypeDefinitionNode | ObjectTypeExtensionNode
) -> None:
    name = definition.name.value
    known = types.get(name)
    types[name] = ObjectTypeDefinitionNode(
        name=definition.name,
        description=(known and known.description) or getattr(definition, "description", None),
        interfaces=(*(known.interfaces if known else ()), *definition.interfaces),
        directives=(*(known.directives if known else ()), *definition.directives),
        fields=_together(name, known.fields if known else (), definition.fields),
    )


def _together(name: str, known: Sequence[FieldDefinitionNode], more: Sequence[FieldDefinitionNode]) -> Fields:
    """Return the fields of two parts of a type. What both have of a type below the roots is there once."""
    shared = set() if name in ROOTS else {print_ast(field) for field in known}
    return (*known, *(field for field in more if print_ast(field) not in shared))


def _resolved(context: str, definition: ObjectTypeDefinitionNode | ObjectTypeExtensionNode) -> list[Field]:
    type_name = definition.name.value
    return [
        Field(context, type_name, field.name.value, is_published=_is_for_roles(field))
        for field in definition.fields
        if type_name in ROOTS or (type_name, field.name.value) in NESTED
    ]


def _is_for_roles(field: FieldDefinitionNode) -> bool:
    return any(directive.name.value == "aws_iam" for directive in field.directives)


def main() -> int:
    """Write the document."""
    DOCUMENT.write_text(join(ROOT / "functions").described + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
