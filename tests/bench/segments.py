"""What a preview of a segment takes of the processor: 50,000 leads from a table that answers at once."""

import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from functions.audience.leads import leads, parts
from functions.audience.leads.leads import Lead
from functions.audience.querying import members
from functions.audience.segments import forms, matching
from functions.audience.segments.rules.rule import Rule
from shared import clock, ids
from shared.storage import attributes, table
from tests.bench import instant_table, scene
from tests.bench.figures import Figure, quick

TURNS = 5
LEADS = 50_000
PREVIEW_SECONDS = 2.5
RULE = {
    "op": "AND",
    "children": [
        {"type": "condition", "field": "total_spend", "operator": ">", "value": 1000},
        {
            "op": "OR",
            "children": [
                {"type": "condition", "field": "last_order_at", "operator": "<", "value": "3 months ago"},
                {"type": "condition", "field": "visits", "operator": "<", "value": 5},
                {"type": "condition", "field": "name", "operator": "CONTAINS", "value": "99"},
                {"type": "condition", "field": "metadata.plan", "operator": "=", "value": "gold"},
                {"type": "condition", "field": "tags", "operator": "!=", "value": "vip"},
            ],
        },
    ],
}


def measure() -> list[Figure]:
    """Return the figure of a preview over the leads of one tenant."""
    with instant_table.serving(_rules()) as endpoint, _pointed_at(endpoint):
        return judged([_seconds() for _ in range(TURNS)])


def judged(preview: list[float]) -> list[Figure]:
    """Return the figure of what turns took, in seconds of the processor."""
    return [Figure(f"a preview over {LEADS:,} leads: processor time", quick(preview), "s", PREVIEW_SECONDS)]


def _seconds() -> float:
    began = time.process_time()
    form = forms.of("tenant_1", Rule(RULE, "UTC"), now=clock.now())
    found = matching.counted("tenant_1", form.node, shown=members.MOST_SHOWN)
    members.views("tenant_1", found.sample)
    return time.process_time() - began


def _rules() -> instant_table.Rules:
    """Return the answers of the table: one page for each partition, with the attributes that the rule asks for."""
    kept = {
        "PK",
        "SK",
        *parts.attributes_of({"lead_id", "total_spend", "last_order_at", "visits", "name", "metadata", "tags"}),
    }
    pages: dict[str, list[Any]] = {}
    for number in range(LEADS):
        item = leads.to_item(_lead(number))
        pages.setdefault(item["PK"], []).append(
            attributes.dump({name: value for name, value in item.items() if name in kept})
        )
    nothing = {"Responses": {}, "UnprocessedKeys": {}}
    return [
        (".BatchGetItem", json.dumps(nothing)),
        *((place, json.dumps({"Items": page, "Count": len(page)})) for place, page in pages.items()),
        (".GetItem", "{}"),
    ]


def _lead(number: int) -> Lead:
    moment = clock.to_rfc3339(clock.now() - number * clock.SECOND)
    return Lead(
        "tenant_1",
        ids.new("lead"),
        moment,
        moment,
        version=3,
        external_id=f"crm-{number}",
        name=f"Person Number {number}",
        emails=(f"person{number}@example.org",),
        tags=("vip",) if number % 3 == 0 else ("newsletter", "shop"),
        base_spend=number % 5_000,
        base_visits=number % 50,
        orders=3,
        order_at=moment,
        metadata=json.dumps({"plan": "gold" if number % 2 else "free", "seats": number % 10}),
    )


@contextmanager
def _pointed_at(endpoint: str) -> Iterator[None]:
    """Let this process ask the table at this address, with keys that it does not look at."""
    before = dict(os.environ)
    os.environ |= scene.ENVIRONMENT | {"AWS_ENDPOINT_URL": endpoint}
    table._client.cache_clear()
    try:
        yield
    finally:
        os.environ.clear()
        os.environ |= before
        table._client.cache_clear()
