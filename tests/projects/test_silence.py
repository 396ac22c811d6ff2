"""No event has an amount, a note, or another text that people wrote: whatever hears of it, webhooks too."""

import json

import pytest

from functions.projects.event_types import EVENT_TYPES
from tests.aws import scheduler
from tests.aws.buckets import make_the_bucket
from tests.platform.held import stored
from tests.projects.every_call import every_project_call
from tests.projects.team import Person

AMOUNTS = {"amount_minor_units", "amount", "currency_of_amount"}
WRITTEN = ("Royal Society", "Mill assembled", "Engine No. 2", "The mill jams", "Not needed", "Drawings are signed")


def test_no_event_has_an_amount_or_a_text_of_people(
    pepper: str, ada: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
):
    make_the_bucket()
    scheduler.make_surroundings(monkeypatch)
    every_project_call(ada.acting_as("admin"), ben)
    every = [item for item in stored().values() if item.get("entity") == "Event"]
    events = [each for each in every if each["event_type"].startswith("projects.")]
    told = json.dumps(events, default=str)

    assert {each["event_type"] for each in events} >= {"projects.project.created", "projects.milestone.rejected"}
    assert {each["event_type"] for each in events} <= EVENT_TYPES.keys()
    assert [text for text in WRITTEN if text in told] == []
    assert not [each for each in events if AMOUNTS & {*each["data"], *(each.get("state") or {})}]
