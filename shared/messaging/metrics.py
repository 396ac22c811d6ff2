"""What is measured of schedules and timers: how late their messages come, and how many were lost or stale."""

from typing import Final

from shared.metrics import Metric

SCHEDULE_LAG: Final = Metric("ScheduleLag", "schedules", "Milliseconds")

TIMERS: Final = Metric("Timers", "timers", by="outcome", values=("swept", "stale"))
"""By what became of them: `swept` ones were sent by the sweep, `stale` messages were of a past attempt."""

METRICS: Final = (SCHEDULE_LAG, TIMERS)
