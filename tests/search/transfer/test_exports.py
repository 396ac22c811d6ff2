"""The documents of a collection written into a file, as a job."""

from typing import Any

import pytest

from functions.search.transfer import exports, imports
from shared.callers import auth
from shared.storage import table
from tests.infra.permissions import allowed, used
from tests.search.people import Backbone, Person
from tests.search.transfer.working import begun, does, file_of, job_of, requested, works, written

__all__ = ["used"]

BOOKS = [{"id": f"{number:02}", "title": f"Whale {number}", "pages": number} for number in range(40)]


@pytest.fixture
def ada(ada: Person) -> Person:
    changes = [{"operation": "upsert", "collection_name": "books", "document": each} for each in BOOKS]
    ada.rest("POST", "/documents/batch", {"changes": changes})
    return ada


def exported(person: Person, **asked: Any) -> str:
    answer = person.rest("POST", "/collections/books/export-jobs", asked)
    assert answer.status == 202, answer.body
    return str(answer.body["job_id"])


def by_id(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(lines, key=lambda each: str(each["id"]))


def test_all_documents_are_in_the_file_as_they_are(ada: Person, backbone: Backbone):
    backbone.runs()
    ada.delete("/collections/books/documents/00")
    job_id = exported(ada)
    works(ada, job_id)
    job = job_of(ada, job_id)

    assert by_id(file_of(ada, job_id)) == BOOKS[1:]
    assert (job.status, job.done, job.total, job.unit) == ("completed", 39, 40, "documents")


def test_a_filter_and_excluded_fields_hold_for_every_line(ada: Person):
    job_id = exported(ada, filter_by="pages:[5..9] && title:=`Whale 7`", exclude_fields=["title", "nothing"])
    works(ada, job_id)

    assert file_of(ada, job_id) == [{"id": "07", "pages": 7}]


def test_a_large_collection_is_written_in_parts(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "PART_DOCUMENTS", 9)
    job_id = exported(ada)

    assert works(ada, job_id) == 5
    assert by_id(file_of(ada, job_id)) == BOOKS


def test_what_was_exported_is_imported(ada: Person, backbone: Backbone):
    job_id = exported(ada)
    works(ada, job_id)
    ada.delete("/collections/books")
    ada.makes()
    works(ada, begun(ada, written(*file_of(ada, job_id)), "create"))
    backbone.runs()

    assert ada.searches("whale")["found"] == 40
    assert ada.get("/collections/books/documents/07").body["document"] == BOOKS[7]


def test_an_export_that_is_too_large_or_whose_collection_goes_fails(ada: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(exports, "MOST_BYTES", 100)
    large = exported(ada)
    works(ada, large)
    gone = exported(ada)
    ada.delete("/collections/books")
    works(ada, gone)

    assert (job_of(ada, large).status, job_of(ada, large).reason) == ("failed", "too_large")
    assert (job_of(ada, gone).status, job_of(ada, gone).reason) == ("failed", "collection_deleted")


def test_a_member_who_becomes_a_guest_has_nothing_exported_or_imported_any_more(
    ada: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "PART_DOCUMENTS", 9)
    monkeypatch.setattr(imports, "PART_LINES", 9)
    new = [{"id": f"new{number}", "title": "Typee"} for number in range(20)]
    jobs = [exported(ada), begun(ada, written(*new))]
    for job_id in jobs:
        does(requested(ada, job_id))
    place = auth.membership_key(ada.tenant_id, ada.user_id)
    table.put_many([{"PK": place.pk, "SK": place.sk, "entity": "Membership", "role": "guest"}])
    works(ada, jobs[0])
    works(ada, jobs[1])
    ended = [job_of(ada, job_id) for job_id in jobs]

    assert [(each.status, each.reason) for each in ended] == [("failed", "not_allowed")] * 2
    assert [ended[0].file, len(file_of(ada, jobs[1]))] == [(), 9]


def test_what_cannot_be_exported_is_refused(ada: Person, eve: Person):
    asked = [
        ("books", {"filter_by": "nothing:1"}),
        ("nobody", {}),
        ("books", {"exclude_fields": ["a b"]}),
    ]
    answers = [ada.rest("POST", f"/collections/{name}/export-jobs", body) for name, body in asked]

    assert [(each.status, each.code) for each in answers] == [
        (400, "FilterRefused"),
        (404, "CollectionNotFound"),
        (422, "InvalidInput"),
    ]
    assert eve.rest("POST", "/collections/books/export-jobs", {}).code == "CollectionNotFound"
    assert ada.holding("search:read").rest("POST", "/collections/books/export-jobs", {}).status == 403


def test_its_function_calls_what_its_role_allows(ada: Person, used: set[str]):
    out = exported(ada)
    into = begun(ada, written(*BOOKS))
    used.clear()
    works(ada, out)
    works(ada, into)
    used.discard("Scan")

    assert used == allowed("functions.search.transfer.consumers.handler")
