"""Until when an escalation is to be resolved. Pure."""

from collections.abc import Mapping
from typing import Final

from functions.projects.escalations import Severity
from shared.clock import SECOND, Instant

HOURS: Final[Mapping[Severity, int]] = {"critical": 4, "high": 24, "medium": 48, "low": 72}
"""How many hours there are to resolve an escalation, by its severity."""
_HOUR: Final = 3600 * SECOND


def due(severity: Severity, raised: Instant) -> Instant:
    """Return until when an escalation that is raised at an instant is to be resolved."""
    return raised + HOURS[severity] * _HOUR
