"""What a later version stored is read by this one, should it be deployed again: what it does not know is ignored."""

from decimal import Decimal
from typing import Any

import pytest

from functions.identity.api_keys import records as key_records
from functions.identity.api_keys.records import KeyEntry, Service
from functions.milestones import syncs
from functions.milestones.sync import Sync
from functions.webhooks import endpoints
from functions.webhooks.endpoints import Endpoint, Secret
from shared import ids

NOON = "2026-11-20T12:00:00.000Z"


def test_a_service_and_its_keys():
    key = KeyEntry("4kQzT0bX9aLm", "0Rz1", NOON, None)
    service = Service("tenant_1", "report", "user_1", ["goals:read"], None, False, None, [key], "user_2", NOON, 1)
    item = key_records.to_item(service)
    item["keys"] = [each | {"label": "blue"} for each in item["keys"]]

    assert key_records.from_item(item | {"label": "green"}) == service


def test_an_endpoint_and_its_secrets():
    secret = Secret("secret_1", "sealed", NOON, None)
    endpoint = Endpoint(
        "tenant_1", ids.new("endpoint"), "https://a.example", "", [], False, None, [secret], "user_1", NOON, NOON, 1
    )
    item = endpoints.to_item(endpoint)
    item["secrets"] = [each | {"label": "blue"} for each in item["secrets"]]

    assert endpoints.from_item(item | {"label": "green"}) == endpoint


@pytest.mark.parametrize("may_exist", [True, False])
def test_what_is_known_of_the_other_half_of_a_milestone(may_exist: bool):  # noqa: FBT001
    known = Sync(is_wanted=True, first_target=Decimal(10), heard_at=0, may_exist=may_exist)
    stored = syncs.to_attributes(known)

    # The version before refused a sync with an attribute more.
    assert "may_exist" not in stored
    assert syncs.from_attributes(stored | {"label": "blue"}, may_exist=may_exist) == known


@pytest.mark.parametrize(
    ("changes", "may_exist"),
    [
        ({}, False),
        ({"state": "waiting", "attempts": 1}, True),
        ({"state": "failed"}, True),
        ({"state": "refused", "attempts": 1}, True),
        ({"evaluator_id": "m-1", "state": "waiting", "attempts": 1}, False),
        ({"evaluator_id": "m-1", "is_lost": True, "state": "waiting", "attempts": 1}, True),
    ],
)
def test_a_milestone_of_an_earlier_version_is_doubted_once_its_creation_failed(
    changes: dict[str, Any],
    may_exist: bool,  # noqa: FBT001
):
    known = Sync(is_wanted=True, first_target=Decimal(10), heard_at=0)._replace(**changes)

    assert syncs.from_attributes(syncs.to_attributes(known), may_exist=None).may_exist is may_exist
