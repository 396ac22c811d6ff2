"""Automated checks of layers: they decide an automated layer, and a hybrid one before people may approve it.

An automated layer is decided in the background, within seconds of its opening. The first time it is approved or
rejected. One that is open again, because evidence is gone, waits until its checks pass.
"""

from functions.projects import requirements
from functions.projects.evidence import evidence
from functions.projects.evidence.evidence import Evidence
from functions.projects.layers import checks
from functions.projects.layers.checks import Result
from functions.projects.layers.layers import Layer
from functions.projects.verification import outcomes, reviewing
from functions.projects.verification.refusals import ChecksFailed
from functions.projects.verification.reviewing import Opened
from shared import clock
from shared.clock import Instant
from shared.storage import changes, table
from shared.storage.changes import Plan


def decide(tenant_id: str, verification_id: str) -> None:
    """Decide an automated layer that is open by its checks; others stay as they are."""

    def plan() -> Plan[None]:
        opened, now = reviewing.by_itself(tenant_id, verification_id), clock.now()
        if opened is None or opened.layer.status != "open" or not opened.layer.policy.is_automated:
            return Plan(None)
        results = run(opened, now)
        after, reason = _decided(opened.layer, results, now), checks.failed(results)
        if after is None:
            return Plan(None)
        _, writes = outcomes.followed(opened, after, now, reason)
        return Plan(None, [*writes, requirements.still(opened.partition, opened.evidence)])

    changes.make(plan)


def run(opened: Opened, now: Instant) -> list[Result]:
    """Return how the checks of a layer turn out on what is under review now; a query for the evidence."""
    return checks.run(opened.layer.policy.auto_checks, checks.subject(opened.milestone, _pieces(opened.partition), now))


def approvable(opened: Opened, after: Layer, now: Instant) -> Layer:
    """Return a layer that somebody has approved with the results of its checks, if it has any.

    Raises ChecksFailed.
    """
    if not opened.layer.policy.auto_checks:
        return after
    results = run(opened, now)
    reason = checks.failed(results)
    if reason is not None:
        raise ChecksFailed(reason)
    return after._replace(checks=[each._asdict() for each in results])


def _decided(layer: Layer, results: list[Result], now: Instant) -> Layer | None:
    told = layer._replace(checks=[each._asdict() for each in results], closed_at=clock.to_rfc3339(now))
    if checks.failed(results) is None:
        return told._replace(status="approved")
    return None if layer.is_reopened else told._replace(status="rejected")


def _pieces(partition: str) -> list[Evidence]:
    found = table.query(partition, evidence.PREFIX, limit=requirements.MOST, consistent=True).items
    return [each for each in map(evidence.from_item, found) if each.status in evidence.PRESENT]
