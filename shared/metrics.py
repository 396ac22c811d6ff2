"""Metrics of our own: counts and durations, as log lines that CloudWatch makes metrics of.

A line is a document of the embedded metric format (EMF), and costs no call. Each name is a metric for each value of its
dimensions, and each metric costs 0.30 US$ a month: so a dimension has few values, and never a tenant, a user or an id.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple


class Metric(NamedTuple):
    """What is counted or measured, and the part of the platform (`service`) that does it.

    `by` is the one dimension besides the service, if there is one, and `values` are all that it can have.
    """

    name: str
    service: str
    unit: Literal["Count", "Milliseconds"] = "Count"
    by: str | None = None
    values: tuple[str, ...] = ()


def count(metric: Metric, value: str | None = None) -> None:
    """Count one more; `value` is that of the metric's dimension."""
    write({metric: [1]}, value)


def write(measured: Mapping[Metric, Sequence[float]], value: str | None = None) -> None:
    """Write what was measured, all by one service and with one dimension, as one line."""
    # 50 ms of a cold start (decision 0061): only those wait who have something to say.
    from aws_lambda_powertools.metrics import EphemeralMetrics  # noqa: PLC0415

    first = next(iter(measured))
    line = EphemeralMetrics(service=first.service)
    if first.by is not None and value is not None:
        line.add_dimension(first.by, value)
    for metric, each in measured.items():
        for number in each:
            line.add_metric(metric.name, metric.unit, number)
    if line.metric_set:
        line.flush_metrics()
