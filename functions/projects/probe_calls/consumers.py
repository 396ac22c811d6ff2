"""The Lambda handler of calls of probes: a message of their queue is one run whose address is to be called.

A message that comes twice calls at most again: the run is written once (`recording.py`), and one that is written, has
ended, or is of a milestone that is over calls nobody.
"""

from collections.abc import Sequence
from typing import Any

from functions.projects.milestones import milestones
from functions.projects.probe_calls import calling, recording
from functions.projects.probe_calls.recording import Begun
from functions.projects.probes import calls, probes
from shared import ids
from shared.messaging import batches
from shared.messaging.batches import Message

_PREFIXES = {"project_milestone_id": milestones.ID, "probe_id": probes.ID, "run_id": probes.RUN_ID}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Make the calls of a batch; answers the messages that failed, to be tried again."""
    return batches.per_subject(event, _subject, _call)


def _subject(message: Message) -> Begun:
    """Return which run a message speaks of. Raises KeyError or ValueError for ids that nothing can have."""
    if not all(ids.is_valid(message[name], prefix) for name, prefix in _PREFIXES.items()):
        raise ValueError("nothing has such an id")
    return Begun(*(str(message[name]) for name in Begun._fields))


def _call(which: Begun, _messages: Sequence[Message]) -> None:
    opened = recording.waiting(which)
    if opened is None or opened.probe.call is None:
        return
    call = calls.of(opened.probe.call)
    secret = calls.secret_of(call, probe_id=which.probe_id)
    recording.record(which, call, calling.make(call, secret=secret))
