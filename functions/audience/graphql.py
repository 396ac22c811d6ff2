"""The audience over GraphQL: what the fields of all subjects share."""

import json
from collections.abc import Callable
from typing import Any

from functions.audience.leads.leads import View
from shared.api.graphql import Fields
from shared.errors import InvalidInput, Refusal
from shared.storage.idempotency import Claim

graphql = Fields()


def claim() -> Claim | None:
    """Return the claim of the `Idempotency-Key` that came with the field."""
    return graphql.claim(f"USER#{graphql.caller.user_id}")


def if_match(expected_version: int | None) -> str | None:
    """Return the `If-Match` that REST would be sent for this version."""
    return None if expected_version is None else f'"{expected_version}"'


def shown(view: View) -> View:
    """Return a lead as AppSync wants it: AWSJSON is a text, and what has names of the tenant's own is a list."""
    consent = [{"subject": subject, **given, "text": None} for subject, given in view["consent"].items()]
    return {**view, "consent": consent, "metadata": written(view["metadata"])}


def written(value: Any) -> str:
    """Return a value as AWSJSON."""
    return json.dumps(value, ensure_ascii=False)


def parsed(name: str, text: Any, *, too_deep: Callable[[], Refusal] | None = None) -> Any:
    """Return the value of AWSJSON. Raises InvalidInput for what is no JSON.

    What is nested too deeply to be read is refused as `too_deep` says, or as no JSON.
    """
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except ValueError as error:
        raise InvalidInput.of(name, "is not valid JSON") from error
    except RecursionError as error:
        raise (too_deep() if too_deep else InvalidInput.of(name, "is not valid JSON")) from error
