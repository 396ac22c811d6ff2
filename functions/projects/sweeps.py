"""The Lambda handler of the hourly sweep: evidence that is due, and plans that broke off."""

from collections.abc import Mapping
from typing import Any, Final

from functions.projects.evidence import sweeping as evidence_sweeping
from functions.projects.plans import sweeping as plans_sweeping
from shared.messaging import handling, sweep_parts
from shared.messaging.timers import Invocation

_KEPT_MILLISECONDS: Final = 15_000


def handler(_event: Mapping[str, Any], context: Invocation) -> dict[str, int]:
    """Sweep; answers how many pieces of evidence were abandoned or have expired, and how many plans were seen to."""
    with handling.of_run(context, action="sweep"):
        return sweep_parts.run(
            {
                "found": lambda: evidence_sweeping.run(lambda: _has_time(context)),
                "plans": lambda: plans_sweeping.run(lambda: _has_time(context)),
            }
        )


def _has_time(context: Invocation) -> bool:
    return context.get_remaining_time_in_millis() > _KEPT_MILLISECONDS
