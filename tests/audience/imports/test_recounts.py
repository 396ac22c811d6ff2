"""All leads counted again by a job: what its file says, what it repairs, and what it leaves."""

from typing import Any

import pytest

from functions.audience.imports import recounts
from shared.errors import Unavailable
from tests.audience.damaged import damage
from tests.audience.following import happened
from tests.audience.imports.conftest import joins
from tests.audience.imports.working import does, job_of, lines_of, requested, rounds, works
from tests.audience.people import Person
from tests.aws import hooks

pytestmark = pytest.mark.usefixtures("stage")

AT = "2026-11-01T10:00:00Z"


def buys(person: Person, lead_id: str, order_id: str) -> None:
    order = {"order_id": order_id, "amount_minor_units": 100, "currency": "EUR", "ordered_at": AT}
    assert person.post(f"/leads/{lead_id}/orders", order).status == 201


def has_leads(person: Person, number: int) -> list[str]:
    made = [str(person.creates(external_id=f"{number:03}")["lead_id"]) for number in range(number)]
    for lead_id in made:
        buys(person, lead_id, f"o-{lead_id}")
    return made


def begun(person: Person, *, repair: bool) -> str:
    answer = person.post("/leads/recount", {"repair": repair})
    assert answer.status == 202, answer.body
    return str(answer.body["job_id"])


def recounted(person: Person, *, repair: bool = False) -> list[dict[str, Any]]:
    job_id = begun(person, repair=repair)
    works(person, job_id)
    job, found = job_of(person, job_id), lines_of(person, job_id)

    assert (job.status, job.unit, job.refused) == ("completed", "leads", 0 if repair else len(found))
    return found


@pytest.mark.parametrize("in_a_part", [2, 3, 4, 1000])
def test_each_lead_that_differs_is_told_once_and_repaired_if_asked(
    ada: Person, eve: Person, monkeypatch: pytest.MonkeyPatch, in_a_part: int
):
    monkeypatch.setattr(recounts, "PART_LEADS", in_a_part)
    made = has_leads(ada, 6)
    damaged = {made[1], made[4], max(made)}
    for lead_id in damaged:
        damage(ada, lead_id)
    damage(eve, eve.creates(external_id="eve")["lead_id"])
    found = recounted(ada)
    spent = {lead_id: ada.reads(lead_id)["total_spend"] for lead_id in damaged}
    repaired = recounted(ada, repair=True)

    assert {each["lead_id"] for each in found} == {each["lead_id"] for each in repaired} == damaged
    assert {each["repaired"] for each in found} == {False}
    assert {each["repaired"] for each in repaired} == {True}
    assert found[0]["differences"] == [
        {"field": "order_spend", "stored": 7, "counted": 100},
        {"field": "order_at", "stored": None, "counted": "2026-11-01T10:00:00.000Z"},
    ]
    assert set(spent.values()) == {0.07}
    assert {ada.reads(lead_id)["total_spend"] for lead_id in made} == {1}
    assert recounted(ada) == []
    assert len(happened("audience.lead.recounted")) == len(damaged)


@pytest.mark.parametrize("killed_at", range(1, 9))
def test_a_part_that_is_killed_reports_and_repairs_the_same(
    ada: Person, monkeypatch: pytest.MonkeyPatch, killed_at: int
):
    monkeypatch.setattr(recounts, "PART_LEADS", 2)
    made = has_leads(ada, 4)
    for lead_id in made:
        damage(ada, lead_id)
    job_id, calls = begun(ada, repair=True), 0

    def kill(**_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == killed_at:
            raise Unavailable("killed")

    with hooks.registered("after-call.dynamodb.TransactWriteItems", kill):
        for batches in rounds(ada, job_id):
            for each in batches:
                if does(each) != {"batchItemFailures": []}:
                    assert does(each) == {"batchItemFailures": []}

    assert calls >= killed_at
    assert sorted(each["lead_id"] for each in lines_of(ada, job_id)) == sorted(made)
    assert {ada.reads(lead_id)["total_spend"] for lead_id in made} == {1}


def test_nobody_counts_for_whom_who_may_not_write_leads_any_more(ada: Person):
    damage(ada, has_leads(ada, 1)[0])
    job_id = begun(ada, repair=True)
    joins(ada, "guest")
    does(requested(ada, job_id))
    job = job_of(ada, job_id)

    assert (job.status, job.reason) == ("failed", "not_allowed")


def test_no_lead_is_a_file_without_lines(ada: Person):
    assert recounted(ada, repair=True) == []


@pytest.mark.parametrize("scope", ["audience:read", "audience:write", "audience:send"])
def test_counting_all_leads_takes_an_administrator(ada: Person, scope: str):
    assert ada.holding(scope).post("/leads/recount", {}).status == 403
    assert ada.post("/leads/recount", {"repair": "yes"}).status == 422
    assert ada.post("/leads/recount", {"mend": True}).status == 422


def test_the_same_request_again_is_the_same_job(ada: Person):
    made = [ada.post("/leads/recount", {}, key="counting").body["job_id"] for _ in range(2)]

    assert made[0] == made[1]
