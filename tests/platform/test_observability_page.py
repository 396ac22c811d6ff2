"""docs/observability.md: it names every metric that the platform writes, and counts what they cost."""

import re

from infra import discovery
from tests.platform.architecture import ROOT

PAGE = (ROOT / "docs" / "observability.md").read_text(encoding="utf-8").split("\n## Metrics\n")[1]


def test_the_page_has_every_metric_with_its_dimension() -> None:
    rows = re.findall(r"^\| `([\w.]+)` \| `(\w+)` \|([^|]*)\|", PAGE, re.MULTILINE)
    told = [(name, service, *re.findall(r"`(\w+)`", by)) for name, service, by in rows]
    declared = [(each.name, each.service, *filter(None, [each.by]), *each.values) for each in discovery.metrics()]

    assert sorted(told) == sorted(declared)


def test_the_page_counts_what_the_metrics_cost() -> None:
    number = sum(len(metric.values) or 1 for metric in discovery.metrics())

    assert f"These are {number} metrics." in PAGE
    assert f"by the hours in which it was written: {number * 0.3:.2f} US$ at most" in PAGE


def test_no_two_metrics_are_one() -> None:
    known = [(metric.name, metric.service) for metric in discovery.metrics()]

    assert sorted(set(known)) == sorted(known)
