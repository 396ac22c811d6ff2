"""Listening to a project: who may, and what is published to them, up to the mutation that AppSync passes on."""

import json

import pytest
import time_machine
from graphql import get_named_type

from shared.storage import events, table
from tests.aws import hooks
from tests.goals.listening.publishing import GraphqlApi
from tests.projects.appsync import SCHEMA
from tests.projects.following.telling import leaves, of_milestone, stands
from tests.projects.listening.hearing import (
    disconnected,
    disconnected_from_worklists,
    hears,
    listens,
    of_project,
    published,
)
from tests.projects.team import Person


@pytest.mark.parametrize("role", ["viewer", "client", "verifier"])
def test_members_may_listen_guests_too(role: str, ada: Person, project: str):
    listens(ada.brings(project, ada.colleague("guest"), role), project)
    listens(ada, project)
    listens(ada.colleague("admin"), project)


@pytest.mark.parametrize("role", ["member", "viewer", "guest"])
def test_who_has_no_role_in_a_project_may_not_listen(
    role: str, ada: Person, eve: Person, project: str, api: GraphqlApi
):
    somebody = ada.colleague(role)
    replies = [each.ask("onProjectChanged", projectId=project[10:]) for each in (somebody, eve)]
    hears(*of_project(ada, project))

    assert [each.error_type for each in replies] == ["ProjectNotFound"] * 2
    assert api.bodies == []


def test_a_milestone_is_published_with_the_project_as_they_are_now(ada: Person, project: str, api: GraphqlApi):
    milestone = ada.plans(project, due_on="2027-03-31")
    listens(ada, project)
    assert hears(*of_milestone(ada, milestone)) == {"batchItemFailures": []}
    (change,) = published(api)
    shown = ada.get(project).body

    assert (change["milestones"], change["version"], change["name"]) == (1, shown["version"], shown["name"])
    assert change["milestonesByStatus"] == [{"status": "draft", "milestones": 1}]
    assert change["projectMilestoneId"] == change["milestone"]["projectMilestoneId"] == milestone[20:]
    assert (change["milestone"]["status"], change["milestone"]["dueOn"]) == ("draft", "2027-03-31")


def test_subscribers_get_every_field_there_is(ada: Person, project: str, api: GraphqlApi):
    milestone = ada.plans(project)
    listens(ada, project)
    hears(*of_milestone(ada, milestone))
    (change,) = published(api)
    fields = SCHEMA.type_map["ProjectChange"].fields

    assert change.keys() == fields.keys()
    assert change["milestone"].keys() == get_named_type(fields["milestone"].type).fields.keys()


def test_neither_amounts_nor_notes_nor_reasons_are_published(ada: Person, project: str, api: GraphqlApi):
    secrets = {"internal_notes": "The third wheel is weak.", "notes": "Ask Babbage.", "description": "Of brass."}
    milestone = ada.plans(project, amount_minor_units=471100, **secrets)
    ada.post(f"{milestone}/cancel", {"reason": "Too dear."})
    listens(ada, project)
    hears(*of_milestone(ada, milestone), *of_project(ada, project))
    sent = json.dumps([json.loads(body) for body in api.bodies])

    assert [each["projectMilestoneId"] for each in published(api)] == [milestone[20:], None]
    assert [each for each in ("471100", "EUR", "Too dear.", *secrets.values()) if each in sent] == []


def test_a_milestone_that_is_gone_is_published_without_itself(ada: Person, project: str, api: GraphqlApi):
    milestone = ada.plans(project)
    happened = of_milestone(ada, milestone)
    ada.delete(milestone)
    listens(ada, project)
    hears(*happened)
    (change,) = published(api)

    assert (change["projectMilestoneId"], change["milestone"], change["milestones"]) == (milestone[20:], None, 0)


def test_nothing_is_published_of_a_project_to_which_nobody_listens(ada: Person, project: str, api: GraphqlApi):
    listens(ada, ada.creates())
    hears(*of_project(ada, project))

    assert api.bodies == []


def test_nothing_is_published_of_a_project_that_is_gone(ada: Person, project: str, api: GraphqlApi):
    listens(ada, project)
    ada.delete(project)

    assert hears(*of_project(ada, project)) == {"batchItemFailures": []}
    assert published(api) == []


def test_it_is_published_for_as_long_as_a_connection_may_last(
    ada: Person, project: str, api: GraphqlApi, time: time_machine.Traveller
):
    listens(ada, project)
    time.shift(24 * 3600)
    hears(*of_project(ada, project))
    time.shift(3600)
    hears(*of_project(ada, project))

    assert len(published(api)) == 1


def test_who_leaves_the_project_is_disconnected(ada: Person, ben: Person, project: str, api: GraphqlApi):
    ada.brings(project, ben, "viewer")
    listens(ada, project)
    ada.delete(f"{project}/members/{ben.user_id}")
    hears(*[each for each in of_project(ada, project) if each.event_type == "projects.member.removed"])

    assert disconnected(api) == [{"projectId": project[10:], "listenerId": ben.user_id}]
    assert [each["members"] for each in published(api)] == [1]


def test_who_leaves_the_tenant_or_has_another_role_there_is_disconnected(ada: Person, ben: Person, api: GraphqlApi):
    for happened in (leaves(ben), stands(ben, "disabled", is_disabled=True), stands(ben, "role_changed", role="guest")):
        hears(happened)

    assert disconnected(api) == disconnected_from_worklists(api) == [{"departedId": ben.user_id}] * 3


@pytest.mark.parametrize("status", [401, 503])
def test_what_is_refused_comes_again(status: int, ada: Person, ben: Person, project: str, api: GraphqlApi):
    listens(ada, project)
    api.status = status
    failed = {"batchItemFailures": [{"itemIdentifier": "message-0"}]}

    assert hears(of_project(ada, project)[0]) == failed
    assert hears(leaves(ben)) == failed


def test_publishing_reads_whether_somebody_listens_and_then_all_at_once(ada: Person, project: str, api: GraphqlApi):
    listens(ada, project)
    happened, asked = of_project(ada, project), list[str]()
    with hooks.registered("before-call.dynamodb", lambda model, **_: asked.append(model.name)):
        hears(*happened)

    assert asked == ["GetItem", "BatchGetItem"]


def test_what_no_project_shows_is_passed_over(ada: Person, ben: Person, api: GraphqlApi):
    ada.post("/plan-templates", {"name": "Mill", "milestones": [{"key": "m", "title": "Mill", "kind": "custom"}]})
    period = {"starts_at": "2099-01-01T00:00:00Z", "ends_at": "2099-02-01T00:00:00Z"}
    given = {"delegate_id": ben.user_id, "scope": "tenant", "reason": "On leave.", **period}
    assert ada.post("/delegations", given).status == 201
    places = (f"TENANT#{ada.tenant_id}#PLT", f"USER#{ada.user_id}")
    told = [events.stored(item) for place in places for item in table.query_all(place, "EVENT#")]

    assert {each.event_type for each in told} == {"projects.plan_template.created", "projects.delegation.created"}
    assert hears(*told) == {"batchItemFailures": []}
    assert published(api) == []
