"""Background work: imports, exports and recounts of leads, and the parts of imports, from a queue of their own."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.imports import exports, imports, parts, progress, recounts
from functions.audience.imports.cuts import Part
from shared import config, ids
from shared.jobs import jobs
from shared.jobs import parts as job_parts
from shared.jobs.parts import Work
from shared.messaging import batches
from shared.messaging.batches import Message

WORKS: Final[Mapping[str, Work]] = {
    imports.KIND: imports.work,
    exports.KIND: exports.work,
    recounts.KIND: recounts.work,
}


class Which(NamedTuple):
    """Which part of which import it is."""

    user_id: str
    job_id: str
    cut: str
    number: int
    part: Part


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Do a part of each job of a batch, and each part of an import; answers the messages that failed."""
    of_imports = [each for each in event["Records"] if _is_part(each["body"])]
    others = [each for each in event["Records"] if each not in of_imports]
    answers = [
        batches.per_subject({"Records": of_imports}, _about, _do),
        job_parts.consume({"Records": others}, WORKS, queue_url=config.lead_imports_queue_url()),
    ]
    return {"batchItemFailures": [each for answer in answers for each in answer["batchItemFailures"]]}


def _is_part(body: str) -> bool:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return False
    return isinstance(message, dict) and "cut" in message


def _about(message: Message) -> Which:
    """Return the part that a message speaks of. Raises KeyError, TypeError or ValueError when it speaks of none."""
    if not ids.is_valid(message["user_id"], "user") or not ids.is_valid(message["job_id"], "job"):
        raise ValueError("no import has these ids")
    return Which(message["user_id"], message["job_id"], message["cut"], int(message["number"]), Part(*message["part"]))


def _do(which: Which, messages: Sequence[Message]) -> None:
    try:
        parts.do(*which)
    except Exception:
        if any(map(batches.is_last_try, messages)):
            _give_up(which)
        raise


def _give_up(which: Which) -> None:
    job = jobs.find(which.user_id, which.job_id)
    if job is not None:
        progress.give_up(job.tenant_id, which.cut)
