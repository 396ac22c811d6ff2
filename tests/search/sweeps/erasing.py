"""Erasures: what the objects of indexes hold of deleted documents, and what asks for indexes to be built anew."""

import json
from typing import Any

import boto3

from functions.search.collections import erasures, rebuilds, tenant_index
from functions.search.collections.collections import Collection
from functions.search.collections.pointers import Pointer
from functions.search.engine.asked import Search, Searched
from functions.search.engine.embedded.engine import Embedded
from functions.search.engine.ports import Blueprint
from functions.search.everything import consumers as feed
from functions.search.indexing import folders
from functions.search.queries import terms
from functions.search.sweeps import consumers
from shared import config
from shared.messaging.search_feed import Fed
from shared.storage import files, table
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.search.indexing.runs import kept
from tests.search.people import Person


def sweeps(action: str = "erase") -> int:
    return consumers.handler({"action": action}, Context())["found"]


def in_objects(text: str) -> bool:
    """Return whether the bytes of a text are in any object of the bucket."""
    client = boto3.client("s3")
    bodies = [client.get_object(Bucket=config.files_bucket(), Key=each)["Body"].read() for each in kept()]
    return any(text.encode() in body for body in bodies)


def in_words(collection: Collection, found: Pointer, word: str) -> bool:
    """Return whether the objects of an index hold a word, of deleted documents too: without the lists of these."""
    meta = json.loads(found.meta)
    for segment in meta["segments"]:
        segment["deletes"] = None
    folder = folders.fresh()
    try:
        folders.fill(folder, found._replace(meta=json.dumps(meta)), earlier=None)
    except files.FileNotFound:
        return False
    blueprint = Blueprint(collection.collection_id, collection.fields, collection.language)
    asked = Search(wanted=terms.read(word, prefix=False, num_typos=0).wanted, searched=[Searched(0, 1.0)])
    return Embedded().open(folder, blueprint).search(asked).found > 0


def known(person: Person, collection: dict[str, Any]) -> Collection:
    found = tenant_index.known(person.tenant_id, collection["name"], collection["collection_id"])
    assert found is not None
    return found


def erased(collection: dict[str, Any]) -> Any:
    return table.get(erasures.key(collection["collection_id"]), consistent=True)


def told(person: Person, ref: str, version: int, title: str | None) -> None:
    """Have something told to the search of Milepost, or that it is gone."""
    content = {"title": title, "text": [], "ids": [], "type": "goal", "scope": "goals:read", "readers": []}
    fed = Fed(person.tenant_id, ref, version, content if title else None)
    assert feed.handler(batch([json.dumps(fed._asdict())]), Context()) == {"batchItemFailures": []}


def building(collection: dict[str, Any]) -> bool:
    rebuild = rebuilds.find(collection["collection_id"])[1]
    return rebuild is not None and rebuild.is_running
