"""Two campaigns of the demo: one that ends within a minute, and one that goes on for a long while."""

import time
import uuid
from typing import Any, Final

from infra.demo import audience, people
from infra.demo.account import Account

CAMPAIGNS: Final = "/api/v1/campaigns"
FINISHED, RUNNING = "Autumn offers", "Monthly letter"
_PATIENCE_SECONDS: Final = 60
_EVERY_SECONDS: Final = 1.0

Campaign = dict[str, Any]

_DRAFTS: Final = (
    {
        "name": FINISHED,
        "segment": audience.CUSTOMERS,
        "topic": "offers",
        "subject": "{{ name | default: 'Hello' }}, a tent for the price of a map",
        "message_template": "Hello {{ name | default: 'there' }},\n\n"
        "you have spent {{ total_spend }} with us. Thank you: "
        "until Sunday everything for autumn is half as dear.\n\nNo more offers: {{ unsubscribe_url }}",
    },
    {
        "name": RUNNING,
        "segment": audience.READERS,
        "topic": "letter",
        "rate_per_minute": 12,
        "subject": "What is new on the way",
        "message_template": "Hello {{ name | default: 'there' }},\n\n"
        "three routes near {{ metadata.city | default: 'you' }}, "
        "and what to pack for them.\n\nNo more letters: {{ unsubscribe_url }}",
    },
)


def start(account: Account) -> None:
    """Start the campaigns that are not there, as soon as the files of leads know everybody. Raises NotDone."""
    known = {each["name"] for each in account.every(CAMPAIGNS)}
    missing = [draft for draft in _DRAFTS if draft["name"] not in known]
    if missing:
        _await_files(account)
    ids = audience.segments(account)
    for draft in missing:
        fields = {name: value for name, value in draft.items() if name != "segment"}
        body = {**fields, "segment_id": ids[str(draft["segment"])], "channel": "email", "purpose": "marketing"}
        made = account.post(CAMPAIGNS, body, idempotency_key=str(uuid.uuid4()))
        account.put(f"{CAMPAIGNS}/{made['campaign_id']}/status", {"status": "running"})


def await_end(account: Account) -> None:
    """Return when the first campaign has ended, or after a minute: it may still do so later. Raises NotDone."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < give_up:
        status = next((each["status"] for each in account.every(CAMPAIGNS) if each["name"] == FINISHED), "completed")
        if status in {"completed", "cancelled", "failed", "paused"}:
            return
        time.sleep(_EVERY_SECONDS)


def shown(account: Account) -> list[Campaign]:
    """Return the campaigns of the demo with their statistics, the finished one first. Raises NotDone."""
    found = {each["name"]: each for each in account.every(CAMPAIGNS)}
    there = [found[str(draft["name"])] for draft in _DRAFTS if draft["name"] in found]
    return [{**each, "stats": account.get(f"{CAMPAIGNS}/{each['campaign_id']}/stats")} for each in there]


def _await_files(account: Account) -> None:
    """Wait until the files of leads have everybody, a minute at most: they are written some time after the leads."""
    give_up = time.monotonic() + _PATIENCE_SECONDS
    while audience.counted(account, audience.EVERYBODY) < people.COUNT and time.monotonic() < give_up:
        time.sleep(_EVERY_SECONDS)
