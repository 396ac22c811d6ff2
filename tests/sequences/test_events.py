"""What events say of sequences, and how they are found again."""

from typing import Any

from infra.commands import tenant_events
from shared import clock
from tests.sequences.people import Person
from tests.sequences.stored import items

SCRIPTS = "/sequences/global/script"
ORDER_CHANGED = "sequences.order.changed"


def everything(ada: Person) -> None:
    scenes = ada.adds_type("scene", "rank")
    ada.has(SCRIPTS, 3)
    ada.has(scenes, 2)
    ada.post(f"{SCRIPTS}/elements/e1/versions", {"comment": "again"})
    ada.post(f"{SCRIPTS}/reorder", {"element_ids": ["e1", "e2"], "new_order": ["e2", "e1"]})
    ada.moves(scenes, "e2", before="e1")


def events(ada: Person) -> list[dict[str, Any]]:
    """Return all events of somebody's tenant as they happened."""
    found = [each for each in items(ada.tenant_id) if each["entity"] == "Event"]
    return sorted(found, key=lambda each: str(each["event_id"]))


def test_every_change_of_an_element_is_an_event_with_its_state(ada: Person):
    everything(ada)
    ada.delete(f"{SCRIPTS}/elements/e1")
    of_scripts = [each for each in events(ada) if each["data"]["element_type"] == "script"]
    of_one = [each for each in of_scripts if each["data"].get("element_id") == "e1"]

    assert [(each["event_type"].split(".")[-1], each["data"]["version_number"]) for each in of_one] == [
        ("created", 1),
        ("versioned", 2),
        ("deleted", 2),
    ]
    assert [(each["state"]["status"], each["state"]["sequence_number"]) for each in of_one] == [
        ("present", 1),
        ("present", 1),
        ("deleted", 2),
    ]
    assert {each["actor"]["id"] for each in of_scripts} == {ada.user_id}


def test_a_change_of_order_is_one_event_with_each_element_in_its_new_place(ada: Person):
    everything(ada)
    told = {each["data"]["reason"]: each["data"] for each in events(ada) if each["event_type"] == ORDER_CHANGED}
    names = ("element_id", "previous_sequence_number", "sequence_number")
    places = {reason: [[each[name] for name in names] for each in of["changes"]] for reason, of in told.items()}

    assert places == {"reorder": [["e1", 1, 2], ["e2", 2, 1]], "move": [["e2", 2, 2]]}


def test_whatever_happened_to_elements_is_found_by_the_key_of_their_tenant(ada: Person, eve: Person):
    everything(ada)
    everything(eve)

    found = tenant_events.between(ada.tenant_id, 0, clock.now() + clock.DAY)

    assert [each["event_id"] for each in found] == [each["event_id"] for each in events(ada)]
