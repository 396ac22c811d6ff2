"""The command that pauses all campaigns of a stage, before a restored table is opened again."""

import json
from collections import Counter

import pytest

from functions.audience.campaigns import consumers
from infra.commands.audience import pause_campaigns
from shared import clock
from tests.audience.campaigns.conftest import campaigning, scripted
from tests.audience.campaigns.staging import (
    Stage as Campaigning,
)
from tests.audience.campaigns.staging import (
    has_campaign,
    has_leads,
    has_provider,
    puts,
    starts,
    stored,
)
from tests.audience.conftest import ada, eve, lead_files, time
from tests.audience.people import Person
from tests.aws.quick.table import QuickTable
from tests.infra.permissions import statements_in, used
from tests.infra.stages import Stage

__all__ = ["ada", "campaigning", "eve", "lead_files", "scripted", "time", "used"]


@pytest.fixture
def quick_table() -> QuickTable:
    """Return the table in process, where the leads and campaigns of these tests are put."""
    return QuickTable()


@pytest.fixture
def listed(ada: Person, eve: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the stage know its tenants."""
    monkeypatch.setattr("infra.commands.people.tenants", lambda: iter((ada.tenant_id, eve.tenant_id)))


def in_every_state(person: Person, stage: Campaigning) -> dict[str, str]:
    """Return the campaigns of somebody, by their states."""
    has_leads(person, 1)
    has_provider(person, stage.provider.url)
    made = {status: has_campaign(person) for status in ("draft", "cancelled", "completed", "running", "preparing")}
    puts(person, made["cancelled"], "cancelled")
    for status in ("completed", "running", "preparing"):
        starts(person, made[status])
        if status == "completed":
            stage.run()
        if status == "running":
            stage.hear()
    at = clock.to_rfc3339(clock.now() + 60 * clock.SECOND)
    made["scheduled"] = has_campaign(person, scheduled_at=at)
    puts(person, made["scheduled"], "scheduled")
    return made


@pytest.mark.usefixtures("listed")
def test_nothing_is_sent_when_the_stage_is_opened_again(ada: Person, campaigning: Campaigning) -> None:
    made = in_every_state(ada, campaigning)
    before = len(campaigning.provider.calls)

    assert pause_campaigns.run() == Counter({"failed": 2, "paused": 1})
    assert pause_campaigns.run() == Counter()
    campaigning.time.shift(120)
    consumers.handler({"action": "sweep"}, campaigning.context())
    campaigning.run()
    assert len(campaigning.provider.calls) == before
    assert {status: stored(ada, each).status for status, each in made.items()} == {
        "draft": "draft",
        "cancelled": "cancelled",
        "completed": "completed",
        "running": "paused",
        "preparing": "failed",
        "scheduled": "failed",
    }
    assert {stored(ada, made[each]).reason for each in ("running", "preparing", "scheduled")} == {"restored"}


@pytest.mark.usefixtures("listed")
def test_what_was_paused_is_resumed_by_somebody(ada: Person, campaigning: Campaigning) -> None:
    campaign_id = in_every_state(ada, campaigning)["running"]
    pause_campaigns.run()
    puts(ada, campaign_id, "running")
    campaigning.run()

    assert stored(ada, campaign_id).status == "completed"


def test_the_role_reaches_what_tenants_have_and_nothing_else(prod: Stage) -> None:
    role = prod.templates["stateless"]["Outputs"]["PauseCampaignsRoleArn"]["Value"]["Fn::GetAtt"][0]
    (policy,) = [each for each in prod.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}]]
    reading, writing = statements_in(policy)

    assert reading["Action"] == "dynamodb:Query"
    assert writing["Action"] == ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"]
    assert writing["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["TENANT#*"]}}
    assert "index" not in json.dumps([reading["Resource"], writing["Resource"]])


@pytest.mark.usefixtures("listed")
def test_what_it_does_with_the_table_its_role_may(used: set[str], ada: Person, campaigning: Campaigning) -> None:
    in_every_state(ada, campaigning)
    used.clear()
    pause_campaigns.run()

    assert used == {"DeleteItem", "GetItem", "PutItem", "Query"}
