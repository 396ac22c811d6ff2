"""What there is to find in the demo: releases as documents, and a tour as a sequence."""

import pytest

from infra.demo import releases, tour
from infra.demo.account import Account, body_of

RELEASES = "/api/v1/collections/python-releases/documents"


@pytest.fixture
def loaded(account: Account, search_stage: None) -> Account:
    """Somebody who has loaded the demo twice."""
    for _ in range(2):
        releases.store(account)
        tour.write(account)
    return account


def test_every_release_is_a_document_once(loaded: Account) -> None:
    shown = loaded.get(f"{RELEASES}/python-3.14.0-candidate-2")

    assert shown["version"] == 1
    assert shown["document"] == {
        "id": "python-3.14.0-candidate-2",
        "title": "Python 3.14.0 candidate 2",
        "goal": "Python 3.14.0",
        "stage": "candidate",
        "state": "out",
        "day": "2025-08-14T12:00:00Z",
    }
    assert loaded.get(f"{RELEASES}/python-3.14.14")["document"]["state"] == "to come"
    assert len({each["id"] for each in releases.documents()}) == len(releases.documents()) == 43


def test_the_collection_has_an_alias(loaded: Account) -> None:
    assert loaded.get("/api/v1/collections/releases")["name"] == "python-releases"


def test_the_tour_is_in_its_order_and_what_was_rewritten_has_two_versions(loaded: Account) -> None:
    found = [(each["element_id"], each["version_number"]) for each in loaded.every(f"{tour.SEQUENCE}/elements")]

    assert found == [("goals", 2), ("tasks", 1), ("milestones", 1), ("search", 2), ("collections", 1), ("sequences", 1)]


def test_a_step_that_was_deleted_stays_away(loaded: Account) -> None:
    path = f"{loaded.api_url}{tour.SEQUENCE}/elements/goals"
    assert loaded.send("DELETE", path, token=loaded.token).status == 204
    tour.write(loaded)

    assert loaded.find(f"{tour.SEQUENCE}/elements/goals") is None


def test_what_a_user_has_changed_since_stays(loaded: Account) -> None:
    document = {
        "id": "python-3.14.14",
        "title": "Mine",
        "goal": "g",
        "stage": "s",
        "state": "s",
        "day": "2027-01-01T00:00:00Z",
    }
    change = {"operation": "upsert", "collection_name": "python-releases", "document": document}
    body_of(loaded.send("POST", f"{loaded.api_url}/api/v1/documents/sync", body=change, token=loaded.token))
    releases.store(loaded)

    assert loaded.get(f"{RELEASES}/python-3.14.14")["document"]["title"] == "Mine"
