"""Projects and what lies in them are found by those who are in the project, and internal notes by fewer."""

from datetime import UTC, datetime

import pytest
import time_machine

from functions.projects import projects
from functions.projects.milestones import happenings, milestones
from functions.search import query_api, resolver
from functions.search.everything import readers
from infra.commands import reconcile
from tests.aws.entries import call, http_event
from tests.identity.access_tokens.issuer import Issuer
from tests.projects.team import Person
from tests.search.everything.feeding import Feed
from tests.search.people import stored_events

WEIR = {"title": "Weir", "kind": "deliverable", "description": "Larch and granite", "tags": ["spillway"]}


@pytest.fixture
def lead(feed: Feed) -> Person:
    """Somebody who leads projects."""
    return Person.new(Issuer().publish())


@pytest.fixture
def project(lead: Person) -> str:
    """A project of theirs."""
    return lead.creates(name="Watermill", client={"name": "Municipality of Ahrn"})


def finds(person: Person, words: str) -> list[tuple[str, str]]:
    """Return the types and ids of what somebody finds."""
    readers.forget()
    headers = {"authorization": f"Bearer {person.token()}"}
    answer = call(
        query_api.handler, resolver.api, http_event("GET", "/api/v1/search", headers=headers, query=f"q={words}")
    )
    assert answer.status == 200, answer.body
    return [(each["type"], each["id"]) for each in answer.body["items"]]


def named(path: str) -> str:
    return path.rpartition("/")[2]


def test_what_lies_in_a_project_is_found_by_whoever_is_in_it_and_by_admins(lead: Person, project: str, feed: Feed):
    viewer = lead.brings(project, lead.colleague("guest"), "viewer")
    weir = lead.plans(project, **WEIR)
    brought = lead.post(f"{weir}/evidence/links", {"url": "https://example.org/survey", "description": "Soundings"})
    evidence_id = brought.body["evidence_id"]
    said = lead.post(f"/evidence/{evidence_id}/comments", {"text": "Gauge it again in spring"})
    feed.runs()
    looked_for = {
        "watermill": ("project", named(project)),
        "ahrn": ("project", named(project)),
        "weir": ("project_milestone", named(weir)),
        "granite": ("project_milestone", named(weir)),
        "spillway": ("project_milestone", named(weir)),
        "soundings": ("evidence", evidence_id),
        "gauge": ("comment", said.body["comment_id"]),
    }

    for words, expected in looked_for.items():
        for person in (lead, viewer, lead.colleague("admin")):
            assert finds(person, words) == [expected]
        for stranger in (lead.colleague(), lead.colleague("guest"), Person.new(lead.issuer, role="owner")):
            assert finds(stranger, words) == []


def test_a_hit_says_where_it_is(lead: Person, project: str, feed: Feed):
    weir = lead.plans(project, **WEIR)
    brought = lead.post(f"{weir}/evidence/links", {"url": "https://example.org/survey"})
    lead.post(f"/evidence/{brought.body['evidence_id']}/comments", {"text": "Gauge <b>it</b>"})
    feed.runs()
    readers.forget()
    headers = {"authorization": f"Bearer {lead.token()}"}
    event = http_event("GET", "/api/v1/search", headers=headers, query="q=gauge&types=comment")

    (hit,) = call(query_api.handler, resolver.api, event).body["items"]

    assert (hit["title"], hit["url"]) == ("Weir", f"#/projects/milestones/{named(weir)}")
    assert hit["parent"] == {"type": "project_milestone", "id": named(weir)}
    assert hit["highlights"] == [{"field": "text", "snippet": "<mark>Gauge</mark> &lt;b&gt;it&lt;/b&gt;"}]


def test_internal_notes_are_found_only_by_those_who_see_them(lead: Person, project: str, feed: Feed):
    verifier = lead.brings(project, lead.colleague(), "verifier")
    outside = lead.brings(project, lead.colleague("guest"), "verifier")
    viewer = lead.brings(project, lead.colleague(), "viewer")
    weir = lead.plans(project, **WEIR, internal_notes="Their foreman drinks")
    feed.runs()

    assert (
        finds(verifier, "foreman") == finds(lead.colleague("owner"), "foreman") == [("project_milestone", named(weir))]
    )
    assert finds(viewer, "foreman") == finds(outside, "foreman") == []
    assert [finds(each, "weir") for each in (verifier, outside, viewer)] == [[("project_milestone", named(weir))]] * 3

    lead.patch(weir, {"internal_notes": ""})
    feed.runs()

    assert finds(verifier, "foreman") == []


def test_who_has_left_a_project_or_lost_a_role_finds_nothing_more_at_once(lead: Person, project: str, feed: Feed):
    left = lead.brings(project, lead.colleague(), "viewer")
    demoted = lead.brings(project, lead.colleague(), "verifier")
    weir = lead.plans(project, **WEIR, internal_notes="Their foreman drinks")
    feed.runs()
    before = finds(left, "weir"), finds(demoted, "foreman")
    lead.delete(f"{project}/members/{left.user_id}")
    lead.put(f"{project}/members/{demoted.user_id}", {"roles": ["viewer"]})

    assert before == ([("project_milestone", named(weir))],) * 2
    assert finds(left, "weir") == finds(demoted, "foreman") == []
    assert finds(demoted, "weir") == [("project_milestone", named(weir))]


def test_who_is_in_a_project_is_remembered_for_a_moment_and_proved_all_the_same(
    lead: Person, project: str, feed: Feed, calls: list[str]
):
    left = lead.brings(project, lead.colleague(), "viewer")
    lead.plans(project, **WEIR)
    feed.runs()
    headers = {"authorization": f"Bearer {left.token()}"}
    event = http_event("GET", "/api/v1/search", headers=headers, query="q=weir")
    with time_machine.travel(datetime.now(UTC), tick=False):
        known = finds(left, "weir")
        calls.clear()
        call(query_api.handler, resolver.api, event)
        _who_calls, *warm = calls
        lead.delete(f"{project}/members/{left.user_id}")
        again = call(query_api.handler, resolver.api, event).body["items"]

    assert (len(known), again) == (1, [])
    assert warm == ["Query", "BatchGetItem", "BatchGetItem"]


def test_what_is_gone_is_not_found_and_leaves_nothing_behind(lead: Person, project: str, feed: Feed):
    weir = lead.plans(project, **WEIR, internal_notes="Their foreman drinks")
    brought = lead.post(f"{weir}/evidence/links", {"url": "https://example.org/survey", "description": "Soundings"})
    evidence = f"/evidence/{brought.body['evidence_id']}"
    lead.post(f"{evidence}/comments", {"text": "Gauge it again in spring"})
    feed.runs()
    said = lead.get(f"{evidence}/comments").body["items"][0]["comment_id"]
    lead.delete(f"{evidence}/comments/{said}")
    lead.delete(evidence)
    lead.delete(weir)
    before = [finds(lead, each) for each in ("weir", "foreman", "soundings", "gauge")]
    feed.runs()

    assert before == [[], [], [], []]
    assert [*reconcile.differences(lead.tenant_id)] == []


def test_search_has_all_that_there_is(lead: Person, project: str, feed: Feed):
    weir = lead.plans(project, **WEIR, internal_notes="Their foreman drinks")
    brought = lead.post(f"{weir}/evidence/links", {"url": "https://example.org/survey", "description": "Soundings"})
    lead.post(f"/evidence/{brought.body['evidence_id']}/comments", {"text": "Gauge it again in spring"})
    before = [each.what for each in reconcile.differences(lead.tenant_id)]
    feed.runs()

    assert before == [reconcile.MISSING] * 5
    assert [*reconcile.differences(lead.tenant_id)] == []


def test_what_an_operator_states_is_told_again_with_all_that_lies_in_it(lead: Person, project: str, feed: Feed):
    weir = lead.plans(project, **WEIR, internal_notes="Their foreman drinks")
    brought = lead.post(f"{weir}/evidence/links", {"url": "https://example.org/survey", "description": "Soundings"})
    lead.post(f"/evidence/{brought.body['evidence_id']}/comments", {"text": "Gauge it again in spring"})
    feed.seen |= {each.event_id for each in stored_events()}
    milestone, mill = milestones.find(lead.tenant_id, named(weir)), projects.find(lead.tenant_id, named(project))
    assert milestone is not None
    assert mill is not None
    feed.hears(happenings.restated(milestone), projects.restated(mill))
    feed.runs()

    assert [*reconcile.differences(lead.tenant_id)] == []
