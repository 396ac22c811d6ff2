"""Indexes that are built anew: books to build them of, the change that asks for it, and how far it is."""

from typing import Any

import boto3

from functions.search.collections import rebuilds
from functions.search.indexing import indexer, readers
from shared import config
from tests.search.indexing.runs import kept
from tests.search.people import Person

PUBLISHER = {"name": "publisher", "type": "string", "facet": True, "optional": True}
ASKED: list[dict[str, Any]] = [
    {"q": "*", "per_page": 50},
    {"q": "whale", "per_page": 50},
    {"q": "whales typee", "per_page": 50},
    {"q": "wale", "sort_by": "pages:desc"},
    {"q": '"white whale"', "facet_by": "tags,in_print"},
    {"q": "*", "filter_by": "pages:>3 && tags:=even", "group_by": "author"},
]


def book(number: int, title: str = "The White Whale") -> dict[str, Any]:
    tags = ["even" if number % 2 == 0 else "odd"]
    return {"id": f"{number:03}", "title": title, "pages": number, "tags": tags, "author": "AB"[number % 2]}


def keeps(person: Person, *documents_: dict[str, Any], operation: str = "upsert") -> None:
    changes = [{"operation": operation, "collection_name": "books", "document": each} for each in documents_]
    for start in range(0, len(changes), 100):
        answer = person.rest("POST", "/documents/batch", {"changes": changes[start : start + 100]})
        assert [each["status"] for each in answer.body["results"]] == [200] * len(changes[start : start + 100])


def grows(person: Person) -> None:
    assert person.rest("PATCH", "/collections/books", {"fields": [PUBLISHER]}).status == 202


def answers(person: Person) -> list[dict[str, Any]]:
    readers.forget()
    return [person.searches(**asked) | {"search_time_ms": 0} for asked in ASKED]


def state(collection: dict[str, Any]) -> str:
    rebuild = rebuilds.find(collection["collection_id"])[1]
    assert rebuild is not None
    return rebuild.state


def loses_its_index() -> None:
    """Remove the objects of all indexes from the bucket, and what instances have of them."""
    for object_ in kept():
        boto3.client("s3").delete_object(Bucket=config.files_bucket(), Key=object_)
    indexer.forget()
    readers.forget()
