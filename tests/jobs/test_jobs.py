"""Jobs over REST: a user sees and cancels their own alone."""

from collections.abc import Sequence

import pytest

from functions.jobs import api, resolver
from shared import clock, ids
from shared.callers.auth import Caller
from shared.jobs import jobs
from shared.storage import table
from tests.aws.entries import Answer, call, http_event
from tests.aws.races import at_once
from tests.identity.access_tokens.issuer import Issuer
from tests.infra.permissions import allowed, used

__all__ = ["used"]


class Person:
    """Somebody with an access token that is new for every request."""

    def __init__(self, issuer: Issuer, tenant_id: str) -> None:
        self.issuer, self.tenant_id, self.user_id = issuer, tenant_id, ids.new("user")

    @property
    def caller(self) -> Caller:
        return Caller(self.user_id, self.tenant_id, (), frozenset(), None, (), None)

    def asks(
        self, method: str, path: str, query: str = "", *, scope: str = "jobs:read jobs:write", tenant_id: str = ""
    ) -> Answer:
        claims = self.issuer.claims(sub=self.user_id, tid=tenant_id or self.tenant_id, scope=scope)
        sent = {"authorization": f"Bearer {self.issuer.token(claims=claims)}"}
        event = http_event(method, f"/api/v1/jobs{path}", None, headers=sent, query=query)
        return call(api.handler, resolver.api, event)

    def begins(self) -> str:
        begun = jobs.begin(self.caller, "goals.export", unit="goals", scope="goals:read", position={})
        return str(begun["job_id"])


@pytest.fixture
def ada(aws: None) -> Person:
    return Person(Issuer().publish(), ids.new("tenant"))


@pytest.fixture
def bob(ada: Person) -> Person:
    """A colleague of Ada's."""
    return Person(ada.issuer, ada.tenant_id)


def finished(person: Person, job_id: str, *, status: str = "completed", file: Sequence[str] = ()) -> None:
    """Have a job ended, as the background would."""
    job = jobs.find(person.user_id, job_id)
    assert job is not None
    table.put_many([jobs.to_item(job._replace(status=status, file=file))])


def test_a_job_is_shown_with_a_tag(ada: Person):
    job_id = ada.begins()
    answer = ada.asks("GET", f"/{job_id}")

    assert answer.status == 200
    assert (answer.body["job_id"], answer.body["status"], answer.body["kind"]) == (job_id, "queued", "goals.export")
    assert "position" not in answer.body
    assert answer.headers["ETag"].startswith('"1-')


def test_jobs_are_listed_the_newest_first_page_by_page(ada: Person, bob: Person):
    made = [ada.begins() for _ in range(3)]
    bob.begins()
    first = ada.asks("GET", "", "limit=2").body
    second = ada.asks("GET", "", f"limit=2&cursor={first['next_cursor']}").body

    assert [job["job_id"] for job in [*first["items"], *second["items"]]] == made[::-1]
    assert second["next_cursor"] is None


@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("GET", "/rows"), ("GET", "/file"), ("POST", "/cancel")])
def test_a_job_of_somebody_else_is_not_there(ada: Person, bob: Person, method: str, path: str):
    job_id = ada.begins()
    answers = [
        bob.asks(method, f"/{job_id}{path}"),
        ada.asks(method, f"/{job_id}{path}", tenant_id=ids.new("tenant")),
        ada.asks(method, f"/{ids.new('job')}{path}"),
        ada.asks(method, f"/job_1{path}"),
    ]

    assert {(answer.status, answer.body["code"]) for answer in answers} == {(404, "JobNotFound")}
    assert ada.asks("GET", f"/{job_id}").body["status"] == "queued"


def test_requests_at_the_same_moment_begin_three_jobs_at_most(ada: Person):
    outcomes = at_once(*[ada.begins] * 6)

    assert sum(isinstance(outcome, str) for outcome in outcomes) == 3
    assert {type(outcome) for outcome in outcomes} == {str, jobs.TooManyJobs}
    assert len(ada.asks("GET", "").body["items"]) == 3


def test_an_expired_job_takes_no_place(ada: Person):
    for _ in range(3):
        job = jobs.find(ada.user_id, ada.begins())
        assert job is not None
        table.put_many([jobs.to_item(job._replace(ttl=1))])

    assert ada.begins()


def test_a_job_that_waits_is_cancelled_at_once_and_once(ada: Person):
    job_id = ada.begins()
    first, again = (ada.asks("POST", f"/{job_id}/cancel") for _ in range(2))

    assert (first.status, first.body["status"]) == (200, "cancelled")
    assert again.body == first.body


@pytest.mark.parametrize("is_marked", [False, True])
def test_a_job_whose_function_was_killed_in_every_try_is_cancelled_at_once(ada: Person, is_marked: bool):  # noqa: FBT001
    job_id = ada.begins()
    job = jobs.find(ada.user_id, job_id)
    assert job is not None
    last = clock.to_rfc3339(clock.now() - jobs.STUCK_AFTER)
    table.put_many([jobs.to_item(job._replace(status="running", is_cancelled=is_marked, updated_at=last))])
    ended = ada.asks("POST", f"/{job_id}/cancel").body

    assert (ended["status"], ended["is_cancelled"]) == ("cancelled", True)
    assert ada.asks("POST", f"/{job_id}/cancel").body == ended


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_a_job_that_has_ended_cannot_be_cancelled(ada: Person, status: str):
    job_id = ada.begins()
    finished(ada, job_id, status=status)
    answer = ada.asks("POST", f"/{job_id}/cancel")

    assert (answer.status, answer.body["code"]) == (409, "JobEnded")


def test_an_expired_job_is_not_there(ada: Person):
    job_id = ada.begins()
    job = jobs.find(ada.user_id, job_id)
    assert job is not None
    table.put_many([jobs.to_item(job._replace(ttl=1))])

    assert ada.asks("GET", f"/{job_id}").status == 404
    assert ada.asks("GET", "").body["items"] == []


def test_the_file_of_a_job_takes_the_scope_of_the_work(ada: Person):
    job_id = ada.begins()
    finished(ada, job_id, file=["exports/tenant/1", "goals.jsonl", "application/jsonl"])
    refused = ada.asks("GET", f"/{job_id}/file")
    answer = ada.asks("GET", f"/{job_id}/file", scope="jobs:read goals:read")

    assert (refused.status, refused.body["code"]) == (403, "InsufficientScope")
    assert answer.status == 200
    assert "/exports/tenant/1?" in answer.body["url"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_jobs_call_what_their_role_allows_and_no_more(ada: Person, used: set[str]):
    job_id = ada.begins()
    used.clear()
    for method, path in (("GET", ""), ("GET", f"/{job_id}"), ("GET", f"/{job_id}/rows"), ("POST", f"/{job_id}/cancel")):
        assert ada.asks(method, path).status == 200
    # How often somebody calls is written only when they call often.
    used.add("UpdateItem")

    assert used == allowed("functions.jobs.api.handler")
