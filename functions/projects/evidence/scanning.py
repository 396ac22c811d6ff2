"""What a scanner says of the file of evidence, on a stage that has one; without one, nothing waits for a verdict.

GuardDuty tags each version that it has looked at, and says the same by an event.
https://docs.aws.amazon.com/guardduty/latest/ug/monitoring-malware-protection-s3-scans-gdu.html
"""

from collections.abc import Mapping
from typing import Any, Final, Literal, NamedTuple

from shared import clock, config
from shared.clock import DAY, SECOND, Instant
from shared.storage import files

Verdict = Literal["clean", "infected", "not_scannable"]

LOOKED_AFTER: Final = 3600 * SECOND
"""How long after a file has come the sweep looks for a verdict of which no event has told."""
WAITED: Final = DAY
"""How long the sweep looks for a verdict before the file is given up."""
_TAG: Final = "GuardDutyMalwareScanStatus"
_VERDICTS: Final[Mapping[str, Verdict]] = {
    "NO_THREATS_FOUND": "clean",
    "THREATS_FOUND": "infected",
    "UNSUPPORTED": "not_scannable",
}
"""GuardDuty says `FAILED` or `ACCESS_DENIED`, too: it has not looked, so there is no verdict."""


class Said(NamedTuple):
    """What an event says of a version of a file."""

    version_id: str
    verdict: Verdict


def said(detail: Mapping[str, Any]) -> Said | None:
    """Return what an event of GuardDuty says, None if it has no verdict. Raises KeyError or TypeError for others."""
    verdict = _VERDICTS.get(detail["scanResultDetails"]["scanResultStatus"])
    return None if verdict is None else Said(detail["s3ObjectDetails"]["versionId"], verdict)


def verdict(place: str, version_id: str, told: Said | None) -> Verdict | None:
    """Return the verdict on a version: as an event has told, or as its tag says; None while there is none.

    Without a scanner every file is taken for clean. Raises FileNotFound, Unavailable.
    """
    if config.evidence_scanner() == "none":
        return "clean"
    if told is not None and told.version_id == version_id:
        return told.verdict
    return _VERDICTS.get(files.tags(place, version_id).get(_TAG, ""))


def is_given_up(looked_at: str, now: Instant) -> bool:
    """Return whether a verdict was looked for long enough, from an instant on."""
    return now - clock.from_rfc3339(looked_at) >= WAITED
