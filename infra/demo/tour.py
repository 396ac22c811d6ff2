"""A tour through the demo, as a sequence of elements; some of them were rewritten, so they have two versions."""

import json
import uuid
from typing import Any

from infra.demo.account import Account
from infra.demo.histories import DATA

SEQUENCE = "/api/v1/sequences/tour/section"

Step = dict[str, Any]


def steps() -> list[Step]:
    """Return the steps of the tour in their order, each with its texts, the oldest first."""
    found: list[Step] = json.loads((DATA / "tour.json").read_text(encoding="utf-8"))
    return found


def write(account: Account) -> None:
    """Make the elements and versions that are not there. Raises NotDone."""
    elements = [
        {"element_id": step["element_id"], "comment": step["comment"], "data": {"text": step["texts"][0]}}
        for step in steps()
    ]
    account.post(f"{SEQUENCE}/batch", {"elements": elements}, idempotency_key=str(uuid.uuid4()))
    for step in steps():
        path = f"{SEQUENCE}/elements/{step['element_id']}"
        known = account.find(path)
        # One that somebody has deleted stays away.
        for text in step["texts"][known["version_number"] :] if known else []:
            draft = {"comment": step["comment"], "label": "rewritten", "data": {"text": text}}
            account.post(f"{path}/versions", draft, idempotency_key=str(uuid.uuid4()))
