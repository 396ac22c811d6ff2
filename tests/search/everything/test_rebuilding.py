"""The index of a tenant is built anew out of its documents, beside the one that answers, as that of a collection is."""

import json
import os

import boto3

from functions.search.collections import growth, pointers, rebuilds, tenant_index
from functions.search.collections.pointers import Pointer
from functions.search.indexing import indexer, readers
from tests.goals.people import Person
from tests.search.everything.feeding import Feed, finds, hits


def pointer(person: Person) -> Pointer:
    found = pointers.find(tenant_index.id_of(person.tenant_id), consistent=True)
    assert found is not None
    return found


def held(person: Person) -> tuple[int, int]:
    """Return of how many documents the segments of an index hold words, and how many of these are deleted."""
    segments = json.loads(pointer(person).meta)["segments"]
    return sum(each["max_doc"] for each in segments), sum(
        (each["deletes"] or {}).get("num_deleted_docs", 0) for each in segments
    )


def test_the_index_built_anew_finds_the_same_and_holds_no_words_of_what_was_erased(ada: Person, feed: Feed):
    for number in range(5):
        ada.sets_goal(title=f"Paint the house {number}")
    erased = ada.sets_goal(title="Zanzibar")
    feed.runs()
    ada.delete(f"/goals/{erased['goal_id']}")
    feed.runs()
    found, before = hits(ada, "paint"), pointer(ada)
    had = held(ada)
    growth.rebuild(ada.tenant_id, tenant_index.NAME)
    feed.runs()

    assert (had, held(ada)) == ((6, 1), (5, 0))
    assert pointers.objects(pointer(ada)) & pointers.objects(before) == set()
    assert hits(ada, "paint") == found
    assert pointer(ada).documents == 5


def test_what_changes_while_the_index_is_built_is_in_both(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Paint")
    feed.runs()
    growth.rebuild(ada.tenant_id, tenant_index.NAME)
    ada.patch(f"/goals/{goal['goal_id']}", {"title": "Draw"})
    other = ada.sets_goal(title="Draw a boat")
    feed.runs()
    built = rebuilds.find(tenant_index.id_of(ada.tenant_id))[1]

    assert built is not None
    assert built.state == rebuilds.COMPLETED
    assert {*finds(ada, "draw")} == {goal["goal_id"], other["goal_id"]}
    assert finds(ada, "paint") == []


def test_an_index_whose_files_are_gone_is_built_anew_when_something_changes(ada: Person, feed: Feed):
    goal = ada.sets_goal(title="Paint")
    feed.runs()
    for each in pointers.objects(pointer(ada)):
        boto3.client("s3").delete_object(Bucket=os.environ["FILES_BUCKET"], Key=each)
    readers.forget()
    indexer.forget()
    other = ada.sets_goal(title="Paint a boat")
    feed.runs()

    assert {*finds(ada, "paint")} == {goal["goal_id"], other["goal_id"]}
