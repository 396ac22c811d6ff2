"""What the alarms and the dashboard of a stage look at: each metric with its dimensions."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from tests.infra.stages import Stage


class Watched(NamedTuple):
    """A metric as an alarm or a graph names it."""

    namespace: str
    name: str
    dimensions: Mapping[str, Any]
    statistic: str


class Alarm(NamedTuple):
    """An alarm, by its logical id, with all metrics that it looks at; `expression` is what it makes of them."""

    name: str
    properties: Mapping[str, Any]
    metrics: list[Watched]
    expression: str | None

    @property
    def see(self) -> str:
        """Return where its description says that there is something to read."""
        return str(self.properties["AlarmDescription"]).rpartition("What to do: ")[2]


def alarms(stage: Stage) -> list[Alarm]:
    return [
        Alarm(name, each["Properties"], list(_metrics(each["Properties"])), _expression(each["Properties"]))
        for name, each in stage.find("AWS::CloudWatch::Alarm").items()
    ]


def alarms_of(stage: Stage, metric: str) -> list[Alarm]:
    """Return the alarms that look at a metric of this name."""
    return [each for each in alarms(stage) if any(watched.name == metric for watched in each.metrics)]


def reference(value: Any) -> str:
    """Return the logical id that a value refers to."""
    return str(value.get("Ref") or value["Fn::GetAtt"][0])


def widgets(stage: Stage) -> list[dict[str, Any]]:
    """Return the widgets of the dashboard. What the deployment fills in reads as its logical id."""
    (dashboard,) = stage.of_type("AWS::CloudWatch::Dashboard")
    body = dashboard["DashboardBody"]
    parts = body["Fn::Join"][1] if isinstance(body, dict) else [body]
    text = "".join(part if isinstance(part, str) else _name(part) for part in parts)
    found: list[dict[str, Any]] = json.loads(text)["widgets"]
    return found


def graphed(widget: Mapping[str, Any]) -> Iterator[Watched]:
    """Yield the metrics of a graph; one is told in the terms of the one before where that says `.`."""
    for line in widget["properties"]["metrics"]:
        further = line[-1] if isinstance(line[-1], dict) else {}
        if "expression" in further:
            continue
        namespace, name, *pairs = [part for part in line if not isinstance(part, dict)]
        dimensions = dict(zip(pairs[::2], pairs[1::2], strict=True))
        yield Watched(namespace, name, dimensions, further.get("stat", "Average"))


def _metrics(properties: Mapping[str, Any]) -> Iterator[Watched]:
    if "MetricName" in properties:
        yield _watched(properties, properties.get("ExtendedStatistic") or properties["Statistic"])
    for each in properties.get("Metrics", []):
        if "MetricStat" in each:
            yield _watched(each["MetricStat"]["Metric"], each["MetricStat"]["Stat"])


def _watched(metric: Mapping[str, Any], statistic: str) -> Watched:
    dimensions = {each["Name"]: each["Value"] for each in metric.get("Dimensions", [])}
    return Watched(metric["Namespace"], metric["MetricName"], dimensions, statistic)


def _expression(properties: Mapping[str, Any]) -> str | None:
    found = [each["Expression"] for each in properties.get("Metrics", []) if "Expression" in each]
    return found[0] if found else None


def _name(value: Mapping[str, Any]) -> str:
    (of,) = value.values()
    return str(of if isinstance(of, str) else of[0])
