"""What is measured of deliveries: what came of each attempt, and how long after its event a message arrived."""

from typing import Final

from functions.webhooks.deliveries import Delivery
from shared import clock, metrics
from shared.clock import Instant
from shared.metrics import Metric

ATTEMPTS: Final = Metric("DeliveryAttempts", "webhooks", by="outcome", values=("delivered", "waiting", "failed"))
"""By the status of the delivery afterwards: `waiting` is tried again, `failed` is not."""

DELIVERY_LAG: Final = Metric("DeliveryLag", "webhooks", "Milliseconds")
"""Of messages that the first attempt brought: that an endpoint was away for a day is no lag of ours."""

METRICS: Final = (ATTEMPTS, DELIVERY_LAG)


def count(after: Delivery, *, now: Instant) -> None:
    """Count an attempt at a delivery, which is now as it is `after`."""
    metrics.count(ATTEMPTS, after.status)
    if after.status == "delivered" and after.attempts == 1 and not after.is_test:
        metrics.write({DELIVERY_LAG: [max(now - clock.from_rfc3339(after.occurred_at), 0)]})
