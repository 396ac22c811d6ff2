"""Campaigns from the command line, on the real application and a provider that answers as it is told."""

import json
from collections.abc import Callable

import pytest

from functions.audience.recipients import counters
from functions.audience.settings import settings
from shared.callers import tenant_settings
from shared.storage import table
from shared.storage.writes import Add
from tests.audience.campaigns.conftest import campaigning, scripted
from tests.audience.campaigns.staging import DRAFT, EVERYBODY, Stage
from tests.audience.conftest import time
from tests.cli.shell import Shell
from tests.identity.people import Person

__all__ = ["campaigning", "scripted", "time"]

File = Callable[..., str]


@pytest.fixture
def machine(campaigning: Stage, adas: Shell, file: File) -> Shell:
    """A machine of somebody who has two leads and a provider, and for whom messages are sent while a command waits."""
    settings.forget()
    tenant_settings.forget()
    for name in ("ada", "bob"):
        adas.asks("POST", "/leads", {"external_id": name, "name": name, "emails": [f"{name}@example.org"]})
    provider = {"kind": "webhook", "channel": "email", "name": "Ours", "settings": {"url": campaigning.provider.url}}
    adas.asks("POST", "/delivery-providers", provider)
    adas.meanwhile = campaigning.run
    return adas


def creates(machine: Shell, file: File, **fields: object) -> str:
    segment = machine.asks("POST", "/segments", {"name": "All", "rule_ast": EVERYBODY})
    draft = {**DRAFT, "segment_id": segment["segment_id"], **fields}
    ran = machine.types("campaigns", "create", file(json.dumps(draft), name="campaign.json"), "--json")
    assert ran.exit_code == 0, ran.err
    return str(ran.json["campaign_id"])


def test_a_campaign_is_started_followed_and_looked_at(machine: Shell, file: File, campaigning: Stage):
    campaigning.provider.answers["bob@example.org"] = ["refused"]
    campaign_id = creates(machine, file)
    unasked = machine.types("campaigns", "start", campaign_id)
    started = machine.types("campaigns", "start", campaign_id, "--yes", "--follow")
    stats = machine.types("campaigns", "stats", campaign_id, "--json").json
    logs = machine.types("campaigns", "logs", campaign_id).rows
    listed = machine.types("campaigns", "list", "--status", "completed").rows
    shown = machine.types("campaigns", "show", campaign_id).rows
    again = machine.types("campaigns", "follow", campaign_id)

    assert (unasked.exit_code, "say --yes" in unasked.err) == (2, True)
    assert (started.exit_code, started.rows[0]) == (0, ["status", "completed"])
    assert ["sent", "1"] in started.rows
    assert (stats["counts"]["sent"], stats["counts"]["failed"]) == (1, 1)
    assert [each[1] for each in logs] == ["failed"]
    assert [each[0] for each in listed] == [campaign_id]
    assert (["failed", "1"] in shown, ["status", "completed"] in shown) == (True, True)
    assert again.exit_code == 0
    assert machine.types("campaigns", "list", "--status", "draft").rows == []


def test_a_campaign_is_changed_previewed_tried_and_deleted(machine: Shell, file: File, campaigning: Stage):
    campaign_id = creates(machine, file, test_recipients=["ada@example.org"])
    path = file(json.dumps({"name": "Autumn"}), name="change.json")
    changed = machine.types("campaigns", "change", campaign_id, path, "--if-version", "1")
    preview = machine.types("campaigns", "preview", campaign_id)
    in_json = machine.types("campaigns", "preview", campaign_id, "--json").lines
    tried = machine.types("campaigns", "test", campaign_id)
    campaigning.provider.otherwise = "refused"
    refused = machine.types("campaigns", "test", campaign_id)
    deleted = machine.types("campaigns", "delete", campaign_id, "--yes")

    assert ["name", "Autumn"] in changed.rows
    assert {each[1] for each in preview.rows if each[0] == "text"} == {"Hello ada!", "Hello bob!"}
    assert {each["to"] for each in in_json} == {"ada@example.org", "bob@example.org"}
    assert (tried.exit_code, tried.rows) == (0, [["ada@example.org", "accepted", ""]])
    assert (refused.exit_code, "1 of 1 messages were not accepted." in refused.err) == (1, True)
    assert (deleted.exit_code, machine.types("campaigns", "show", campaign_id).exit_code) == (0, 4)


def test_a_campaign_is_paused_resumed_and_cancelled(machine: Shell, file: File):
    campaign_id = creates(machine, file)
    before = machine.types("campaigns", "resume", campaign_id)
    drafted = machine.types("campaigns", "follow", campaign_id)
    started = machine.types("campaigns", "start", campaign_id, "--yes", "--json").json
    early = machine.types("campaigns", "pause", campaign_id)
    machine.meanwhile()
    late = machine.types("campaigns", "pause", campaign_id)

    assert (before.exit_code, "is draft, not paused" in before.err) == (1, True)
    assert (drafted.exit_code, "is draft." in drafted.err) == (1, True)
    assert started["status"] == "preparing"
    assert (early.exit_code, late.exit_code) == (1, 1)


def test_who_follows_hears_why_a_campaign_has_paused(machine: Shell, file: File, campaigning: Stage):
    campaigning.provider.otherwise = "account"
    campaign_id = creates(machine, file)
    started = machine.types("campaigns", "start", campaign_id, "--yes", "--follow")
    campaigning.provider.otherwise = "accepted"
    resumed = machine.types("campaigns", "resume", campaign_id, "--follow", "--json")

    assert (started.exit_code, f"{campaign_id} is paused: account" in started.err) == (1, True)
    assert (resumed.exit_code, resumed.json["counts"]["sent"]) == (0, 2)


def test_a_campaign_is_scheduled_and_cancelled(machine: Shell, file: File):
    campaign_id = creates(machine, file, scheduled_at="2026-12-24T09:00:00Z")
    scheduled = machine.types("campaigns", "schedule", campaign_id)
    unasked = machine.types("campaigns", "cancel", campaign_id)
    cancelled = machine.types("campaigns", "cancel", campaign_id, "--yes", "--json").json
    followed = machine.types("campaigns", "follow", campaign_id)

    assert ["status", "scheduled"] in scheduled.rows
    assert unasked.exit_code == 2
    assert cancelled["status"] == "cancelled"
    assert (followed.exit_code, "is cancelled." in followed.err) == (1, True)


def test_everybody_is_written_to_only_if_that_is_meant(machine: Shell, file: File):
    every = machine.asks("POST", "/segments", {"name": "Every", "rule_ast": {"op": "AND", "children": []}})
    campaign_id = creates(machine, file, segment_id=every["segment_id"])
    refused = machine.types("campaigns", "start", campaign_id, "--yes")
    meant = machine.types("campaigns", "start", campaign_id, "--yes", "--confirm-all")

    assert [refused.exit_code, meant.exit_code] == [1, 0]


def test_counters_that_differ_are_told_by_the_exit_code(machine: Shell, file: File, ada: Person):
    campaign_id = creates(machine, file)
    assert machine.types("campaigns", "start", campaign_id, "--yes", "--follow").exit_code == 0
    table.transact([Add(counters.key(ada.tenant_id, campaign_id, "lead"), {"failed": 2})])
    found = machine.types("campaigns", "recount", campaign_id)
    mended = machine.types("campaigns", "recount", campaign_id, "--repair", "--json")
    after = machine.types("campaigns", "recount", campaign_id)

    assert (found.exit_code, found.rows) == (1, [["failed", "2", "0"]])
    assert (mended.exit_code, mended.json["repaired"]) == (0, True)
    assert (after.exit_code, after.out) == (0, "")
