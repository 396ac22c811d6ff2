"""Tenants that have something of everything that has a state."""

import uuid
from decimal import Decimal

from functions.audience.campaigns import campaigns
from functions.audience.campaigns.campaigns import Campaign
from functions.audience.leads import leads, lifecycle
from functions.goals import goals, progress
from functions.goals.goals import Goal
from functions.identity.accounts import memberships, tenants
from functions.identity.api_keys import records as api_keys
from functions.identity.api_keys.records import Principal, Service
from functions.milestones import milestone_writes
from functions.milestones.milestones import Milestone
from functions.milestones.sync import Sync
from functions.payments.financing import financings
from functions.payments.financing.financings import Financing
from functions.payments.invoices import invoices
from functions.payments.invoices.invoices import Invoice
from functions.projects import lifecycle as projects
from functions.projects.milestones import lifecycle as plans
from functions.webhooks import endpoints
from functions.webhooks.endpoints import Endpoint
from shared import clock, ids
from shared.callers.caller import Caller
from shared.storage import table
from tests.restating.elements import has_element

NOON = clock.from_rfc3339("2026-11-20T12:00:00Z")
Subject = tuple[str, str]


def founds(*, people: int = 1, each_has: int = 1) -> tuple[str, set[Subject]]:
    """Found a tenant whose people have so many goals each, and it so many of everything else; return what it has."""
    tenant_id = ids.new("tenant")
    table.transact(tenants.founded(tenant_id=tenant_id, name="Engines", at=NOON))
    has: set[Subject] = set()
    for _ in range(people):
        user_id = ids.new("user")
        table.transact([memberships.joined(tenant_id=tenant_id, user_id=user_id, role="member", at=NOON)])
        has |= {("identity.member.stated", user_id), *(sets_goal(tenant_id, user_id) for _ in range(each_has))}
    for number in range(each_has):
        has |= {
            tracks(tenant_id, number),
            reaches(tenant_id),
            writes_to(tenant_id),
            *runs(tenant_id),
            invoices_one(tenant_id),
            borrows(tenant_id),
            serves(tenant_id, f"service-{number}"),
            listens(tenant_id),
        }
        has |= {has_element(tenant_id, season, f"scene-{number}") for season in (1, 2)}
    return tenant_id, has


def sets_goal(tenant_id: str, user_id: str) -> Subject:
    ledger = progress.open_ledger(start=NOON, end=None, task_share=100, opened_at=NOON)
    goal = Goal(ids.new("goal"), user_id, tenant_id, "Run", "active", "UTC", ledger, NOON, NOON, 1)
    table.put_many([goals.to_item(goal)])
    return "goals.goal.stated", goal.goal_id


def tracks(tenant_id: str, number: int) -> Subject:
    uid, target = str(uuid.uuid4()), Decimal(number + 1)
    sync = Sync(is_wanted=False, first_target=target, heard_at=NOON)
    milestone = Milestone(uid, tenant_id, "project_1", "tvl", target, Decimal(0), "pending", sync, NOON, NOON, 1)
    table.transact(milestone_writes.born(milestone))
    return "milestones.milestone.stated", uid


def reaches(tenant_id: str) -> Subject:
    lead = lifecycle.new(tenant_id, NOON)
    table.transact([leads.written(None, lead)])
    return "audience.lead.stated", lead.lead_id


def writes_to(tenant_id: str) -> Subject:
    """Give a tenant a campaign."""
    at, campaign_id = clock.to_rfc3339(NOON), ids.new(campaigns.ID)
    campaign = Campaign(
        tenant_id=tenant_id,
        campaign_id=campaign_id,
        label="label",
        name="Spring",
        segment_id=ids.new("segment"),
        channel="email",
        purpose="marketing",
        message={},
        status="draft",
        created_by=ids.new("user"),
        created_at=at,
        updated_at=at,
        version=1,
    )
    table.transact([campaigns.written(None, campaign)])
    return "audience.campaign.stated", campaign_id


def runs(tenant_id: str) -> set[Subject]:
    """Give a tenant a project with a milestone."""
    caller = Caller(ids.new("user"), tenant_id, (), frozenset({"projects:admin"}), None, (), None)
    project_id = projects.create(caller, {"name": "Engine", "currency": "EUR"})["project_id"]
    planned = plans.create(caller, project_id, {"title": "Mill", "kind": "custom"})
    return {
        ("projects.project.stated", project_id),
        ("projects.milestone.stated", planned["project_milestone_id"]),
    }


def invoices_one(tenant_id: str) -> Subject:
    """Give a tenant a draft of an invoice."""
    at, totals = clock.to_rfc3339(NOON), {"net_minor_units": 0, "payable_minor_units": 0, "taxes": []}
    invoice = Invoice(
        tenant_id=tenant_id,
        invoice_id=ids.new(invoices.ID),
        project_id=ids.new("prj"),
        project_milestone_id=ids.new("pms"),
        kind="milestone",
        status="draft",
        currency="EUR",
        lines=[],
        totals=totals,
        terms={},
        created_by=ids.new("user"),
        created_at=at,
        updated_at=at,
        version=1,
    )
    table.transact(invoices.born(invoice))
    return "payments.invoice.stated", invoice.invoice_id


def borrows(tenant_id: str) -> Subject:
    """Give a tenant a financing request."""
    at, who = clock.to_rfc3339(NOON), ids.new("user")
    financing = Financing(
        tenant_id=tenant_id,
        financing_id=ids.new(financings.ID),
        project_id=ids.new("prj"),
        amount_minor_units=1000,
        currency="EUR",
        yearly_rate=0,
        instalment_count=1,
        purpose="Copper",
        pledges=[],
        layers=[],
        status="pending",
        requested_by=who,
        created_at=at,
        updated_at=at,
        version=1,
    )
    table.transact(financings.born(financing))
    return "payments.financing.stated", financing.financing_id


def serves(tenant_id: str, name: str) -> Subject:
    """Give a tenant a service, which is a member of it as well."""
    user_id = ids.new("user")
    service = Service(
        tenant_id, name, user_id, ["goals:read"], None, False, None, (), ids.new("user"), clock.to_rfc3339(NOON), 3
    )
    table.put_many([api_keys.to_item(service)])
    table.transact([api_keys.acting(tenant_id, name, Principal(user_id)), api_keys.joined(service, at=NOON)])
    return "identity.key.stated", user_id


def listens(tenant_id: str) -> Subject:
    at, endpoint_id = clock.to_rfc3339(NOON), ids.new("endpoint")
    who = ids.new("user")
    endpoint = Endpoint(tenant_id, endpoint_id, "https://h.example", "", [], False, None, (), who, at, at, 1)
    table.put_many([endpoints.to_item(endpoint)])
    return "webhooks.endpoint.stated", endpoint_id
