"""The GraphQL entry as AppSync keeps it: the schema decides what may be asked for and holds every answer to its types.

A field is asked for with its whole selection, so whatever the schema promises of an answer is checked.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLNamedType,
    GraphQLObjectType,
    build_schema,
    get_named_type,
    graphql_sync,
)

from tests.aws.entries import Context, appsync_event

FUNCTIONS = Path(__file__).parents[2] / "functions"
OF_APPSYNC = """
scalar AWSDateTime
scalar AWSDate
scalar AWSJSON
directive @aws_iam on FIELD_DEFINITION | OBJECT
directive @aws_lambda on FIELD_DEFINITION | OBJECT
directive @aws_subscribe(mutations: [String!]!) on FIELD_DEFINITION
"""
ROOTS = {"Query", "Mutation", "Subscription"}


@dataclass(frozen=True)
class Reply:
    """What a client of AppSync gets: the field's value, or its error."""

    data: Any
    error_type: str | None = None
    message: str = ""
    info: Any = None

    @property
    def fields(self) -> list[str]:
        return [error["field"] for error in self.info["errors"]]


@dataclass(frozen=True)
class _Request:
    resolver_context: Mapping[str, str] | None
    headers: Mapping[str, str]


class Entry:
    """The fields of one context; `nested` are those below the roots that have a resolver of their own."""

    def __init__(
        self, context: str, handler: Callable[..., Any], *, nested: Collection[tuple[str, str]] = frozenset()
    ) -> None:
        sdl = (FUNCTIONS / context / "schema.graphql").read_text(encoding="utf-8")
        self.schema = build_schema(OF_APPSYNC + sdl)
        self.nested = nested
        self._handler = handler

    @property
    def kinds(self) -> dict[str, dict[str, GraphQLField]]:
        """What people may ask for, by kind of operation; AppSync lets only roles to the rest."""
        roots = {
            "query": self.schema.query_type,
            "mutation": self.schema.mutation_type,
            "subscription": self.schema.subscription_type,
        }
        return {kind: _for_people(root.fields) if root else {} for kind, root in roots.items()}

    def ask(
        self,
        field: str,
        arguments: Mapping[str, Any],
        *,
        resolver_context: Mapping[str, str] | None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask for a field with all that it has, as whom the authorizer let in."""
        result = graphql_sync(
            self.schema,
            self._document(field),
            variable_values=dict(arguments),
            context_value=_Request(resolver_context, headers or {}),
            field_resolver=self._resolve,
        )
        if not result.errors:
            return Reply(result.data[field])
        error = result.errors[0]
        details = error.extensions or {}
        return Reply(None, details.get("errorType", "SchemaRefused"), error.message, details.get("errorInfo"))

    def _resolve(self, source: Any, info: Any, **arguments: Any) -> Any:
        type_name, field = info.parent_type.name, info.field_name
        if type_name not in ROOTS and (type_name, field) not in self.nested:
            return source.get(field)
        request: _Request = info.context
        event = appsync_event(
            type_name,
            field,
            arguments,
            resolver_context=request.resolver_context,
            headers=request.headers,
            source=source,
        )
        value = self._handler(event, Context())
        if isinstance(value, dict) and value.get("__milepost_error"):
            error = value["error"]
            raise GraphQLError(error["message"], extensions={"errorType": error["code"], "errorInfo": error["details"]})
        # What a subscription answers is for infra/constructs/subscribe.js; who subscribes is sent nothing yet.
        return None if type_name == "Subscription" else value

    def _document(self, field: str) -> str:
        kind, definition = next((kind, fields[field]) for kind, fields in self.kinds.items() if field in fields)
        declared = ", ".join(f"${name}: {argument.type}" for name, argument in definition.args.items())
        passed = ", ".join(f"{name}: ${name}" for name in definition.args)
        return (
            f"{kind} {f'({declared})' if declared else ''} "
            f"{{ {field}{f'({passed})' if passed else ''} {_selection(get_named_type(definition.type))} }}"
        )


def _for_people(fields: dict[str, GraphQLField]) -> dict[str, GraphQLField]:
    """Leave out what AppSync lets only roles to."""
    for_roles = {name for name, each in fields.items() if "aws_iam" in {d.name.value for d in each.ast_node.directives}}
    return {name: each for name, each in fields.items() if name not in for_roles}


def _selection(named: GraphQLNamedType) -> str:
    if not isinstance(named, GraphQLObjectType):
        return ""
    fields = [f"{name} {_selection(get_named_type(field.type))}" for name, field in named.fields.items()]
    return f"{{ {' '.join(fields)} }}"
