"""What events tell of leads: ids and totals, and never who it is."""

import json
from typing import Any

from shared.messaging import declarations
from tests.audience.following import happened
from tests.audience.people import Person

AT = "2026-11-01T10:00:00Z"
PRIVATE = ("ada@example.org", "+442079460958", "Lovelace", "crm-1")


def test_each_change_has_one_event_with_the_state_after_it(ada: Person):
    lead = ada.creates(emails=["ada@example.org"], phones=["+442079460958"], name="Lovelace", external_id="crm-1")
    path = f"/leads/{lead['lead_id']}"
    ada.patch(path, {"status": "customer"})
    ada.post(f"{path}/orders", {"order_id": "o", "amount_minor_units": 5, "currency": "EUR", "ordered_at": AT})
    ada.post(f"{path}/visits", {"visit_id": "v", "visited_at": AT})
    ada.post(f"{path}/consents", {"subject": "email", "state": "denied", "source": "shop"})
    ada.delete(path)
    events = happened(*(name for name in declarations.EVENTS if name.startswith("audience.")))

    assert [each.event_type.removeprefix("audience.") for each in events] == [
        "lead.created",
        "lead.updated",
        "order.recorded",
        "lead.visited",
        "lead.consent_recorded",
        "lead.erased",
    ]
    assert [state(each)["version"] for each in events] == [1, 2, 3, 4, 5, 6]
    assert [state(each)["status"] for each in events] == ["present"] * 5 + ["erased"]
    assert [state(each)["total_spend_minor_units"] for each in events] == [0, 0, 5, 5, 5, 5]
    told = json.dumps([each._asdict() for each in events])
    assert [text for text in PRIVATE if text in told] == []


def test_an_import_has_one_event_for_each_part_and_none_where_nothing_changed(ada: Person):
    rows: list[dict[str, Any]] = [{"external_id": str(number)} for number in range(50)]
    became = ada.imports(*rows)
    ada.imports(*rows)
    ada.imports({"external_id": "0", "name": "A"}, *rows[1:])
    events = happened("audience.lead.imported")
    inserted = [lead_id for each in events for lead_id in each.data["inserted_ids"]]

    assert len(events) == 3
    assert sorted(inserted) == sorted(each["lead_id"] for each in became)
    assert [each.data["updated_ids"] for each in events if each.data["updated_ids"]] == [[became[0]["lead_id"]]]


def state(event: Any) -> dict[str, Any]:
    return dict(event.state)
