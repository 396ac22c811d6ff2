"""What is measured of schedules: how late their messages come."""

from typing import Final

from shared.metrics import Metric

SCHEDULE_LAG: Final = Metric("ScheduleLag", "schedules", "Milliseconds")

METRICS: Final = (SCHEDULE_LAG,)
