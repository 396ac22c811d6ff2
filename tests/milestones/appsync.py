"""The GraphQL door as AppSync keeps it: the schema decides what may be asked for and holds every answer to its types.

A field is asked for with its whole selection, so whatever the schema promises of an answer is checked.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLField,
    build_schema,
    get_named_type,
    graphql_sync,
)

from functions.milestones import api
from tests.doors import Context, appsync_event
from tests.goals.appsync import Reply, _selection

SDL = (Path(api.__file__).parent / "schema.graphql").read_text(encoding="utf-8")
SCHEMA = build_schema("scalar AWSDateTime scalar AWSDate scalar AWSJSON\n" + SDL)
QUERIES: dict[str, GraphQLField] = SCHEMA.query_type.fields
MUTATIONS: dict[str, GraphQLField] = SCHEMA.mutation_type.fields


@dataclass(frozen=True)
class _Request:
    resolver_context: Mapping[str, str] | None
    headers: Mapping[str, str]


def ask(
    field: str,
    arguments: Mapping[str, Any],
    *,
    resolver_context: Mapping[str, str] | None,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    request = _Request(resolver_context, headers or {})
    result = graphql_sync(
        SCHEMA, _document(field), variable_values=dict(arguments), context_value=request, field_resolver=_resolve
    )
    if not result.errors:
        return Reply(result.data[field])
    error = result.errors[0]
    details = error.extensions or {}
    return Reply(None, details.get("errorType", "SchemaRefused"), error.message, details.get("errorInfo"))


def _resolve(source: Any, info: Any, **arguments: Any) -> Any:
    type_name, field = info.parent_type.name, info.field_name
    if type_name not in {"Query", "Mutation"}:
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
    value = api.handler(event, Context())
    if isinstance(value, dict) and value.get("__milepost_error"):
        error = value["error"]
        raise GraphQLError(error["message"], extensions={"errorType": error["code"], "errorInfo": error["details"]})
    return value


def _document(field: str) -> str:
    kind, definition = ("query", QUERIES[field]) if field in QUERIES else ("mutation", MUTATIONS[field])
    declared = ", ".join(f"${name}: {argument.type}" for name, argument in definition.args.items())
    passed = ", ".join(f"{name}: ${name}" for name in definition.args)
    return (
        f"{kind} {f'({declared})' if declared else ''} "
        f"{{ {field}{f'({passed})' if passed else ''} {_selection(get_named_type(definition.type))} }}"
    )
