"""Somebody from outside is erased: nothing of a tenant names them, and what they have decided stays."""

from typing import Any

import pytest

from functions.identity.accounts import memberships
from functions.identity.accounts.memberships import Member
from functions.projects import api
from functions.projects.erasing import erasures
from shared import clock
from shared.jobs import jobs
from shared.storage import table
from shared.storage.writes import Put
from tests.aws import hooks
from tests.aws.entries import Answer, call, http_event
from tests.projects.erasing.erasing import ADDRESS, MARY, asks, erases, finished, naming
from tests.projects.probes import asking
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer

AUDIT: dict[str, Any] = {"name": "Audit", "kind": "external_audit", "approvers": [{"external": MARY}]}
JOHN = {"name": "John Herschel", "address": "john@example.com"}


def opens(token: str, **more: Any) -> Answer:
    """Ask as somebody without an account."""
    what = "decide" if more else "view"
    return call(api.handler, api.api, http_event("POST", f"/api/v1/review-links/{what}", {"token": token, **more}))


def audit(review: Review, milestone: str) -> dict[str, Any]:
    return next(each for each in review.layers(milestone) if each["name"] == "Audit")


def linked(review: Review, milestone: str, address: str = ADDRESS) -> str:
    made = review.ada.post(f"/verifications/{audit(review, milestone)['verification_id']}/links", {"address": address})
    assert made.status == 201, made.body
    return str(made.body["url"].partition("#")[2])


def decides(review: Review, milestone: str) -> Answer:
    digest = audit(review, milestone)["subject_digest"]
    return opens(linked(review, milestone), decision="approve", subject_digest=digest)


def named_everywhere(review: Review) -> dict[str, str]:
    """Have Mary named wherever somebody from outside can be: return the milestones, and one of each kind."""
    again = review.submits(layer(**AUDIT))
    review.ben.post(f"{again}/recall")
    review.ben.post(f"{again}/complete")
    waiting = review.submits(layer(), layer(2, **AUDIT))
    approved = review.submits(layer(**AUDIT))
    assert decides(review, approved).status == 200
    asked = review.ada.begins(review.project, review.ben)
    asking.makes(review.ada, asked, outside=MARY)
    policy = {"layers": [layer(**AUDIT)]}
    draft = review.ada.plans(review.project, verification_policy=policy)
    return {"again": again, "waiting": waiting, "approved": approved, "asked": asked, "draft": draft}


def test_no_item_of_the_tenant_names_them_any_more(review: Review, admin: Person):
    named_everywhere(review)
    assert len(naming()) > 8
    job = erases(admin)

    assert (job.status, job.done, job.rows) == (jobs.COMPLETED, 5, 5)
    assert naming() == []


def test_what_they_have_decided_stays_without_their_name(review: Review, admin: Person):
    milestone = review.submits(layer(**AUDIT))
    decides(review, milestone)
    before = audit(review, milestone)
    erases(admin)
    [seat], [decision] = audit(review, milestone)["seats"], audit(review, milestone)["decisions"]

    assert review.ada.status(milestone) == "approved"
    assert (before["seats"][0]["name"], seat["name"]) == (MARY["name"], None)
    assert (decision["decision"], decision["user_id"]) == ("approve", seat["user_id"])


def test_their_open_link_has_ended(review: Review, admin: Person):
    milestone = review.submits(layer(**AUDIT))
    token, digest = linked(review, milestone), audit(review, milestone)["subject_digest"]
    assert opens(token).status == 200
    erases(admin)

    assert (opens(token).status, opens(token).code) == (410, "ReviewLinkOver")
    assert opens(token, decision="approve", subject_digest=digest).code == "ReviewLinkOver"
    made = review.ada.post(f"/verifications/{audit(review, milestone)['verification_id']}/links", {"address": ADDRESS})
    assert made.code == "SeatNotFound"


def test_a_layer_that_asked_them_alone_approves_nothing_and_says_so(review: Review, admin: Person):
    milestone = review.submits(layer(**AUDIT))
    erases(admin)

    assert (audit(review, milestone)["status"], audit(review, milestone)["is_stalled"]) == ("open", True)
    types = [each["event_type"] for each in review.ada.get(f"{milestone}/history").body["items"]]
    assert {"projects.layer.struck", "projects.layer.stalled"} <= {*types}


def test_a_layer_of_which_all_others_have_approved_closes(review: Review, admin: Person):
    both = [{"external": MARY}, {"user": review.verifiers[0].user_id}]
    milestone = review.submits(layer(**AUDIT | {"approvers": both}, mode="all"))
    assert review.decides(review.verifiers[0], audit(review, milestone)).status == 200
    erases(admin)

    assert audit(review, milestone)["status"] == "approved"


def test_the_next_attempt_asks_them_no_more_and_begins_only_with_somebody_else(review: Review, admin: Person):
    milestone = review.ada.plans(review.project, verification_policy={"layers": [layer(**AUDIT)]})
    review.ada.assigns(milestone, review.ben)
    erases(admin)

    assert review.ada.post(f"{milestone}/activate").code == "NoEligibleApprover"
    policy = {"layers": [layer(**AUDIT | {"approvers": [{"external": JOHN}]})]}
    assert review.ada.patch(milestone, {"verification_policy": policy}).status == 200
    assert review.ada.post(f"{milestone}/activate").status == 200


def test_a_probe_that_asks_them_pauses_and_waits_for_nothing(review: Review, admin: Person):
    milestone = review.ada.begins(review.project, review.ben)
    probe = asking.makes(review.ada, milestone, outside=MARY)
    assert review.ada.post(f"{probe}/run").body["asked_id"].startswith("ext_")
    erases(admin)
    shown = review.ada.get(probe).body

    assert (shown["status"], shown["outside"], shown["asked_id"], shown["next_at"]) == ("paused", None, None, None)
    assert asking.outcomes(review.ada, probe) == ["ended"]


def test_nobody_else_is_erased(review: Review, admin: Person, eve: Person):
    kept = review.submits(layer(**AUDIT | {"approvers": [{"external": JOHN}]}))
    token = linked(review, kept, JOHN["address"])
    theirs = eve.plans(eve.creates(), verification_policy={"layers": [layer(**AUDIT)]})
    version = review.ada.get(kept).body["version"]
    job = erases(admin)

    assert (job.done, job.rows) == (1, 0)
    assert (opens(token).status, review.ada.get(kept).body["version"]) == (200, version)
    assert eve.get(theirs).body["verification_policy"]["layers"][0]["approvers"][0]["external"] == MARY


def test_an_address_is_one_in_capital_letters_too(review: Review, admin: Person):
    review.ada.plans(review.project, verification_policy={"layers": [layer(**AUDIT)]})
    erases(admin, ADDRESS.title())

    assert naming() == []


def test_the_second_time_changes_nothing(review: Review, admin: Person):
    milestone = review.submits(layer(**AUDIT))
    erases(admin)
    version, told = review.ada.get(milestone).body["version"], review.ada.get(f"{milestone}/history").body
    job = erases(admin)

    assert (job.status, job.rows) == (jobs.COMPLETED, 0)
    assert review.ada.get(milestone).body["version"] == version
    assert review.ada.get(f"{milestone}/history").body == told


@pytest.mark.parametrize("at", [1, 2, 3, 4, 5, 7, 9, 11])
def test_whatever_write_it_breaks_off_at_it_goes_on_there(review: Review, admin: Person, at: int):
    named_everywhere(review)
    job_id, left = asks(admin), [at]

    def kill(**_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            hooks.unregister("before-call.dynamodb.TransactWriteItems", kill)
            raise RuntimeError("killed")

    hooks.register("before-call.dynamodb.TransactWriteItems", kill)
    with pytest.raises(AssertionError):
        finished(admin, job_id)
    job = finished(admin, job_id)

    assert (job.status, job.done, naming()) == (jobs.COMPLETED, 5, [])


def test_all_projects_are_looked_at_part_by_part(ada: Person, admin: Person, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(erasures, "_AT_ONCE", 1)
    for _ in range(2):
        project = ada.creates()
        for _ in range(2):
            ada.plans(project, verification_policy={"layers": [layer(**AUDIT)]})
    ada.creates()
    job = erases(admin)

    assert (job.done, job.rows, naming()) == (4, 4, [])


def test_its_rows_name_the_milestones(review: Review, admin: Person):
    review.ada.plans(review.project)
    milestone = review.ada.plans(review.project, verification_policy={"layers": [layer(**AUDIT)]})
    job = erases(admin)
    found = table.query(jobs.partition(admin.user_id), f"JOBROW#{job.job_id}#", limit=9).items

    assert [each["reference"] for each in found] == [milestone.rpartition("/")[2]]


@pytest.mark.parametrize("role", ["member", "viewer", "guest"])
def test_it_takes_whoever_governs_the_tenant(ada: Person, role: Any):
    asked = ada.colleague(role).post("/projects/outsiders/erase", {"address": ADDRESS})

    assert (asked.status, asked.code) == (403, "InsufficientScope")


def test_who_governs_the_tenant_no_more_erases_nobody(review: Review, admin: Person):
    review.ada.plans(review.project, verification_policy={"layers": [layer(**AUDIT)]})
    job_id = asks(admin)
    demoted = Member(admin.tenant_id, admin.user_id, "member", False, clock.to_rfc3339(clock.now()), 2)
    table.transact([Put(memberships.to_item(demoted))])
    job = finished(admin, job_id)

    assert (job.status, job.reason) == (jobs.FAILED, "not_allowed")
    assert naming() != []


@pytest.mark.parametrize("address", ["", "mary", "Mary <mary@example.com>", None, 7])
def test_what_is_no_address_is_refused(admin: Person, address: Any):
    asked = admin.post("/projects/outsiders/erase", {"address": address})

    assert (asked.status, asked.fields) == (422, ["address"])


def test_the_job_does_not_keep_the_address(review: Review, admin: Person):
    review.ada.plans(review.project, verification_policy={"layers": [layer(**AUDIT)]})
    before = naming()
    asks(admin)

    assert naming() == before


def test_it_is_asked_for_by_field_too(review: Review, admin: Person):
    review.ada.plans(review.project, verification_policy={"layers": [layer(**AUDIT)]})
    begun = admin.ask("eraseOutsider", address=ADDRESS).data

    assert (begun["kind"], begun["unit"]) == (erasures.KIND, "milestones")
    assert finished(admin, begun["jobId"]).status == jobs.COMPLETED
    assert naming() == []
