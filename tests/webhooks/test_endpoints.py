"""Webhook endpoints of a tenant: made, changed, deleted, their secrets shown once."""

import json
from typing import Any

import pytest

from functions.webhooks import published
from tests.aws.quick.table import everything
from tests.aws.stored_items import readable
from tests.platform.declared import EVENT_TYPES
from tests.webhooks.people import Person, stored_events

AMONG_THEMSELVES = {
    "audience.campaign.stated",
    "audience.files.published",
    "audience.lead.asked",
    "audience.lead.stated",
    "goals.goal.stated",
    "milestones.milestone.stated",
    "milestones.milestone.sync_requested",
    "projects.milestone.goal_bound",
    "projects.milestone.kpi_bound",
    "payments.financing.stated",
    "payments.invoice.stated",
    "projects.milestone.stated",
    "projects.project.stated",
}
"""What a context tells its own consumers."""
WHO_DOES_WHAT_IN_PROJECTS = {
    *(f"projects.member.{what}" for what in ("added", "changed", "removed")),
    "projects.baseline.frozen",
    "projects.escalation.reminded",
    *(f"projects.probe.{what}" for what in ("created", "deleted", "ended", "paused", "reminded", "resumed", "updated")),
    *(f"projects.team.{what}" for what in ("changed", "created", "removed")),
    "projects.delegation.created",
    "projects.delegation.revoked",
    "projects.worklist.changed",
    *(f"projects.comment.{what}" for what in ("added", "deleted", "edited")),
    *(f"projects.escalation.action_{what}" for what in ("added", "completed")),
    *(f"projects.layer.{what}" for what in ("asked", "linked", "reassigned", "struck")),
    *(f"projects.layer.link_{what}" for what in ("bounced", "complained")),
    *(f"projects.probe.mail_{what}" for what in ("bounced", "complained")),
    *(f"projects.evidence.{what}" for what in ("abandoned", "announced", "downloaded")),
    *(f"projects.owner.{what}" for what in ("accepted", "assigned", "declined", "removed", "transferred")),
}
STEPS_OF_PAYMENTS = {
    *(f"payments.invoice.{what}" for what in ("changed", "deleted", "drafted", "payment_recorded", "send_requested")),
    *(f"payments.payment.{what}" for what in ("awaited", "claimed", "invoiced", "release_requested", "resumed")),
    *(f"payments.invoice_schedule.{what}" for what in ("changed", "created", "deleted")),
    "payments.financing.voted",
    "payments.payment.refund_requested",
    "payments.settings.changed",
}
FOR_THE_AUDIT_LOG = {
    "audience.provider.created",
    "audience.provider.deleted",
    "audience.provider.secret_rotated",
    "audience.provider.updated",
    "audience.suppression.added",
    "audience.suppression.imported",
    "audience.suppression.removed",
}
"""What says who may be written to and by whom; no endpoint is told."""
URL = "https://hooks.example.com/milepost"


def everything_stored() -> str:
    """Return the whole table as text."""
    return json.dumps([readable(item) for item in everything()])


def test_an_endpoint_is_made_shown_and_listed(ada: Person):
    made = ada.listens(URL, description="The team's channel", event_types=["goals.goal.completed", "goals.milestone.*"])
    shown = ada.get(f"/{made['endpoint_id']}")

    assert shown.status == 200
    assert shown.body == {name: value for name, value in made.items() if name != "secret"}
    assert shown.headers["ETag"].startswith('"1-')
    assert ada.get().body == {"items": [shown.body], "next_cursor": None}
    assert (shown.body["disabled"], shown.body["disabled_reason"], shown.body["failing_since"]) == (False, None, None)
    assert [event.event_type for event in stored_events()] == ["webhooks.endpoint.created"]


def test_a_list_goes_on_where_it_ended(ada: Person):
    made = [ada.listens(URL)["endpoint_id"] for _ in range(3)]
    first = ada.get("", "limit=2").body
    second = ada.get("", f"limit=2&cursor={first['next_cursor']}").body

    assert [each["endpoint_id"] for each in (*first["items"], *second["items"])] == made
    assert second["next_cursor"] is None


def test_a_secret_is_shown_once_and_is_nowhere_in_the_table(ada: Person):
    first = ada.post("", {"url": URL}, key="once")
    again = ada.post("", {"url": URL}, key="once")
    rotated = ada.post(f"/{first.body['endpoint_id']}/rotate-secret", key="twice")
    repeated = ada.post(f"/{first.body['endpoint_id']}/rotate-secret", key="twice")
    stored = everything_stored()

    assert first.body["secret"].startswith("whsec_")
    assert again.body == first.body | {"secret": None}
    assert rotated.body["secret"] != first.body["secret"]
    assert repeated.body == rotated.body | {"secret": None}
    assert len(ada.get().body["items"]) == 1
    assert "whsec_" not in stored
    assert first.body["secret"].removeprefix("whsec_") not in stored


def test_a_key_used_for_another_request_is_refused(ada: Person):
    ada.post("", {"url": URL}, key="once")
    answer = ada.post("", {"url": f"{URL}/other"}, key="once")

    assert (answer.status, answer.code) == (422, "IdempotencyKeyReused")


def test_a_change_keeps_what_was_not_sent(ada: Person):
    made = ada.listens(URL, description="before", event_types=["goals.*"])
    answer = ada.patch(f"/{made['endpoint_id']}", {"url": f"{URL}/after"}, if_match='"1"')

    assert answer.status == 200
    assert (answer.body["url"], answer.body["description"], answer.body["version"]) == (f"{URL}/after", "before", 2)
    assert answer.body["event_types"] == ["goals.*"]


def test_a_change_that_changes_nothing_makes_no_version(ada: Person):
    made = ada.listens(URL)

    assert ada.patch(f"/{made['endpoint_id']}", {"url": URL}).body["version"] == 1


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_of_an_older_version_is_refused(ada: Person, method: str):
    made = ada.listens(URL)
    ada.patch(f"/{made['endpoint_id']}", {"description": "newer"})
    body = {"description": "mine"} if method == "PATCH" else None
    answer = ada.rest(method, f"/{made['endpoint_id']}", body, headers={"if-match": '"1"'})

    assert (answer.status, answer.code) == (412, "VersionChanged")


def test_a_deleted_endpoint_is_gone(ada: Person):
    made = ada.listens(URL)
    answer = ada.delete(f"/{made['endpoint_id']}", if_match='"1"')

    assert answer.status == 204
    assert ada.get(f"/{made['endpoint_id']}").code == "EndpointNotFound"
    assert ada.delete(f"/{made['endpoint_id']}").code == "EndpointNotFound"
    assert ada.get().body["items"] == []


def test_a_tenant_has_twenty_endpoints_at_most(ada: Person, eve: Person):
    made = [ada.listens(URL) for _ in range(20)]
    answer = ada.post("", {"url": URL})

    assert (answer.status, answer.code) == (409, "TooManyEndpoints")
    assert eve.post("", {"url": URL}).status == 201
    ada.delete(f"/{made[0]['endpoint_id']}")
    assert ada.post("", {"url": URL}).status == 201


def test_three_secrets_sign_at_most(ada: Person):
    path = f"/{ada.listens(URL)['endpoint_id']}/rotate-secret"
    statuses = [ada.post(path).status for _ in range(3)]
    ended = ada.post(path, {"grace_seconds": 0})

    assert statuses == [201, 201, 409]
    assert (ended.status, len(ended.body["secrets"])) == (201, 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "url"),
        ({"url": ""}, "url"),
        ({"url": URL, "event_types": ["goals.goal.exploded"]}, "event_types.0"),
        ({"url": URL, "event_types": ["identity.session.started"]}, "event_types.0"),
        ({"url": URL, "event_types": ["*"]}, "event_types.0"),
        ({"url": URL, "event_types": ["goals.goal.comp*"]}, "event_types.0"),
        ({"url": URL, "event_types": "goals.*"}, "event_types"),
        ({"url": URL, "description": "a\nb"}, "description"),
        ({"url": URL, "description": "a" * 201}, "description"),
        ({"url": URL, "secret": "whsec_mine"}, "secret"),
    ],
)
def test_what_no_endpoint_can_be_is_refused_by_name(ada: Person, body: Any, field: str):
    answer = ada.post("", body)

    assert (answer.status, answer.fields) == (422, [field])
    assert ada.get().body["items"] == []


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
def test_the_endpoints_of_another_tenant_are_not_there(ada: Person, eve: Person, method: str):
    made = ada.listens(URL)
    body = {"description": "mine"} if method == "PATCH" else None
    answer = eve.rest(method, f"/{made['endpoint_id']}", body)

    assert (answer.status, answer.code) == (404, "EndpointNotFound")
    assert eve.get().body["items"] == []
    assert ada.get(f"/{made['endpoint_id']}").body["description"] == ""


@pytest.mark.parametrize("endpoint_id", ["nothing", "endpoint_01", "goal_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"])
def test_an_id_that_none_can_have_is_not_there(ada: Person, endpoint_id: str):
    assert ada.get(f"/{endpoint_id}").code == "EndpointNotFound"
    assert ada.post(f"/{endpoint_id}/test").code == "EndpointNotFound"
    assert ada.get(f"/{endpoint_id}/deliveries").code == "EndpointNotFound"


@pytest.mark.parametrize(
    ("scope", "method", "path"),
    [
        ("webhooks:read webhooks:write", "POST", ""),
        ("webhooks:write webhooks:admin", "GET", ""),
        ("webhooks:read webhooks:admin", "POST", "/endpoint_01KAFX9C2E4G6J8M0P3R5T7VWX/test"),
    ],
)
def test_each_scope_is_for_itself(ada: Person, scope: str, method: str, path: str):
    answer = ada.holding(scope).rest(method, path, {"url": URL} if path == "" and method == "POST" else None)

    assert (answer.status, answer.code) == (403, "InsufficientScope")


def test_what_may_be_listened_to_is_what_the_contexts_declare_of_work():
    work = ("audience.", "goals.", "milestones.milestone.", "payments.", "projects.", "workflows.")
    outside = {name for name in EVENT_TYPES if name.startswith(work)}

    kept = AMONG_THEMSELVES | FOR_THE_AUDIT_LOG | WHO_DOES_WHAT_IN_PROJECTS | STEPS_OF_PAYMENTS
    assert set(published.TYPES) - {published.DISABLED} == outside - kept


@pytest.mark.parametrize(
    "filters", [[], ["goals.*"], ["goals.goal.*"], ["goals.goal.created"], ["goals.task.*", "goals.goal.created"]]
)
def test_a_filter_lets_pass_what_it_names(filters: list[str]):
    assert published.matches(filters, "goals.goal.created")


@pytest.mark.parametrize("filters", [["milestones.*"], ["goals.task.*"], ["goals.goal.completed"]])
def test_a_filter_lets_nothing_else_pass(filters: list[str]):
    assert not published.matches(filters, "goals.goal.created")


def test_an_address_that_is_not_delivered_to_makes_no_endpoint(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "false")
    fields = [ada.post("", {"url": url}).fields for url in ("https://127.0.0.1/", "http://localhost:8000/")]
    made = ada.post("", {"url": "https://hooks.example.com/"}).body
    changed = ada.patch(f"/{made['endpoint_id']}", {"url": "https://[::1]/"})

    assert fields == [["url"], ["url"]]
    assert (changed.status, changed.fields) == (422, ["url"])


@pytest.mark.parametrize("limit", [0, -1, 10_001, 1.5, "30", True, [30]])
def test_a_limit_that_is_none_is_refused(ada: Person, limit: Any):
    assert ada.post("", {"url": URL, "max_per_minute": limit}).fields == ["max_per_minute"]
    endpoint = ada.listens(URL)
    assert ada.patch(f"/{endpoint['endpoint_id']}", {"max_per_minute": limit}).fields == ["max_per_minute"]


def test_a_limit_is_shown_changed_and_taken_away(ada: Person):
    endpoint = ada.listens(URL, max_per_minute=30.0)
    path = f"/{endpoint['endpoint_id']}"
    shown = [endpoint, ada.get(path).body, ada.get().body["items"][0]]
    changed = ada.patch(path, {"max_per_minute": 10_000}).body
    kept = ada.patch(path, {"description": "The team's channel"}).body
    gone = ada.patch(path, {"max_per_minute": None}).body

    assert [each["max_per_minute"] for each in (*shown, changed, kept, gone)] == [30, 30, 30, 10_000, 10_000, None]
