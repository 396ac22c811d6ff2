"""The audience of the demo: its people with their orders, and three segments of them, brought in once each."""

import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any, Final

from infra.demo import people
from infra.demo.account import Account, NotDone

LEADS: Final = "/api/v1/leads"
SEGMENTS: Final = "/api/v1/segments"
TOPICS: Final = {"letter": "Our monthly letter", "offers": "Offers"}
SETTINGS: Final = {
    "sender_name": "Milepost Outfitters",
    "postal_address": "Milepost Outfitters, 1 Example Road, London SW1A 1AA, United Kingdom",
    "topics": TOPICS,
}
# As many as one request takes in a few seconds, also on a busy laptop.
_ROWS: Final = 250
_AT_ONCE: Final = 2


def _is(field: str, operator: str, value: object) -> dict[str, Any]:
    return {"type": "condition", "field": field, "operator": operator, "value": value}


READERS, CUSTOMERS, RECENT = "Readers of the letter", "Good customers", "Bought within three months"
RULES: Final = {
    READERS: {"op": "AND", "children": [_is("consent.email", "=", "granted"), _is("visits", ">=", 2)]},
    CUSTOMERS: {"op": "AND", "children": [_is("total_spend", ">=", 400), _is("order_count", ">=", 2)]},
    RECENT: {"op": "AND", "children": [_is("last_order_at", "WITHIN", "3 months")]},
}
EVERYBODY: Final = _is("tags", "=", people.TAG)


def bring(account: Account) -> None:
    """Bring in the people, their orders and the segments, unless the last of these is there. Raises NotDone."""
    if RECENT in segments(account):
        return
    account.patch("/api/v1/tenant", {"currency": people.CURRENCY})
    account.patch("/api/v1/audience/settings", SETTINGS)
    now = datetime.now(UTC)
    rows = people.every(now)
    parts = [rows[first : first + _ROWS] for first in range(0, len(rows), _ROWS)]
    with ThreadPoolExecutor(_AT_ONCE) as at_once:
        for _ in at_once.map(lambda part: _import(account, part), parts):
            pass
        for _ in at_once.map(lambda number: _buy(account, number, now), range(1, people.BUYERS + 1)):
            pass
    known = segments(account)
    for name, rule in RULES.items():
        if name not in known:
            account.post(SEGMENTS, {"name": name, "rule_ast": rule}, idempotency_key=str(uuid.uuid4()))


def segments(account: Account) -> dict[str, str]:
    """Return the ids of the segments by their names. Raises NotDone."""
    return {each["name"]: each["segment_id"] for each in account.every(SEGMENTS)}


def counted(account: Account, rule: dict[str, Any]) -> int:
    """Return how many people satisfy a rule, as far as the files of leads know. Raises NotDone."""
    answer = account.post(f"{SEGMENTS}/preview", {"rule_ast": rule}, idempotency_key=str(uuid.uuid4()))
    return int(answer["count"])


def _import(account: Account, rows: Sequence[people.Row]) -> None:
    answer = account.post(f"{LEADS}/bulk", {"rows": rows}, idempotency_key=str(uuid.uuid4()))
    refused = [each for each in answer["results"] if each["result"] in {"invalid", "conflict"}]
    if refused:
        raise NotDone(f"{len(refused)} people of the demo were not taken, such as {refused[0]}")


def _buy(account: Account, number: int, now: datetime) -> None:
    (found,) = account.get(f"{LEADS}?email={people.email(number)}")["items"]
    if found["order_count"] > 0:
        return
    for order in people.orders(number, now):
        account.post(f"{LEADS}/{found['lead_id']}/orders", order, idempotency_key=str(uuid.uuid4()))
