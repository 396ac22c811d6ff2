"""What the table holds, and whether a call has changed it."""

from typing import Any

from shared.storage import attributes
from tests.aws.quick.table import standing_in
from tests.aws.stored_items import readable
from tests.goals.conftest import the_table

Stored = dict[tuple[str, str], dict[str, Any]]


def stored() -> Stored:
    """Return what the table holds, answers unpacked."""
    return {key: readable(attributes.load(item)) for key, item in raw().items()}


def raw() -> Stored:
    """Return what the table holds, as DynamoDB writes it."""
    quick = standing_in()
    if quick is not None:
        return dict(quick.items)
    items = [item.to_json()["Attributes"] for partition in the_table().items.values() for item in partition.values()]
    return {(item["PK"]["S"], item["SK"]["S"]): item for item in items}


def unchanged(before: dict[Any, Any], after: dict[Any, Any]) -> bool:
    """Tell whether a call left the table as it was, but for how much its caller has called."""
    first, second = ({key: items[key] for key in items if not key[0].startswith("RATE#")} for items in (before, after))
    return first == second
