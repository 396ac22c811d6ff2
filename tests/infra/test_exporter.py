"""What Prometheus is given: every metric that an alarm or the dashboard looks at, and a row for every alarm."""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any

import pytest
import yaml

from tests.infra.stages import ROOT, Stage, Stages
from tests.infra.watched import Watched, alarms, graphed, widgets

PAGE = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8").split("\n## Prometheus and Grafana\n")[1]
SETTINGS: dict[str, Any] = yaml.safe_load((ROOT / "docs" / "cloudwatch_exporter.yml").read_text(encoding="utf-8"))
ALARM = re.compile(r"^Monitoring(\w+?)[0-9A-F]{8}$", re.ASCII)
# Of these another row has the name already, and the exporter would write it twice.
LEFT_OUT = {("AWS/Lambda", "ConcurrentExecutions", ()), ("AWS/Events", "InvocationsFailedToBeSentToDlq", ("RuleName",))}

Series = tuple[str, str, tuple[str, ...], str]


@pytest.fixture
def everything(stages: Stages) -> Stage:
    """A production stage that sends mail and SMS, and searches in a domain."""
    return stages.stage("prod", mail_sender="no-reply@example.com", sms_countries=["+49"], search_engine="opensearch")


def series_of(watched: Watched) -> Series:
    return watched.namespace, watched.name, tuple(sorted(watched.dimensions)), watched.statistic


def exported() -> Iterator[Series]:
    for each in SETTINGS["metrics"]:
        place = each["aws_namespace"], each["aws_metric_name"], tuple(sorted(each.get("aws_dimensions", ())))
        for statistic in (*each.get("aws_statistics", ()), *each.get("aws_extended_statistics", ())):
            yield (*place, statistic)


def test_every_metric_that_is_looked_at_is_exported_and_no_other(everything: Stage) -> None:
    looked_at = [watched for alarm in alarms(everything) for watched in alarm.metrics]
    looked_at += [watched for widget in widgets(everything) for watched in graphed(widget)]
    wanted = {series_of(each) for each in looked_at}

    assert {*exported()} == {each for each in wanted if each[:3] not in LEFT_OUT}


def test_no_series_is_exported_twice() -> None:
    named = [(each["aws_namespace"], each["aws_metric_name"]) for each in SETTINGS["metrics"]]
    of_the_table = {name for namespace, name in named if namespace == "AWS/DynamoDB"}

    assert {name for namespace, name in named if named.count((namespace, name)) > 1} <= of_the_table


def test_the_page_has_a_row_for_every_alarm_and_no_other(everything: Stage) -> None:
    rows = re.findall(r"^\| ((?:`[\w*]+`(?:, )?)+)", PAGE, re.MULTILINE)
    patterns = [name for row in rows for name in re.findall(r"`([\w*]+)`", row)]
    names = [match[1] for match in (ALARM.match(each.name) for each in alarms(everything)) if match]
    rows_of = {name: [each for each in patterns if fnmatchcase(name, each)] for name in names}

    assert len(names) == len(alarms(everything))
    assert [name for name, found in rows_of.items() if not found] == []
    assert {each for found in rows_of.values() for each in found} == {*patterns}
