"""What is counted of campaigns: those that were paused by themselves, which somebody has to look at."""

from typing import Final

from shared.metrics import Metric

PAUSED: Final = Metric("CampaignsPaused", "audience")

METRICS: Final = (PAUSED,)
