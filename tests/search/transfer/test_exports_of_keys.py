"""What the holder of a bound key exports: what the key shows, and by whom the job and its file are reached."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import time_machine

from functions.jobs import api as jobs_api
from functions.jobs import resolver as jobs_resolver
from functions.search.keys.restrictions import Bound
from functions.search.transfer import exports
from shared.callers import api_keys, auth, bound_keys
from shared.jobs import jobs, parts
from shared.storage import table
from shared.storage.writes import Put
from tests.aws.entries import Answer, call, http_event
from tests.aws.messages import batch
from tests.search.keys.holders import KEYS, Holder, holder_of
from tests.search.people import Backbone, Person, stored_events
from tests.search.transfer.working import does, file_of, job_of, message, requested, works

EXPORTS = "/collections/books/export-jobs"
LIBRARY = [
    {"id": "emma", "title": "Emma", "author": "Austen", "pages": 474, "price": 5.0, "shelf": "A1"},
    {"id": "moby", "title": "The White Whale", "author": "Melville", "pages": 635, "price": 9.0, "tags": ["sea"]},
    {"id": "omoo", "title": "Omoo", "author": "Melville", "pages": 389, "price": 8.0, "shelf": "M2"},
    {"id": "typee", "title": "Typee", "author": "Melville", "pages": 325, "price": 7.0, "shelf": "M1"},
]


@pytest.fixture
def ada(pepper: str, ada: Person) -> Person:
    ada.stores(*LIBRARY)
    return ada


@pytest.fixture
def holder(ada: Person) -> Holder:
    """Whoever sees the books of Melville, without what they cost and where they stand."""
    return holder_of(ada, filter_by="author:=Melville", exclude_fields=["price", "shelf"])


@pytest.fixture
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False) as traveller:
        yield traveller


def exported(holder: Holder, **asked: Any) -> str:
    answer = holder.rest("POST", EXPORTS, asked)
    assert answer.status == 202, answer.body
    return str(answer.body["job_id"])


def by_id(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(lines, key=lambda each: str(each["id"]))


def asks(person: Person, path: str, method: str = "GET") -> Answer:
    """Ask for a job as a member of the tenant who may do everything with jobs."""
    scope = "jobs:read jobs:write search:read"
    claims = person.issuer.claims(sub=person.user_id, tid=person.tenant_id, scope=scope, roles=["owner"])
    headers = {"authorization": f"Bearer {person.issuer.token(claims=claims)}"}
    return call(jobs_api.handler, jobs_resolver.api, http_event(method, f"/api/v1/jobs{path}", None, headers=headers))


def test_the_file_has_what_the_key_shows_and_nothing_else(holder: Holder, ada: Person, backbone: Backbone):
    backbone.runs()
    job_id = exported(holder)
    works(holder, job_id)
    shown = holder.rest("GET", f"/jobs/{job_id}").body
    rows = holder.rest("GET", f"/jobs/{job_id}/rows").body
    fetched = holder.rest("GET", f"/jobs/{job_id}/file").body

    assert by_id(file_of(holder, job_id)) == [
        {"id": "moby", "title": "The White Whale", "author": "Melville", "pages": 635, "tags": ["sea"]},
        {"id": "omoo", "title": "Omoo", "author": "Melville", "pages": 389},
        {"id": "typee", "title": "Typee", "author": "Melville", "pages": 325},
    ]
    assert (shown["status"], shown["done"], shown["total"], shown["has_file"]) == ("completed", 3, None, True)
    assert (rows["items"], fetched["name"][:6], fetched["media_type"]) == ([], "books-", "application/jsonl")
    assert job_of(holder, job_id).file[0] in fetched["url"]
    assert by_id(file_of(holder, job_id)) == by_id([holder.shows(each).body["document"] for each in holder.finds()])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"filter_by": "author:=Austen"}, []),
        ({"filter_by": "author:!=Melville || pages:<330"}, [{"id": "typee", "title": "Typee", "author": "Melville"}]),
        ({"filter_by": "tags:=sea"}, [{"id": "moby", "title": "The White Whale", "author": "Melville"}]),
    ],
)
def test_what_the_reader_asks_for_narrows_what_the_key_shows(
    holder: Holder, asked: Mapping[str, str], expected: list[dict[str, Any]]
):
    job_id = exported(holder, **asked, exclude_fields=["pages", "tags"])
    works(holder, job_id)

    assert file_of(holder, job_id) == expected


def test_a_hidden_field_is_no_field_to_filter_by(holder: Holder):
    hidden, unknown = (holder.rest("POST", EXPORTS, {"filter_by": f"{name}:>1"}) for name in ("price", "zzzzz"))

    assert [(each.status, each.code) for each in (hidden, unknown)] == [(400, "FilterRefused")] * 2
    assert hidden.body["detail"].replace("price", "zzzzz") == unknown.body["detail"]


def test_a_key_without_a_filter_exports_all_documents_and_says_how_many_there_are(ada: Person, backbone: Backbone):
    backbone.runs()
    holder = holder_of(ada, exclude_fields=["price", "shelf"])
    job_id = exported(holder)
    works(holder, job_id)

    assert job_of(holder, job_id).total == len(LIBRARY)
    assert [each["id"] for each in by_id(file_of(holder, job_id))] == ["emma", "moby", "omoo", "typee"]
    assert not {"price", "shelf"}.intersection(*file_of(holder, job_id))


def test_a_document_that_leaves_the_filter_between_two_parts_is_not_in_the_file(
    holder: Holder, ada: Person, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "PART_DOCUMENTS", 1)
    job_id = exported(holder)
    does(requested(holder, job_id))
    for each in LIBRARY[1:]:
        ada.stores({**each, "author": "Austen"})
    works(holder, job_id)

    assert len(file_of(holder, job_id)) <= 1
    assert job_of(holder, job_id).status == "completed"


def test_another_collection_an_alias_and_a_namesake_are_not_there(holder: Holder, ada: Person):
    ada.makes("others")
    ada.rest("PUT", "/collection-aliases/library", {"collection_name": "books"})
    others = [holder.rest("POST", f"/collections/{name}/export-jobs", {}) for name in ("others", "library", "nobody")]
    running = exported(holder)
    ada.delete("/collections/books")
    ada.makes()
    ada.stores(*LIBRARY)
    works(holder, running)

    assert [(each.status, each.code) for each in others] == [(404, "CollectionNotFound")] * 3
    assert holder.rest("POST", EXPORTS, {}).code == "CollectionNotFound"
    assert (job_of(holder, running).status, job_of(holder, running).reason) == ("failed", "collection_deleted")


def test_a_key_that_does_not_fit_its_collection_any_more_exports_nothing(holder: Holder):
    running = exported(holder)
    job = job_of(holder, running)
    bound = Bound(**json.loads(job.restriction["content"] if job.restriction else ""))
    outdated = bound._replace(filter_by="private:=1").restriction()._asdict()
    place = api_keys.record_key(holder.key_id)
    table.transact([Put((table.get(place) or {}) | {"restriction": outdated})])
    table.put_many([jobs.to_item(job._replace(restriction=outdated))])
    auth.forget_callers()
    refused = holder.rest("POST", EXPORTS, {})
    works(holder, running)

    assert (refused.status, refused.code) == (403, "KeyOutdated")
    assert (job_of(holder, running).status, job_of(holder, running).reason) == ("failed", "key_outdated")
    assert "private" not in str(refused.body)


def test_a_job_and_its_file_are_reached_by_their_key_alone(holder: Holder, ada: Person, eve: Person):
    job_id = exported(holder)
    works(holder, job_id)
    other = holder_of(ada, filter_by="author:=Melville", exclude_fields=["price", "shelf"])
    own = exported(other)
    paths = [("GET", ""), ("GET", "/rows"), ("GET", "/file"), ("POST", "/cancel")]
    answers = [
        *(other.rest(method, f"/jobs/{job_id}{path}") for method, path in paths),
        *(asks(person, f"/{job_id}{path}", method) for person in (ada, eve) for method, path in paths),
        *(holder.rest(method, f"/jobs/{own}{path}") for method, path in paths),
    ]

    assert [(each.status, each.code) for each in answers] == [(404, "JobNotFound")] * len(answers)
    assert asks(ada, "").body["items"] == []
    assert holder.rest("GET", "/jobs").code == "InsufficientScope"
    assert holder.rest("GET", f"/jobs/{job_id}/file").status == 200


def test_a_key_sees_no_job_of_the_person_who_made_it(holder: Holder, ada: Person):
    theirs = str(ada.rest("POST", EXPORTS, {}).body["job_id"])

    assert holder.rest("GET", f"/jobs/{theirs}").code == "JobNotFound"
    assert asks(ada, f"/{theirs}").status == 200


def test_a_key_cancels_its_own_job(holder: Holder):
    job_id = exported(holder)
    cancelled = holder.rest("POST", f"/jobs/{job_id}/cancel")
    works(holder, job_id)

    assert (cancelled.status, cancelled.body["status"]) == (200, "cancelled")
    assert holder.rest("GET", f"/jobs/{job_id}/file").code == "JobFileNotFound"


def test_an_export_goes_no_further_than_its_key(
    holder: Holder, ada: Person, time: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(exports, "PART_DOCUMENTS", 1)
    ending = holder_of(ada, expires_at="2026-11-20T12:05:00Z")
    both = [(each, exported(each)) for each in (holder, ending)]
    for each, job_id in both:
        does(requested(each, job_id))
    begun = [job_of(*each).status for each in both]
    ada.delete(f"{KEYS}/{holder.key_id}")
    time.shift(300)
    for each, job_id in both:
        does(batch([message(each, job_id, exports.KIND)]))
    ended = [job_of(*each) for each in both]

    assert begun == ["running", "running"]
    assert [(each.status, each.reason) for each in ended] == [("failed", "key_revoked"), ("failed", "key_expired")]
    assert [each.rest("GET", f"/jobs/{job_id}/file").status for each, job_id in both] == [401, 401]


def test_an_export_goes_on_when_the_person_who_made_the_key_leaves(holder: Holder, ada: Person):
    job_id = exported(holder)
    table.delete_many([auth.membership_key(ada.tenant_id, ada.user_id)])
    works(holder, job_id)

    assert job_of(holder, job_id).status == "completed"


def test_a_key_has_one_job_at_a_time_and_ten_a_day(holder: Holder, ada: Person, time: time_machine.Traveller):
    for number in range(10):
        time.shift(60)
        job_id = exported(holder)
        beside = holder.rest("POST", EXPORTS, {})
        works(holder, job_id)
        assert (number, beside.status, beside.code) == (number, 409, "TooManyJobs")
    refused = holder.rest("POST", EXPORTS, {})
    time.shift(int(refused.headers["Retry-After"]) - 2)
    early = holder.rest("POST", EXPORTS, {}).code
    time.shift(2)

    assert (refused.status, refused.code) == (429, "KeyJobsUsedUp")
    assert refused.headers["Retry-After"] == str(24 * 60 * 60 - 9 * 60 + 1)
    assert early == "KeyJobsUsedUp"
    assert exported(holder)
    assert holder_of(ada).rest("POST", EXPORTS, {}).status == 202


def test_a_repeated_request_begins_one_job(holder: Holder):
    first, again = (holder.rest("POST", EXPORTS, {}, key="once").body for _ in range(2))

    assert first == again


def test_the_log_says_that_the_key_has_asked_for_it_and_not_what_it_is_bound_to(holder: Holder):
    job_id = exported(holder)
    (told,) = [each for each in stored_events() if each.event_type == "jobs.job.requested"]

    assert told.data == {"job_id": job_id, "kind": "search.export", "user_id": holder.user_id}
    assert told.done_by is not None
    assert told.done_by.told() == {"kind": "service", "id": holder.user_id}
    assert "Melville" not in str(told)


def test_whoever_does_the_work_for_a_key_has_no_scopes(holder: Holder, ada: Person):
    caller = parts.owner(job_of(holder, exported(holder)))
    theirs = parts.owner(job_of(ada, str(ada.rest("POST", EXPORTS, {}).body["job_id"])))

    assert (caller.scopes, caller.key_id) == (frozenset(), holder.key_id)
    assert caller.restriction == auth.from_headers({"x-api-key": holder.text}).restriction
    assert (theirs.scopes, theirs.restriction) == (frozenset({"search:read"}), None)


@pytest.mark.parametrize("user_id", ["key_", "key_4kQzT0bX9aL", "key_4kQzT0bX9aL#", "key_4kQzT0bX9aLmm", "user_1", ""])
def test_nobody_else_calls_as_a_bound_key(user_id: str):
    assert bound_keys.calls_as(user_id) is None
