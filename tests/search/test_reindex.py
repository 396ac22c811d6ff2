"""The command by which an operator has an index built anew."""

import pytest

from functions.identity.accounts import tenants
from functions.search.collections import growth, pointers, tenant_index
from functions.search.everything import consumers, storing
from infra.commands import reindex
from infra.commands.reindex import Named
from infra.commands.restate import asked_by_operator
from shared import actors
from shared.messaging.search_feed import Fed
from shared.storage import table
from tests.infra.permissions import used
from tests.search.indexing.runs import pointer
from tests.search.people import Backbone, Person, stored_events

__all__ = ["used"]

KIND = {"type": "goal", "scope": "goals:read"}


@pytest.fixture
def ada(ada: Person) -> Person:
    """Somebody whose tenant is in the list of all tenants, with a collection."""
    place = tenants.entry_key(ada.tenant_id)
    table.put_many([{"PK": place.pk, "SK": place.sk, "entity": "TenantEntry", "tenant_id": ada.tenant_id}])
    ada.makes()
    return ada


def test_a_collection_is_found_by_its_id_and_by_its_tenant_and_name(ada: Person):
    there = Named(ada.tenant_id, "books")
    collection_id = ada.get("/collections/books").body["collection_id"]

    assert reindex.find(collection_id) == there
    assert reindex.find(f"{ada.tenant_id}/books") == there
    assert reindex.find("col_01KAEY3VJ0R8S4T0V6W2X9Y5Z1") is None
    assert reindex.find("books") is None
    assert reindex.find("nobody/books") is None
    assert reindex.find(f"{ada.tenant_id}/") is None


def test_the_command_says_how_far_the_index_is_until_it_answers(
    ada: Person, backbone: Backbone, capsys: pytest.CaptureFixture[str]
):
    ada.stores({"id": "moby", "title": "Moby-Dick"})
    backbone.runs()
    collection = ada.get("/collections/books").body
    before = pointers.objects(pointer(collection))
    with asked_by_operator():
        growth.rebuild(ada.tenant_id, "books")
    capsys.readouterr()

    def waits(seconds: float) -> None:
        backbone.runs()

    is_done = reindex.follow(collection["collection_id"], wait=waits)
    said = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("{")]

    assert is_done
    assert said == ["running: 0 documents of about 1", "completed: 1 documents of about 1"]
    assert not before & pointers.objects(pointer(collection))
    asked = [each for each in stored_events() if each.event_type == "search.collection.rebuild_requested"]
    assert [each.actor for each in asked] == [actors.OPERATOR.told()]


def test_the_index_of_a_tenant_is_built_anew_as_that_of_a_collection_is(
    ada: Person, eve: Person, backbone: Backbone, capsys: pytest.CaptureFixture[str]
):
    found = reindex.find(ada.tenant_id)
    index = tenant_index.of(ada.tenant_id)
    storing.store(Fed(ada.tenant_id, "goal_one", 1, {"title": "Paint", "text": [], "ids": [], "readers": []} | KIND))
    consumers.wake_up(ada.tenant_id)
    backbone.runs()
    before = pointers.objects(pointers.find(index.collection_id))
    assert found is not None
    growth.rebuild(*found)
    backbone.runs()

    assert reindex.find(eve.tenant_id) is None
    assert reindex.follow(index.collection_id, wait=lambda _: None)
    assert "completed: 1 documents of about 1" in capsys.readouterr().out
    assert before
    assert not before & pointers.objects(pointers.find(index.collection_id))


def test_of_a_collection_that_was_deleted_nothing_is_built(ada: Person, backbone: Backbone):
    collection_id = ada.get("/collections/books").body["collection_id"]
    growth.rebuild(ada.tenant_id, "books")
    ada.delete("/collections/books")
    backbone.runs()

    assert not reindex.follow(collection_id, wait=lambda _: None)


def test_it_calls_what_its_role_allows(ada: Person, used: set[str]):
    collection_id = ada.get("/collections/books").body["collection_id"]
    used.clear()
    found = reindex.find(collection_id)
    assert found is not None
    growth.rebuild(*found)
    used.discard("Scan")

    assert used == {"BatchGetItem", "PutItem", "Query"}
