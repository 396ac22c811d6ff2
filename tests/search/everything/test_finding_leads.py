"""Leads and campaigns are found by members of their tenant who are no guests and may read the audience."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from functions.audience.campaigns import campaigns
from functions.audience.finding import many, walks
from functions.audience.imports import imports
from functions.audience.leads import happenings, leads
from functions.audience.querying import audiences
from functions.search.collections import tenant_index
from functions.search.documents import documents
from infra.commands import reconcile
from shared import ids
from shared.messaging import search_feed
from shared.storage import table
from shared.storage.events import Event
from tests.audience.campaigns.staging import has_campaign, sender
from tests.audience.imports.working import QUEUE, begun, works
from tests.audience.people import Person as Keeper
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.aws.quick.table import everything
from tests.goals.conftest import enrol
from tests.goals.people import Person
from tests.search.everything.feeding import Feed, audience_feed, documents_of, finds, hits
from tests.search.people import stored_events

READS = "search:read audience:read"


@pytest.fixture
def ada(ada: Person) -> Person:
    return ada.holding(READS)


@pytest.fixture
def keeper(ada: Person, pepper: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keeper]:
    """Ada, as she keeps the audience of her tenant."""
    monkeypatch.setenv("LEAD_IMPORTS_QUEUE_URL", boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"])
    monkeypatch.setattr(imports, "LONGEST_PAUSE_SECONDS", 0)
    monkeypatch.setattr(walks, "SECONDS", 0)
    audiences.forget()
    made = Keeper(ada.user_id, ada.tenant_id, ada.issuer)
    made.has(currency="EUR", phone_region="GB")
    yield made
    audiences.forget()


@pytest.fixture
def grace(keeper: Keeper, feed: Feed) -> dict[str, Any]:
    lead = keeper.creates(
        name="Grace Hopper",
        emails=["grace@example.org"],
        phones=["+44 7911 123456"],
        external_id="crm-17",
        tags=["Navy"],
        metadata={"note": "Lighthouse"},
    )
    feed.runs()
    return lead


def is_larger_than(most: int, monkeypatch: pytest.MonkeyPatch, tenant_id: str) -> None:
    """Let a tenant have files with one lead more than this, and search be told of so many."""
    monkeypatch.setattr(many, "MOST", most)
    shards = [["k", "e", most + 1]]
    pointer = {"tenant_id": tenant_id, "generation": 1, "as_of": 0, "published_at": "", "shards": shards}
    table.put_many([{"PK": f"TENANT#{tenant_id}#AUDIENCEFILES", "SK": "POINTER", "entity": "AudienceFiles", **pointer}])


def test_a_lead_is_found_by_its_name_addresses_numbers_external_id_and_tags(ada: Person, grace: dict[str, Any]):
    for query in ("grace hopp", "hoper", "grace@example.org", "%2B447911123456", "crm-17", "navy", grace["lead_id"]):
        assert finds(ada, query) == [grace["lead_id"]], query
    assert hits(ada, "q=hopper&types=lead") == [
        {
            "type": "lead",
            "id": grace["lead_id"],
            "title": "Grace Hopper",
            "url": f"#/leads/{grace['lead_id']}",
            "parent": None,
            "highlights": [{"field": "title", "snippet": "Grace <mark>Hopper</mark>"}],
        }
    ]


def test_what_else_is_known_of_a_lead_is_not_told(ada: Person, grace: dict[str, Any]):
    assert finds(ada, "lighthouse") == []


def test_who_may_not_read_the_audience_finds_no_lead(
    ada: Person, bob: Person, eve: Person, grace: dict[str, Any], keeper: Keeper, feed: Feed
):
    has_campaign(keeper, name="Hopper")
    feed.runs()
    may = len(finds(bob.holding(READS), "hopper"))
    enrol(bob, role="guest")

    assert may == 2
    assert finds(bob.holding(READS), "hopper") == []
    assert finds(ada.holding("search:read goals:read"), "hopper") == finds(eve.holding(READS), "hopper") == []


def test_a_member_who_was_disabled_or_has_left_finds_no_lead_at_once(bob: Person, grace: dict[str, Any]):
    place = search_feed.member(bob.tenant_id, bob.user_id)
    item = table.get(search_feed.keys([place], bob.user_id)[0])
    assert item is not None
    table.put_many([item | {"disabled": True}])
    disabled = finds(bob.holding(READS), "hopper")
    table.delete_many(search_feed.keys([place], bob.user_id))

    assert disabled == finds(bob.holding(READS), "hopper") == []


def test_an_erased_lead_is_not_found_from_that_moment_on(
    ada: Person, keeper: Keeper, grace: dict[str, Any], feed: Feed
):
    keeper.delete(f"/leads/{grace['lead_id']}")
    before = finds(ada, "hopper")
    feed.runs()

    assert before == finds(ada, "hopper") == []
    assert documents_of(ada.tenant_id) == {grace["lead_id"]: (search_feed.GONE, False)}
    assert "Hopper" not in str(everything())


def test_a_changed_lead_is_found_by_what_it_is_called_now(
    ada: Person, keeper: Keeper, grace: dict[str, Any], feed: Feed
):
    keeper.patch(f"/leads/{grace['lead_id']}", {"name": "Grace Murray"})
    feed.runs()

    assert (finds(ada, "murray"), finds(ada, "hopper")) == ([grace["lead_id"]], [])


def test_a_merged_lead_is_found_as_the_one_that_stays(ada: Person, keeper: Keeper, grace: dict[str, Any], feed: Feed):
    other = keeper.creates(name="G. Hopper", emails=["amazing@example.org"])
    feed.runs()
    keeper.post(f"/leads/{grace['lead_id']}/merge", {"lead_id": other["lead_id"]})
    before = finds(ada, "amazing")
    feed.runs()

    assert (before, finds(ada, "amazing@example.org")) == ([], [grace["lead_id"]])
    assert documents_of(ada.tenant_id)[other["lead_id"]] == (search_feed.GONE, False)


def test_leads_of_a_request_of_many_are_found(ada: Person, keeper: Keeper, feed: Feed):
    rows = keeper.imports(
        {"emails": ["a@example.org"], "name": "Ann"}, {"emails": ["b@example.org"], "name": "Annabel"}
    )
    feed.runs()

    assert {*finds(ada, "ann")} == {each["lead_id"] for each in rows}


def test_leads_of_a_file_are_told_of_when_its_import_has_ended_page_by_page(
    ada: Person, keeper: Keeper, grace: dict[str, Any], feed: Feed, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(walks, "LOOKED_AT", 7)
    monkeypatch.setattr(walks, "TOLD", 3)
    enrol(ada, role="owner")
    table.delete_many([documents.key(tenant_index.id_of(ada.tenant_id), grace["lead_id"])])
    import_id = begun(keeper, "email,name\n" + "".join(f"p{n}@example.org,Person {n}\n" for n in range(20)))
    works(keeper, import_id)
    happened = [event for event in stored_events() if event.event_id not in feed.seen]
    parts = [event for event in happened if event.event_type == "audience.lead.imported"]
    audience_feed.handler(delivered(parts), Context())
    told = feed.stores()
    feed.runs()

    assert (len(parts), told) == (1, 0)
    # What the import has not touched is not told of again.
    assert len(documents_of(ada.tenant_id)) == 20
    assert len(finds(ada, "q=person&limit=100")) == 20


def test_a_job_of_another_kind_and_of_a_bound_key_changes_nothing(keeper: Keeper, feed: Feed):
    data = {"user_id": "key_0123456789Ab", "job_id": ids.new("job"), "kind": "search.export"}
    moment, before = "2026-11-20T12:00:00.000Z", documents_of(keeper.tenant_id)

    feed.hears(Event(ids.new("evt"), "jobs.job.completed", 1, moment, keeper.tenant_id, data["job_id"], data))
    feed.runs()

    assert documents_of(keeper.tenant_id) == before


def test_an_import_into_a_tenant_with_too_many_leads_is_not_told_of_but_single_changes_are(
    ada: Person, keeper: Keeper, feed: Feed, monkeypatch: pytest.MonkeyPatch
):
    is_larger_than(5, monkeypatch, ada.tenant_id)
    enrol(ada, role="owner")
    works(keeper, begun(keeper, "email,name\np@example.org,Person\n"))
    keeper.imports({"emails": ["q@example.org"], "name": "Person"})
    one = keeper.creates(name="Person", emails=["r@example.org"])
    feed.runs()

    assert finds(ada, "person") == [one["lead_id"]]
    assert [*reconcile.differences(ada.tenant_id)] == []


def test_restated_leads_and_campaigns_are_told_again(ada: Person, keeper: Keeper, feed: Feed):
    lead_id, campaign_id = keeper.creates(name="Grace", emails=["g@example.org"])["lead_id"], has_campaign(keeper)
    feed.seen |= {each.event_id for each in stored_events()}
    item = table.get(campaigns.key(ada.tenant_id, campaign_id))
    assert item is not None
    feed.hears(happenings.restated(leads.get(ada.tenant_id, lead_id)), campaigns.restated(campaigns.from_item(item)))
    feed.runs()

    assert {*documents_of(ada.tenant_id)} >= {lead_id, campaign_id}


def test_a_campaign_is_found_by_its_name_subject_and_text_until_it_is_deleted(ada: Person, keeper: Keeper, feed: Feed):
    campaign_id = has_campaign(keeper, name="Spring sale", message_template="Daffodils", subject="Tulips")
    feed.runs()
    found = [finds(ada, f"q={query}&types=campaign") for query in ("spring", "tulips", "dafodils")]
    sender(keeper).patch(f"/campaigns/{campaign_id}", {"name": "Autumn sale"})
    feed.runs()
    renamed = (finds(ada, "spring"), finds(ada, "autumn"))
    sender(keeper).delete(f"/campaigns/{campaign_id}")
    before = finds(ada, "autumn")
    feed.runs()

    assert found == [[campaign_id]] * 3
    assert renamed == ([], [campaign_id])
    assert before == finds(ada, "autumn") == []
    assert documents_of(ada.tenant_id)[campaign_id] == (search_feed.GONE, False)
