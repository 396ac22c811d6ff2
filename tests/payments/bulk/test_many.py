"""More invoices than a request waits for: a job, which makes each once and reports it."""

from typing import Any

import pytest

from functions.payments.bulk import invoicing, many
from functions.payments.following import consumers
from shared import ids
from shared.jobs import jobs, lists
from shared.jobs.jobs import Job
from shared.storage import table
from tests.aws import hooks, troubles
from tests.aws.entries import Context
from tests.payments.invoicing import Firm
from tests.projects.plans.arriving import requested

PATH = "/invoices/bulk"


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make three invoices more than a request waits for, and two a part of the job."""
    monkeypatch.setattr(invoicing, "MOST", 2)
    monkeypatch.setattr(lists, "_AT_ONCE", 2)
    monkeypatch.setenv("INVOICE_FOLLOWERS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/Followers")
    monkeypatch.setattr("shared.messaging.queues.send", lambda *_args, **_more: None)


def of(milestone: str, **more: Any) -> dict[str, Any]:
    return {"project_milestone_id": milestone.rpartition("/")[2], **more}


def begun(firm: Firm, *wanted: dict[str, Any], key: str | None = None) -> str:
    asked = firm.post(PATH, {"invoices": wanted}, key=key)
    assert asked.status == 202, asked.body
    assert asked.headers["Location"] == f"/api/v1/jobs/{asked.body['job_id']}"
    return str(asked.body["job_id"])


def works(firm: Firm, job_id: str) -> bool:
    """Hand a message of the job to its consumer, and return whether it was handled."""
    return consumers.handler(requested(firm.ada, job_id), Context()) == {"batchItemFailures": []}


def finished(firm: Firm, job_id: str) -> Job:
    assert all(works(firm, job_id) for _ in range(4))
    job = jobs.find(firm.ada.user_id, job_id)
    assert job is not None
    return job


def rows(firm: Firm, job_id: str) -> list[tuple[str, str | None, str | None]]:
    """Return the status of each thing, the number of its invoice, and why it was refused."""
    found = table.query(jobs.partition(firm.ada.user_id), f"JOBROW#{job_id}#", limit=100).items
    numbers = [firm.get(f"/invoices/{each['result']}").body["number"] if each.get("result") else None for each in found]
    return [
        (each["status"], number and number[-4:], each.get("reason"))
        for each, number in zip(found, numbers, strict=True)
    ]


def test_each_is_made_by_itself_and_has_a_row(firm: Firm):
    one, other = firm.verified(1000), firm.verified(2000)
    planned = firm.ada.plans(firm.project, amount_minor_units=1000)
    lines = [{"description": "Gears", "quantity": "2", "unit_price_minor_units": 400}]
    wanted = [
        of(one),
        of(one),
        of(planned),
        of(ids.new("pms")),
        of(other, percentage="40", lines=lines),
        of(other, draft=True, note="Thanks."),
    ]
    job = finished(firm, begun(firm, *wanted))

    assert (job.kind, job.status, job.done, job.total, job.refused) == (many.KIND, jobs.COMPLETED, 6, 6, 3)
    assert rows(firm, job.job_id) == [
        ("done", "0001", None),
        ("refused", None, "OverInvoiced"),
        ("refused", None, "MilestoneNotReady"),
        ("refused", None, "ProjectMilestoneNotFound"),
        ("done", "0002", None),
        ("done", None, None),
    ]
    issued, draft = firm.get(f"{other}/invoices").body["items"][::-1]
    assert (issued["lines"][0]["description"], issued["net_minor_units"]) == ("Gears", 800)
    assert (draft["status"], draft["note"]) == ("draft", "Thanks.")


def test_wherever_a_part_dies_each_invoice_is_made_once(firm: Firm):
    calls = 0
    for number in range(1, 40):
        milestones = [firm.verified(1000) for _ in range(3)]
        # Twice 10 % of one milestone: that each is made once is for its claim to see to, and not for its share.
        job_id = begun(firm, *[of(each, percentage="10") for each in [*milestones, milestones[0]]])
        with troubles.dying_at(number, takes_effect=True) as made:
            works(firm, job_id)
        calls = max(calls, len(made))
        job = finished(firm, job_id)

        assert (job.status, job.done, job.refused) == (jobs.COMPLETED, 4, 0), number
        assert len({number for _, number, _ in rows(firm, job_id)}) == 4
        assert [firm.billing(each)["share"] for each in milestones] == [200_000, 100_000, 100_000], number
        if len(made) < number:
            break

    assert 8 < calls < 40
    locks = firm.numbers(month=firm.get(f"{milestones[0]}/invoices").body["items"][0]["number"][4:10])
    assert len(locks) - 1 == int(locks[-1])


def test_two_who_do_the_same_part_at_once_make_each_once(firm: Firm):
    milestones = [firm.verified(1000) for _ in range(3)]
    job_id = begun(firm, *[of(each, percentage="10") for each in milestones])

    def other(params: dict[str, Any], **_: object) -> None:
        if "JOBROW#" in str(params["body"]):
            hooks.unregister("before-call.dynamodb.TransactWriteItems", other)
            assert works(firm, job_id)

    hooks.register("before-call.dynamodb.TransactWriteItems", other)
    job = finished(firm, job_id)

    assert (job.status, job.done, job.rows) == (jobs.COMPLETED, 3, 3)
    assert [firm.billing(each)["share"] for each in milestones] == [100_000] * 3


def test_the_same_key_begins_one_job(firm: Firm):
    wanted = [of(firm.verified(1000)) for _ in range(3)]

    assert begun(firm, *wanted, key="k") == begun(firm, *wanted, key="k")
    assert firm.post(PATH, {"invoices": [*wanted, wanted[0]]}, key="k").code == "IdempotencyKeyReused"


def test_somebody_without_a_role_in_the_project_is_refused_for_each(firm: Firm):
    eve = firm.ada.colleague()
    wanted = [of(firm.verified(1000)) for _ in range(3)]
    begun_by_eve = firm.purse(somebody=eve).rest("POST", PATH, {"invoices": wanted})
    job_id = begun_by_eve.body["job_id"]
    for _ in range(3):
        assert consumers.handler(requested(eve, job_id), Context()) == {"batchItemFailures": []}
    job = jobs.find(eve.user_id, job_id)

    assert job is not None
    assert (job.status, job.refused) == (jobs.COMPLETED, 3)
    assert [firm.billing(each["project_milestone_id"]) for each in wanted] == [{}] * 3


def test_more_than_a_job_may_make_are_refused(firm: Firm):
    refused = firm.post(PATH, {"invoices": [of("pms_1")] * (many.MOST + 1)})

    assert (refused.status, refused.fields) == (422, ["invoices"])


def test_a_field_begins_the_same(firm: Firm):
    wanted = [{"projectMilestoneId": firm.verified(1000).rpartition("/")[2]} for _ in range(3)]
    assert firm.purse().ask("createInvoices", invoices=wanted).error_type == "InvalidInput"
    job_id = firm.purse().ask("createManyInvoices", invoices=wanted).data["jobId"]

    assert finished(firm, job_id).refused == 0
