"""What a tenant decides about its audience."""

from typing import Any

import pytest

from functions.audience.settings.shapes import CHANGE
from tests.audience.people import Person

DEFAULTS = {
    "phones_identify": True,
    "consent_required": [],
    "quiet_hours": {"sms": {"begins": "21:00", "ends": "08:00"}},
    "frequency_cap": None,
    "records_contacts": False,
    "topics": {},
    "sender_name": None,
    "postal_address": None,
    "language": None,
    "version": 0,
}


def test_before_anything_is_decided_sms_has_quiet_hours_and_nothing_else_is_set(ada: Person):
    assert ada.get("/audience/settings").body == DEFAULTS


def test_what_is_decided_is_kept_and_what_is_not_sent_stays(ada: Person):
    changed = ada.patch("/audience/settings", CHANGE)
    named = ada.patch("/audience/settings", {"sender_name": "Analytical Engines"})

    assert (changed.status, changed.body) == (200, DEFAULTS | CHANGE | {"version": 1})
    assert named.body == DEFAULTS | CHANGE | {"sender_name": "Analytical Engines", "version": 2}
    assert ada.get("/audience/settings").body == named.body


def test_what_is_taken_back_is_as_before(ada: Person):
    ada.patch("/audience/settings", CHANGE)
    back: dict[str, Any] = {"frequency_cap": None, "postal_address": None, "language": None, "topics": {}}
    changed = ada.patch("/audience/settings", back | {"consent_required": [], "quiet_hours": DEFAULTS["quiet_hours"]})

    assert changed.body == DEFAULTS | {"version": 2}


def test_no_hours_can_be_quiet(ada: Person):
    assert ada.patch("/audience/settings", {"quiet_hours": {}}).body["quiet_hours"] == {}


def test_numbers_that_identified_still_do_when_something_else_changes_and_not_again_when_they_did_not(ada: Person):
    assert ada.patch("/audience/settings", {"phones_identify": True, "language": "de"}).status == 200
    assert ada.patch("/audience/settings", {"phones_identify": False}).status == 200
    assert ada.patch("/audience/settings", {"language": "fr"}).body["phones_identify"] is False
    assert ada.patch("/audience/settings", {"phones_identify": True}).code == "PhonesShared"


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"consent_required": ["letter"]}, "consent_required.0"),
        ({"quiet_hours": {"sms": {"begins": "21:00", "ends": "21:00"}}}, "quiet_hours.sms"),
        ({"quiet_hours": {"sms": {"begins": "24:00", "ends": "08:00"}}}, "quiet_hours.sms.begins"),
        ({"quiet_hours": {"letter": {"begins": "21:00", "ends": "08:00"}}}, "quiet_hours.letter.[key]"),
        ({"frequency_cap": {"messages": 26, "days": 1}}, "frequency_cap.messages"),
        ({"frequency_cap": {"messages": 1, "days": 0}}, "frequency_cap.days"),
        ({"frequency_cap": {"messages": True, "days": 1}}, "frequency_cap.messages"),
        ({"topics": {"No Name": "News"}}, "topics.No Name.[key]"),
        ({"topics": {f"t{number}": "News" for number in range(21)}}, "topics"),
        ({"postal_address": " "}, "postal_address"),
        ({"language": "english please"}, "language"),
        ({"sender": "Ada"}, "sender"),
    ],
)
def test_what_cannot_be_decided_is_refused(ada: Person, sent: dict[str, Any], field: str):
    answer = ada.patch("/audience/settings", sent)

    assert (answer.status, answer.fields) == (422, [field])
