"""Where files are too large for a function, Athena answers as DuckDB and `segment.py` do, and is asked no more."""

import json
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from functions.audience.querying import audiences, copies, order, watching
from functions.audience.querying.athena import client, views
from functions.audience.querying.audience import Audience, Version
from functions.audience.querying.copies import LeadsTooLarge
from functions.audience.segments.rules import segment
from functions.audience.segments.rules.form import Every, Node
from shared import ids
from shared.errors import Unavailable
from shared.storage import files
from tests.audience.following import happened
from tests.audience.people import Person
from tests.audience.querying.athena import fake
from tests.audience.querying.athena.fake import Athena
from tests.audience.querying.publishing import publish, row, stored
from tests.audience.segments.rules.leads import condition, either, lead, read
from tests.audience.segments.rules.random_rules import Random

SEED = 20261127
EVERYBODY: Node = Every([])


@pytest.fixture
def tenant_id() -> str:
    return ids.new("tenant")


@pytest.fixture(autouse=True)
def without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "_FIRST_SECONDS", 0.0)


def asked(tenant_id: str) -> Audience:
    found = audiences.of(tenant_id)
    assert found is not None
    return found


def test_the_newest_row_of_each_lead_counts_and_those_that_are_gone_do_not(athena: Athena, tenant_id: str) -> None:
    publish(
        tenant_id,
        [row(lead(lead_id="a", visits=1)), row(lead(lead_id="b", visits=1))],
        [row(lead(lead_id="c", visits=1))],
        changed=[
            [row(lead(lead_id="a", visits=3), version=3), row(lead(lead_id="c"), version=2, is_gone=True)],
            [row(lead(lead_id="a", visits=2), version=2), row(lead(lead_id="d", visits=1))],
        ],
    )

    assert list(asked(tenant_id).every_id(EVERYBODY)) == ["a", "b", "d"]
    assert list(asked(tenant_id).every_id(read(condition("visits", "=", 3)).node)) == ["a"]
    assert asked(tenant_id).versions("", None) == {
        "a": Version(3, is_gone=False),
        "b": Version(1, is_gone=False),
        "c": Version(2, is_gone=True),
        "d": Version(1, is_gone=False),
    }
    assert asked(tenant_id).versions_of(["c", "x"]) == {"c": Version(2, is_gone=True)}


def test_both_engines_answer_every_question_alike(
    athena: Athena, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = Random(SEED)
    facts = [drawn.facts(number) for number in range(40)]
    publish(tenant_id, [row(each) for each in facts[:25]], changed=[[row(each, version=2) for each in facts[20:]]])
    rules = [read(drawn.tree(), time_zone=drawn.zone(), now=drawn.now()).node for _ in range(6)]
    orders = [order.named(name) for name in ("name", "-visits")]

    def answers(node: Node) -> list[Any]:
        audience = asked(tenant_id)
        first, second = (audience.places(node, by, None, limit=3) for by in orders)
        behind = [
            audience.places(node, by, found[-1], limit=5)
            for by, found in zip(orders, (first, second), strict=True)
            if found
        ]
        ids_of_all = [*audience.every_id(node)]
        addresses = [*audience.every_address(node, "emails[1]")]
        counted = audience.counted(node, shown=4)
        return [first, second, behind, ids_of_all, addresses, counted, audience.ids_after(node, "", limit=2)]

    by_athena = [answers(each) for each in rules]
    audiences.forget()
    monkeypatch.setattr(copies, "fit", lambda _: True)

    assert by_athena == [answers(each) for each in rules]
    assert [found[3] for found in by_athena] == [
        sorted(each.lead.get("lead_id") for each in facts if segment.holds(node, each)) for node in rules
    ]


def test_what_became_of_messages_joins_the_lead(athena: Athena, tenant_id: str) -> None:
    told = {"version": 1, "is_gone": False, "changed_at": 0}
    message = {
        "lead_id": "a",
        "version": 0,
        "is_gone": True,
        "changed_at": 0,
        "campaigns": {"cmp_A": {"sent_at": 5, **told}},
    }
    later = {**message, "campaigns": {"cmp_A": {"sent_at": 5, "opened_at": 9, **told, "version": 2}}}
    publish(tenant_id, [row(lead(lead_id="a")), row(lead(lead_id="b"))], changed=[[later], [message]])

    def found(field: str) -> list[str]:
        return list(asked(tenant_id).every_id(read(condition(field, "IS_SET")).node))

    assert (found("campaign.cmp_A.opened_at"), found("campaign.any.sent_at")) == (["a"], ["a"])
    assert found("campaign.cmp_A.clicked_at") == found("campaign.cmp_a.sent_at") == []


def test_shards_that_were_replaced_are_not_read(athena: Athena, tenant_id: str) -> None:
    publish(tenant_id, [row(lead(lead_id=f"{number:05d}")) for number in range(400)])
    publish(tenant_id, [row(lead(lead_id="a"))])

    assert asked(tenant_id).counted(EVERYBODY, shown=1) == (1, ["a"])
    assert athena.read_bytes < 20_000


def test_files_that_fit_are_not_asked_of_athena(
    athena: Athena, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("ATHENA_WORKGROUP", fake.WORKGROUP)
    assert copies.fit([])


def test_a_tenant_reads_its_own_partition_only(athena: Athena, tenant_id: str) -> None:
    other = ids.new("tenant")
    publish(tenant_id, [row(lead(lead_id="ours"))])
    publish(other, [row(lead(lead_id="theirs"))])
    audience = asked(other)

    assert list(audience.every_id(EVERYBODY)) == ["theirs"]
    assert f"tenant = '{other}'" in athena.started[-1]["QueryString"]
    assert tenant_id not in json.dumps(athena.started)


@pytest.mark.parametrize("tenant_id", ["", "tenant_1' OR '1'='1", "../tenant"])
def test_nothing_but_the_id_of_a_tenant_is_written_into_a_statement(tenant_id: str) -> None:
    with pytest.raises(ValueError, match="tenant"):
        views.of(tenant_id, "x", has_deltas=False)


def test_what_a_rule_says_is_in_no_statement(athena: Athena, tenant_id: str) -> None:
    publish(tenant_id, [row(lead(lead_id="a", name="x'); DROP TABLE shards; --"))])
    node = read(condition("name", "=", "x'); DROP TABLE shards; --")).node

    assert asked(tenant_id).ids_after(node, "", limit=5) == ["a"]
    assert "DROP" not in athena.started[0]["QueryString"]


def test_a_delta_that_is_gone_while_it_is_read_is_read_in_its_shard(athena: Athena, tenant_id: str) -> None:
    publish(tenant_id, [row(lead(lead_id="a"))], changed=[[row(lead(lead_id="b"))]])
    audience = asked(tenant_id)

    def fold() -> None:
        athena.before_running = lambda: None
        publish(tenant_id, [row(lead(lead_id="a")), row(lead(lead_id="b"))])
        for delta in audience.snapshot.deltas:
            files.remove(delta.key)

    athena.before_running = fold

    assert list(audience.every_id(EVERYBODY)) == ["a", "b"]
    assert len(athena.started) == 2


def test_a_statement_that_fails_is_not_repeated_for_nothing(
    athena: Athena, tenant_id: str, caplog: pytest.LogCaptureFixture
) -> None:
    shard = publish(tenant_id, [row(lead(lead_id="a"))]).shards[0]
    audience = asked(tenant_id)
    files.remove(shard.key)

    with pytest.raises(Unavailable):
        audience.counted(read(condition("name", "=", "a secret")).node, shown=1)
    assert len(athena.started) == 1
    assert "a secret" not in caplog.text


def test_a_question_that_takes_too_long_is_stopped(
    athena: Athena, tenant_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tenant_id, [row(lead(lead_id="a"))])
    monkeypatch.setenv("ATHENA_PATIENCE_SECONDS", "0")
    athena.looks = 100

    with pytest.raises(Unavailable, match="too many"):
        asked(tenant_id).counted(EVERYBODY, shown=1)
    assert [each["state"] for each in athena.executions.values()] == ["CANCELLED"]


def test_a_question_is_looked_at_until_it_is_answered(athena: Athena, tenant_id: str) -> None:
    publish(tenant_id, [row(lead(lead_id="a"))])
    athena.looks = 3

    assert asked(tenant_id).counted(EVERYBODY, shown=1) == (1, ["a"])


def test_a_question_that_reads_more_than_the_workgroup_lets_it_is_refused(athena: Athena, tenant_id: str) -> None:
    publish(tenant_id, [row(lead(lead_id="a"))])
    athena.most_bytes = 10

    with pytest.raises(LeadsTooLarge):
        asked(tenant_id).counted(EVERYBODY, shown=1)


def test_nobody_matches(athena: Athena, tenant_id: str) -> None:
    publish(tenant_id, [row(lead(lead_id="a"))])
    nobody = read(condition("visits", ">", 10)).node

    assert asked(tenant_id).counted(nobody, shown=5) == (0, [])
    assert list(asked(tenant_id).every_id(nobody)) == []


def test_a_table_without_its_partition_is_refused(athena: Athena) -> None:
    """The fake takes what botocore sends, and refuses what Athena does."""
    athena_client = boto3.client("athena")

    def answer(params: Any, model: Any, **_: Any) -> Any:
        return SimpleNamespace(status_code=200), athena.call(model.name, json.loads(params["body"]))

    athena_client.meta.events.register_first("before-call.athena", answer)
    started = athena_client.start_query_execution(
        QueryString="SELECT count(*) FROM shards WHERE tenant = 'x'",
        QueryExecutionContext={"Catalog": "AwsDataCatalog", "Database": fake.DATABASE},
        WorkGroup=fake.WORKGROUP,
    )
    found = athena_client.get_query_execution(QueryExecutionId=started["QueryExecutionId"])["QueryExecution"]

    assert found["Status"]["State"] == "FAILED"
    assert "injected" in found["Status"]["StateChangeReason"]


def test_who_enters_a_segment_is_found_by_athena_too(athena: Athena, ada: Person, by_files: None) -> None:
    segment_id = ada.post("/segments", {"name": "x", "rule_ast": condition("visits", ">=", 1)}).body["segment_id"]
    first = ada.imports({"external_id": "1", "visits": 1})[0]["lead_id"]
    publish(ada.tenant_id, stored(ada.tenant_id))
    watching.look(ada.tenant_id, segment_id)
    second = ada.imports({"external_id": "2", "visits": 1}, {"external_id": "1", "visits": 0})[0]["lead_id"]
    publish(ada.tenant_id, stored(ada.tenant_id))
    watching.look(ada.tenant_id, segment_id)

    assert [each.data["lead_ids"] for each in happened("audience.segment.entered")] == [[second]]
    assert [each.data["lead_ids"] for each in happened("audience.segment.left")] == [[first]]


def test_a_preview_and_a_page_are_answered_by_athena(athena: Athena, ada: Person, by_files: None) -> None:
    made = [
        each["lead_id"]
        for each in ada.imports({"external_id": "1", "name": "Straße"}, {"external_id": "2", "name": "Gasse"})
    ]
    publish(ada.tenant_id, stored(ada.tenant_id))
    rule = condition("name", "CONTAINS", "STRASSE")
    previewed = ada.post("/segments/preview", {"rule_ast": rule})
    listed = ada.get("/leads", "q=gasse")

    assert (previewed.status, previewed.body["count"]) == (200, 1)
    assert [each["lead_id"] for each in previewed.body["sample"]] == made[:1]
    assert [each["lead_id"] for each in listed.body["items"]] == made[1:]
    assert len(athena.started) == 2


def test_a_rule_that_athena_cannot_take_is_422(athena: Athena, ada: Person, by_files: None) -> None:
    """A calendar of 300 years for each of 45 conditions is more than a statement."""
    ada.imports({"external_id": "1"})
    publish(ada.tenant_id, stored(ada.tenant_id))
    rule = either(*(condition("created_at", "ANNIVERSARY", number) for number in range(45)))
    answer = ada.post("/segments/preview", {"rule_ast": rule})

    assert (answer.status, answer.body["code"]) == (422, "RuleTooLarge")
