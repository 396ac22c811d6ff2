"""What the API kit counts: requests that it refused, by status, and guesses that were wrong."""

from typing import Final

from shared import metrics
from shared.metrics import Metric
from shared.observability import logger

REST_REFUSED: Final = Metric("RequestsRefused", "rest", by="status", values=("401", "403", "429"))
GRAPHQL_REFUSED: Final = Metric("RequestsRefused", "graphql", by="status", values=("401", "403", "429", "503"))
"""AppSync answers 200 whatever a resolver refuses, so it does not count what was unavailable. API Gateway does."""

WRONG_CREDENTIALS: Final = Metric("WrongCredentials", "rest")
"""Passwords and codes, also those of addresses that nobody has, of which there is no event."""

METRICS: Final = (REST_REFUSED, GRAPHQL_REFUSED, WRONG_CREDENTIALS)


def count_refused(metric: Metric, status: int) -> None:
    """Count a refusal, if its status is one of those that are counted."""
    if str(status) in metric.values:
        _count(metric, str(status))


def count_wrong_credentials() -> None:
    """Count a guess that was wrong."""
    _count(WRONG_CREDENTIALS)


def _count(metric: Metric, value: str | None = None) -> None:
    """Count one more. A refusal stays the same refusal when it cannot be counted."""
    try:
        metrics.count(metric, value)
    except Exception as error:
        logger.exception("a refusal was not counted", exc_info=error)
