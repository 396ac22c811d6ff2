"""What the tests that hold for every context do with search: collections that are there, and every operation once."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import time_machine

from functions.search.collections import growth
from functions.search.sweeps import consumers as sweeps
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.platform.operations import send
from tests.search.everything.feeding import Feed
from tests.search.keys.holders import KEYS, holder_of
from tests.search.people import BOOKS, Backbone, Person, stored_events
from tests.search.transfer.working import begun, does, message, written

__all__ = ["Person", "settled", "uses"]


def settled(headers: Mapping[str, str]) -> dict[str, str]:
    """Make what the examples of the API reference name, and return the names of what else there is."""
    fields = [
        {"name": "title", "type": "string"},
        {"name": "tags", "type": "string[]", "facet": True, "optional": True},
    ]
    fields.append({"name": "pages", "type": "int64", "optional": True})
    for name in ("books", "voyages"):
        made = send("POST", "/api/v1/collections", {"name": name, "fields": fields, "language": "en"}, headers=headers)
        assert made.status == 201, made.body
    document = {"id": "robinson", "title": "Robinson Crusoe"}
    change = {"operation": "create", "collection_name": "voyages", "document": document}
    send("POST", "/api/v1/documents/sync", change, headers=headers)
    send("PUT", "/api/v1/collection-aliases/bookshelf", {"collection_name": "voyages"}, headers=headers)
    key = send("POST", "/api/v1/collections/voyages/keys", {}, headers=headers).body
    names = {"collection_name": "voyages", "document_id": "robinson", "alias_name": "bookshelf"}
    draft = {"name": "all voyages", "collection_name": "voyages", "parameters": {"q": "*"}}
    saved = send("POST", "/api/v1/saved-searches", draft, headers=headers).body
    return names | {"key_id": key["key_id"], "saved_search_id": saved["saved_search_id"]}


def uses(person: Person) -> None:
    """Use every operation once, and what happens behind them."""
    backbone = Backbone(seen={event.event_id for event in stored_events()})
    for _ in range(2):
        made = person.rest("POST", "/collections", {"name": "books", "fields": BOOKS}, headers={"idempotency-key": "1"})
    person.rest("PUT", "/collections/books/synonyms", {"synonyms": [{"synonyms": ["whale", "leviathan"]}]})
    person.rest("PUT", "/collections/books/stop-words", {"stop_words": ["the"]})
    person.rest("PUT", "/collection-aliases/library", {"collection_name": "books"})
    person.syncs("upsert", {"id": "moby", "title": "Moby-Dick"}, key="storing")
    person.syncs("upsert", {"id": "emma", "title": "Emma"})
    backbone.runs()
    for name in ("books", "library"):
        person.searches("moby", name=name)
    _uses_keys(person)
    for listed in ("/collections", f"/collections/{made.body['name']}", "/collection-aliases"):
        person.get(listed)
    person.get("/collections/books/documents/moby")
    _saves(person)
    person.delete("/collections/books/documents/emma")
    backbone.runs()
    holder_of(person)
    Feed(backbone).runs()
    person.get("/search?q=marathon")
    publisher = {"name": "publisher", "type": "string", "optional": True}
    person.rest("PATCH", "/collections/books", {"fields": [publisher]})
    backbone.runs()
    growth.rebuild(person.tenant_id, "books")
    backbone.runs()
    importing = begun(person, written({"id": "typee", "title": "Typee"}))
    does(batch([message(person, importing, "search.import")]))
    asked = {"filter_by": "title:typee"}
    exporting = person.rest("POST", "/collections/books/export-jobs", asked)
    does(batch([message(person, exporting.body["job_id"], "search.export")]))
    backbone.runs()
    person.delete("/collection-aliases/library")
    _sweep(person, backbone)
    person.delete("/collections/books")
    backbone.runs()


def _uses_keys(person: Person) -> None:
    holder = holder_of(person, filter_by="title:moby")
    holder.searches()
    holder.shows("moby")
    exporting = holder.rest("POST", "/collections/books/export-jobs", {}).body["job_id"]
    does(batch([message(holder, exporting, "search.export")]))
    person.get(KEYS)
    person.delete(f"{KEYS}/{holder.key_id}")


def _saves(person: Person) -> None:
    draft = {"name": "all", "collection_name": "books", "parameters": {"q": "*"}}
    saved = person.rest("POST", "/saved-searches", draft).body
    path = f"/saved-searches/{saved['saved_search_id']}"
    person.get("/saved-searches")
    person.get(path)
    person.rest("POST", f"{path}/run")
    person.rest("PATCH", path, {"name": "everything"})
    person.rest("POST", "/saved-searches", draft)
    person.delete(path)


def _sweep(person: Person, backbone: Backbone) -> None:
    """Have the sweeps find a document that waits, and objects that are old."""
    person.syncs("upsert", {"id": "typee", "title": "Typee"})
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        for action in ("wake", "remove_orphans", "erase"):
            sweeps.handler({"action": action}, Context())
    backbone.runs()
