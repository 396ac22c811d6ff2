"""The check of rows over GraphQL."""

from typing import Any

from functions.goals.graphql import graphql
from functions.goals.resolver import WRITE
from functions.goals.views import View
from shared.api import casing


@graphql.field("Query", "checkRows", scope=WRITE)
def check_rows(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Check rows of a task and its goal by the rules of the writes."""
    # Imported here because no other field has to wait for it on a cold start.
    from functions.goals.checks import checks, shapes  # noqa: PLC0415

    checked = checks.run(graphql.caller, shapes.RowsCheck.model_validate(input))
    for error in [error for result in checked["results"] for error in result["errors"]]:
        error["field"] = casing.camel_name(error["field"])
    return checked
