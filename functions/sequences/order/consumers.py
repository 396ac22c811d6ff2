"""Background work: the parts of long work on the order of a sequence, from a queue of their own."""

from collections.abc import Mapping
from typing import Any, Final

from functions.sequences.order import compactions, spreads
from shared import config
from shared.jobs import parts
from shared.jobs.parts import Work

WORKS: Final[Mapping[str, Work]] = {compactions.KIND: compactions.work, spreads.KIND: spreads.work}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Do a part of each job of a batch; answers the messages that failed, to be tried again."""
    return parts.consume(event, WORKS, queue_url=config.sequence_jobs_queue_url())
