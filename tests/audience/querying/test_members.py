"""Previews and members by files: the same leads as by the table, and conditions that only files can answer."""

from typing import Any

import pytest
import time_machine

from functions.audience.querying import choosing, members
from functions.audience.querying.audiences import Audience
from functions.audience.segments import forms
from functions.audience.segments.rules.rule import Rule
from shared import clock
from tests.audience.people import Person
from tests.audience.querying.publishing import publish, row, stored
from tests.audience.segments.rules.leads import both, condition, lead, order

VISITORS = condition("visits", ">=", 10)
BUYERS = condition("orders.count", ">", 0, where=condition("amount", ">", 5))
SENT = condition("campaign.any.sent_at", "IS_SET")


def imports(ada: Person, number: int) -> list[str]:
    """Import leads of which each has a visit more than the one before, and return their ids."""
    rows = [{"external_id": f"crm-{each}", "visits": each} for each in range(number)]
    return [each["lead_id"] for each in ada.imports(*rows)]


def creates(ada: Person, tree: Any) -> str:
    answer = ada.post("/segments", {"name": "x", "rule_ast": tree})
    assert answer.status == 201, answer.body
    return str(answer.body["segment_id"])


def pages(ada: Person, segment_id: str, *, limit: int) -> list[str]:
    found, cursor = [], ""
    while True:
        body = ada.get(f"/segments/{segment_id}/members", f"limit={limit}{cursor}").body
        found += [each["lead_id"] for each in body["items"]]
        if body["next_cursor"] is None:
            return found
        cursor = f"&cursor={body['next_cursor']}"


def test_a_preview_by_files_counts_what_they_have(time: time_machine.Traveller, ada: Person, by_files: None) -> None:
    made = imports(ada, 30)
    publish(ada.tenant_id, stored(ada.tenant_id), as_of=clock.now())
    imports(ada, 40)
    time.shift(5)
    found = ada.post("/segments/preview", {"rule_ast": VISITORS}).body

    assert (found["count"], found["as_of"], found["lag_seconds"]) == (20, "2026-11-20T12:00:05.000Z", 5)
    assert [each["lead_id"] for each in found["sample"]] == made[:19:-1]


def test_members_by_files_are_listed_by_their_ids(ada: Person, by_files: None) -> None:
    made = imports(ada, 25)
    publish(ada.tenant_id, stored(ada.tenant_id)[:12], changed=[stored(ada.tenant_id)[12:]])
    segment_id = creates(ada, VISITORS)

    assert pages(ada, segment_id, limit=4) == sorted(made[10:])
    assert [each["leadId"] for each in ada.ask("segmentMembers", segmentId=segment_id).data["items"]] == made[10:]


def test_a_list_goes_on_where_it_began_when_files_appear_or_are_gone(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = imports(ada, 25)
    publish(ada.tenant_id, stored(ada.tenant_id))
    path = f"/segments/{creates(ada, VISITORS)}/members"
    first = ada.get(path, "limit=5").body
    monkeypatch.setattr(choosing, "LEAST", 0)
    second = ada.get(path, f"limit=100&cursor={first['next_cursor']}").body
    shown = [each["lead_id"] for each in [*first["items"], *second["items"]]]

    assert (sorted(shown), second["next_cursor"]) == (sorted(made[10:]), None)


def test_few_leads_are_read_from_the_table_as_they_are_now(ada: Person) -> None:
    imports(ada, 30)
    publish(ada.tenant_id, stored(ada.tenant_id))
    imports(ada, 40)

    assert ada.post("/segments/preview", {"rule_ast": VISITORS}).body["count"] == 30


@pytest.mark.parametrize("tree", [BUYERS, SENT, both(VISITORS, BUYERS)])
def test_what_is_not_kept_with_a_lead_is_answered_by_files_of_any_size(ada: Person, tree: Any) -> None:
    one, *_ = imports(ada, 2)
    happened = {"campaign_x": {"sent_at": clock.now()}}
    facts = lead(lead_id=one, visits=10, orders=[order(900, "2026-06-01T00:00:00Z", "tea")], campaigns=happened)
    refused = ada.post("/segments/preview", {"rule_ast": tree})
    publish(ada.tenant_id, [row(facts)])
    found = ada.post("/segments/preview", {"rule_ast": tree}).body

    assert (refused.status, refused.body["code"]) == (422, "RuleNotAnswered")
    assert (found["count"], [each["lead_id"] for each in found["sample"]]) == (1, [one])


@pytest.mark.parametrize("least", [0, choosing.LEAST])
def test_all_ids_of_a_rule_come_in_their_order(ada: Person, monkeypatch: pytest.MonkeyPatch, least: int) -> None:
    monkeypatch.setattr(choosing, "LEAST", least)
    made = imports(ada, 25)
    publish(ada.tenant_id, stored(ada.tenant_id))
    form = forms.of(ada.tenant_id, Rule(VISITORS, "UTC"), now=clock.now())

    assert list(members.lead_ids(ada.tenant_id, form)) == sorted(made[10:])


def test_another_question_may_be_asked_while_ids_are_taken(
    ada: Person, by_files: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.audience.querying.audience._AT_ONCE", 3)
    made = imports(ada, 25)
    publish(ada.tenant_id, stored(ada.tenant_id))
    audience = choosing.of(ada.tenant_id, form_of(ada))
    assert isinstance(audience, Audience)
    taken = audience.every_id(form_of(ada))
    first = next(taken)
    audience.counted(form_of(ada), shown=1)

    assert [first, *taken] == sorted(made[10:])


def form_of(ada: Person) -> Any:
    return forms.of(ada.tenant_id, Rule(VISITORS, "UTC"), now=clock.now()).node


def test_another_tenant_sees_no_files_of_this_one(ada: Person, eve: Person, by_files: None) -> None:
    imports(ada, 25)
    publish(ada.tenant_id, stored(ada.tenant_id))

    assert eve.post("/segments/preview", {"rule_ast": VISITORS}).body["count"] == 0
    assert eve.get(f"/segments/{creates(ada, VISITORS)}/members").status == 404
