"""Segments, suppressions and providers from the command line, on the real application."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from functions.audience.leads import leads
from functions.audience.querying import consumers, watching
from functions.audience.querying import recounts as file_recounts
from functions.audience.settings import settings
from shared import config
from shared.callers import tenant_settings
from shared.storage import table
from tests.audience.campaigns import provider
from tests.audience.imports.conftest import stage as import_stage
from tests.audience.imports.working import does, waiting
from tests.audience.querying.publishing import publish, stored
from tests.aws.entries import Context
from tests.aws.messages import batch, delivered
from tests.cli.shell import Shell
from tests.identity.people import Person
from tests.webhooks.people import stored_events

__all__ = ["import_stage"]

File = Callable[..., str]
RULE = {"type": "condition", "field": "visits", "operator": ">=", "value": 1}
NAMED = {"name": "Visitors", "rule_ast": RULE}
NO_LEAD = "lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
NOBODY = "segment_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"


def works() -> None:
    """Do all jobs to their end."""
    for event in stored_events():
        if event.event_type == "jobs.job.requested":
            does(delivered([event]))
            looks(delivered([event]))
    while bodies := waiting():
        for body in bodies:
            does(batch([body]))
    while messages := boto3.client("sqs").receive_message(QueueUrl=queue()).get("Messages", []):
        for each in messages:
            boto3.client("sqs").delete_message(QueueUrl=queue(), ReceiptHandle=each["ReceiptHandle"])
        looks(batch([each["Body"] for each in messages]))


def queue() -> str:
    return config.audience_queries_queue_url()


def looks(event: dict[str, Any]) -> None:
    assert consumers.handler(event, Context()) == {"batchItemFailures": []}


@pytest.fixture
def machine(pepper: str, adas: Shell, import_stage: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shell]:
    """A machine of somebody for whom work goes on while a command waits."""
    queue = boto3.client("sqs").create_queue(QueueName="milepost-local-AudienceQueries-Queue")["QueueUrl"]
    monkeypatch.setenv("AUDIENCE_QUERIES_QUEUE_URL", queue)
    settings.forget()
    tenant_settings.forget()
    adas.meanwhile = works
    yield adas
    settings.forget()
    tenant_settings.forget()


@pytest.fixture
def people(machine: Shell, file: File) -> list[str]:
    """Three leads, of whom two have visited; their ids, those two first."""
    lines = [{"external_id": str(number), "name": f"N{number}", "visits": 2 - number} for number in range(3)]
    content = "".join(json.dumps(each) + "\n" for each in lines)
    assert machine.types("leads", "import", file(content, name="people.jsonl"), "--yes").exit_code == 0
    found = {each["external_id"]: each["lead_id"] for each in machine.types("leads", "list", "--json").lines}
    return [found[each] for each in "012"]


def creates(machine: Shell, file: File, content: Any = NAMED) -> str:
    ran = machine.types("segments", "create", file(json.dumps(content), name="segment.json"), "--json")
    assert ran.exit_code == 0, ran.err
    return str(ran.json["segment_id"])


def test_a_segment_is_made_shown_changed_and_deleted(machine: Shell, file: File):
    segment_id = creates(machine, file)
    listed = machine.types("segments", "list").rows
    shown = machine.types("segments", "show", segment_id)
    path = file(json.dumps({"name": "All", "rule_ast": {"op": "AND", "children": []}}), name="all.json")
    stale = machine.types("segments", "change", segment_id, path, "--if-version", "7")
    changed = machine.types("segments", "change", segment_id, path, "--if-version", "1")
    refused = machine.types("segments", "delete", segment_id)
    deleted = machine.types("segments", "delete", segment_id, "--yes")
    gone = machine.types("segments", "show", segment_id)

    assert [(each[0], each[1]) for each in listed] == [(segment_id, "Visitors")]
    assert f"rule_ast\t{json.dumps(RULE)}" in shown.out
    assert (stale.exit_code, "(VersionChanged)" in stale.err) == (1, True)
    assert ("name\tAll" in changed.out, "MATCHES_ALL" in changed.err) == (True, True)
    assert [each.exit_code for each in (changed, refused, deleted, gone)] == [0, 2, 0, 4]


def test_who_is_in_a_segment_is_previewed_listed_explained_and_exported(
    machine: Shell, people: list[str], file: File, tmp_path: Path
):
    segment_id = creates(machine, file)
    for content in (RULE, NAMED):
        preview = machine.types("segments", "preview", file(json.dumps(content), name="rule.json"))
        assert preview.rows[0] == ["count", "2"]
        assert {each[0] for each in preview.rows[3:]} == {*people[:2]}
    whole = machine.types("segments", "preview", file(json.dumps(RULE), name="rule.json"), "--json").json
    members = machine.types("segments", "members", segment_id, "--json").lines
    one = machine.types("segments", "members", segment_id, "--limit", "1").rows
    why = machine.types("segments", "why", segment_id, people[2])
    out = tmp_path / "members.csv"
    exported = machine.types("segments", "export", segment_id, str(out))
    printed = machine.types("segments", "export", segment_id)

    assert whole["count"] == 2
    assert {each["lead_id"] for each in members} == {*people[:2]}
    assert len(one) == 1
    assert why.rows[0] == ["is_member", "False"]
    assert why.rows[2] == ["$", "False", json.dumps(RULE)]
    assert [each.exit_code for each in (exported, printed)] == [0, 0]
    assert out.read_text() == printed.out
    assert {each["lead_id"] for each in csv.DictReader(io.StringIO(printed.out))} == {*people[:2]}


def test_the_days_of_a_segment_are_listed(machine: Shell, people: list[str], file: File, ada: Person):
    segment_id = creates(machine, file)
    watching.look(ada.tenant_id, segment_id)
    chart = machine.types("segments", "chart", segment_id, "--days", "7")
    too_many = machine.types("segments", "chart", segment_id, "--days", "100000")

    assert (chart.exit_code, chart.rows) == (0, [])
    assert too_many.exit_code == 1


@pytest.mark.parametrize(
    ("content", "code", "said"),
    [
        ("{", 2, "segment.json is no JSON"),
        ("[]", 2, "segment.json is no JSON object."),
        (b"\xff", 2, "segment.json is not UTF-8."),
        ('{"name": "x", "rule_ast": {"op": "XOR", "children": []}}', 1, "rule_ast: UNKNOWN_OP at $"),
        ('{"rule_ast": {"op": "AND", "children": []}}', 1, "name:"),
    ],
)
def test_what_is_no_segment_is_refused(machine: Shell, file: File, content: Any, code: int, said: str):
    ran = machine.types("segments", "create", file(content, name="segment.json"))

    assert (ran.exit_code, said in ran.err) == (code, True), ran.err


def test_leads_are_counted_again_one_or_all(machine: Shell, people: list[str], ada: Person, tmp_path: Path):
    stored = leads.get(ada.tenant_id, people[0])
    table.transact([leads.written(stored, stored._replace(orders=3, version=stored.version + 1))])
    report = tmp_path / "found.jsonl"
    one = machine.types("leads", "recount", people[0])
    every = machine.types("leads", "recount", "--report", str(report))
    in_json = machine.types("leads", "recount", "--json")
    right = machine.types("leads", "recount", people[1], "--json")
    mended = machine.types("leads", "recount", "--repair")
    after = machine.types("leads", "recount")

    assert (one.exit_code, one.rows) == (1, [["orders", "3", "0"]])
    assert (every.exit_code, every.rows) == (1, [[people[0], "orders", "3", "0"]])
    assert "1 differs; --repair mends that." in every.err
    assert json.loads(report.read_text()) == in_json.json
    assert (right.exit_code, right.json["differences"]) == (0, [])
    assert (mended.exit_code, mended.rows) == (0, every.rows)
    assert (after.exit_code, after.out) == (0, "")
    assert leads.get(ada.tenant_id, people[0]).orders == 0
    assert machine.types("leads", "recount", "lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE").exit_code == 4


def test_the_files_of_segments_are_compared_with_the_leads(
    machine: Shell, people: list[str], ada: Person, monkeypatch: pytest.MonkeyPatch
):
    compactor = boto3.client("sqs").create_queue(QueueName="milepost-local-AudienceFiles-Queue")["QueueUrl"]
    monkeypatch.setenv("AUDIENCE_FILES_QUEUE_URL", compactor)
    monkeypatch.setattr(file_recounts, "CAUGHT_UP", 0)
    right = machine.types("segments", "recount")
    publish(ada.tenant_id, [*stored(ada.tenant_id), {**stored(ada.tenant_id)[0], "lead_id": NO_LEAD}])
    wrong = machine.types("segments", "recount")
    mended = machine.types("segments", "recount", "--repair", "--json")

    assert (right.exit_code, right.out) == (0, "")
    assert (wrong.exit_code, wrong.rows) == (1, [[NO_LEAD, "too_many", "1", ""]])
    assert (mended.exit_code, mended.json["repaired"]) == (0, True)


def test_addresses_are_suppressed_looked_up_and_taken_off(machine: Shell):
    added = machine.types("suppressions", "add", "email", "Ada@example.org", "--reason", "complaint", "--json").json
    topic = ("--reason", "unsubscribed", "--topic", "news")
    assert machine.types("suppressions", "add", "sms", "+442079460958", *topic).exit_code == 0
    wrong = machine.types("suppressions", "add", "email", "nobody")
    found = machine.types("suppressions", "list", "--email", "ada@example.org").rows
    by_number = machine.types("suppressions", "list", "--phone", "+442079460958", "--json").lines
    without = machine.types("suppressions", "remove", added["suppression_id"])
    removed = machine.types("suppressions", "remove", added["suppression_id"], "--reason", "asked us", "--json")
    again = machine.types("suppressions", "remove", added["suppression_id"], "--reason", "asked us")

    assert [(each[0], each[2]) for each in found] == [(added["suppression_id"], "complaint")]
    assert [each["topics"][0]["topic"] for each in by_number] == ["news"]
    assert (wrong.exit_code, "address: " in wrong.err) == (1, True)
    assert [each.exit_code for each in (without, removed, again)] == [2, 0, 4]
    assert len(machine.types("suppressions", "list").rows) == 1


def test_suppressions_come_from_files_and_go_into_one(machine: Shell, file: File, tmp_path: Path):
    sheet = 'Channel;Address;Reason\nemail;a@example.org;complaint\nemail;nobody;\nemail;"b@example.org\n'
    report = tmp_path / "report.csv"
    ran = machine.types("suppressions", "import", file(sheet), "--report", str(report))
    rows = "".join(json.dumps({"channel": "email", "address": f"p{n}@example.org"}) + "\n" for n in range(250))
    lines = machine.types("suppressions", "import", file(rows, name="rows.jsonl"), "--json")
    again = machine.types("suppressions", "import", file(rows, name="rows.jsonl"), "--json")
    out = tmp_path / "list.csv"
    exported = machine.types("suppressions", "export", str(out))
    printed = machine.types("suppressions", "export")

    assert (ran.exit_code, "2 of 3 rows were refused." in ran.err) == (1, True)
    assert [each["status"] for each in csv.DictReader(report.read_text().splitlines())] == [
        "added",
        "refused",
        "refused",
    ]
    assert [{each["status"] for each in found.lines} for found in (lines, again)] == [{"added"}, {"unchanged"}]
    assert (exported.exit_code, out.read_text().splitlines()) == (0, printed.out.splitlines())
    assert len([*csv.DictReader(io.StringIO(printed.out))]) == 251


def test_the_list_is_exported_in_parts_under_one_line_of_columns(machine: Shell, monkeypatch: pytest.MonkeyPatch):
    for number in range(7):
        assert machine.types("suppressions", "add", "email", f"p{number}@example.org").exit_code == 0
    monkeypatch.setattr("functions.audience.respect.listing.EXPORTED", 3)
    printed = machine.types("suppressions", "export").out.splitlines()

    assert len(printed) == 8
    assert sum(line.startswith("channel,") for line in printed) == 1


def test_providers_are_made_tried_and_deleted(machine: Shell, file: File, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    with provider.running() as scripted:
        draft = {"kind": "webhook", "channel": "email", "name": "Ours", "settings": {"url": scripted.url}}
        made = machine.types("providers", "create", file(json.dumps(draft), name="provider.json"), "--json").json
        provider_id = made["provider_id"]
        tried = machine.types("providers", "test", provider_id, "ada@example.org")
        scripted.otherwise = "refused"
        refused = machine.types("providers", "test", provider_id, "ada@example.org")
    path = file(json.dumps({"per_minute": 60}), name="change.json")
    changed = machine.types("providers", "change", provider_id, path)
    rotated = machine.types("providers", "rotate-secret", provider_id, "--grace-seconds", "0", "--json").json
    listed = machine.types("providers", "list").rows
    shown = machine.types("providers", "show", provider_id).out
    deleted = machine.types("providers", "delete", provider_id, "--yes")

    assert (tried.exit_code, tried.rows[0]) == (0, ["outcome", "accepted"])
    assert (refused.exit_code, "not accepted: refused" in refused.err) == (1, True)
    assert ["per_minute", "60"] in changed.rows
    assert listed == [[provider_id, "Ours", "webhook", "email", "True", "60"]]
    assert made["receipt_secret"] not in shown
    assert rotated["receipt_secret"] != made["receipt_secret"]
    assert (deleted.exit_code, machine.types("providers", "list").rows) == (0, [])


def test_what_is_not_there_is_not_found(machine: Shell):
    asked = [
        ("segments", "members", NOBODY),
        ("campaigns", "stats", "campaign_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"),
        ("campaigns", "show", "../segments"),
        ("providers", "show", "prv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"),
    ]

    assert {machine.types(*each).exit_code for each in asked} == {4}
