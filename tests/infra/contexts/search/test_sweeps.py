"""The sweeps of search: how often they are called, what they may do, and what rings."""

from typing import Any

import pytest

from tests.infra.permissions import actions_in, statements_of
from tests.infra.stages import Stage
from tests.infra.watched import alarms_of

HANDLER = "functions.search.sweeps.consumers.handler"


def test_they_are_called_every_minute_and_every_hour(prod: Stage) -> None:
    (function,) = [
        name for name, each in prod.find("AWS::Lambda::Function").items() if each["Properties"]["Handler"] == HANDLER
    ]
    rules = {
        target["Input"]: (rule["ScheduleExpression"], "DeadLetterConfig" in target)
        for rule in prod.of_type("AWS::Events::Rule")
        for target in rule["Targets"]
        if target["Arn"] == {"Fn::GetAtt": [function, "Arn"]}
    }

    assert rules == {
        '{"action":"wake"}': ("rate(1 minute)", True),
        '{"action":"remove_orphans"}': ("rate(1 hour)", True),
        '{"action":"erase"}': ("rate(1 hour)", True),
    }


def test_they_list_and_delete_the_objects_of_indexes_and_no_others(prod: Stage) -> None:
    of_files = [
        each for each in statements_of(prod, HANDLER) if any(action.startswith("s3:") for action in actions_in(each))
    ]
    listing, deleting = sorted(of_files, key=lambda each: "s3:DeleteObject" in actions_in(each))

    assert actions_in(listing) == ["s3:ListBucket"]
    assert listing["Condition"] == {"StringLike": {"s3:prefix": "search/*"}}
    assert actions_in(deleting) == ["s3:DeleteObject"]
    assert deleting["Resource"]["Fn::Join"][1][1] == "/search/*"


def test_a_writer_that_is_ended_holds_up_its_collection_for_six_minutes_at_most(prod: Stage) -> None:
    (timeout,) = [
        each["Timeout"]
        for each in prod.of_type("AWS::Lambda::Function")
        if each["Handler"] == "functions.search.indexing_consumers.handler"
    ]

    assert timeout == 60
    assert prod.queue("SearchIndexing", "Queue")["VisibilityTimeout"] == 360


def test_the_indexer_is_woken_up_after_the_index_of_the_table_has_the_change(prod: Stage) -> None:
    assert prod.queue("SearchIndexing", "Queue")["DelaySeconds"] == 1
    assert "DelaySeconds" not in prod.queue("SearchIndexing", "DeadLetters")
    assert "DelaySeconds" not in prod.queue("AuditLog", "Queue")


@pytest.mark.parametrize(
    ("metric", "statistic", "threshold"),
    [
        ("IndexLag", "p95", 60_000),
        ("StalledWriters", "Maximum", 1),
        ("RefusedDocuments", "Sum", 1),
        ("OrphanedObjects", "Sum", 100),
        ("ErasureAge", "Maximum", 15 * 24 * 60 * 60 * 1000),
    ],
)
def test_what_is_behind_rings_however_few_there_are(prod: Stage, metric: str, statistic: str, threshold: int) -> None:
    (alarm,) = alarms_of(prod, metric)
    said: dict[str, Any] = {name: alarm.properties.get(name) for name in ("Threshold", "Period")}

    assert alarm.metrics[0].statistic == statistic
    assert said == {"Threshold": threshold, "Period": 300}
    assert alarm.properties["ComparisonOperator"] == "GreaterThanOrEqualToThreshold"
    assert "EvaluateLowSampleCountPercentile" not in alarm.properties


def test_one_hit_in_a_hundred_that_is_not_there_any_more_rings(prod: Stage) -> None:
    (alarm,) = alarms_of(prod, "RefusedHits")

    assert [(each.name, each.statistic) for each in alarm.metrics] == [("RefusedHits", "Sum"), ("Hits", "Sum")]
    assert alarm.expression == "IF(FILL(part, 0) >= 5, 100 * part / (FILL(part, 0) + FILL(rest, 0)), 0)"
    assert (alarm.properties["Threshold"], alarm.properties["EvaluationPeriods"]) == (1, 1)


def test_more_than_twenty_wrong_codes_within_five_minutes_ring(prod: Stage) -> None:
    (alarm,) = alarms_of(prod, "identity.sign_in.failed")

    assert alarm.metrics[0].dimensions == {"service": "outbox", "reason": "wrong_code"}
    assert (alarm.properties["Threshold"], alarm.properties["Period"]) == (21, 300)


@pytest.mark.parametrize("consumer", ["SearchChanges", "SearchIndexing"])
def test_every_dead_letter_rings(prod: Stage, consumer: str) -> None:
    names = [alarm.name for alarm in alarms_of(prod, "ApproximateNumberOfMessagesVisible")]

    assert [name for name in names if consumer in name] != []
