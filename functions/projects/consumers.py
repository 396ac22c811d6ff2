"""Background work: the parts of long work on projects, from a queue of their own."""

from collections.abc import Mapping
from typing import Any, Final

from functions.projects.bulk import many
from functions.projects.erasing import erasures
from functions.projects.plans import instantiating
from shared import config
from shared.jobs import parts
from shared.jobs.parts import Work

WORKS: Final[Mapping[str, Work]] = {
    instantiating.KIND: instantiating.work,
    many.KIND: many.work,
    erasures.KIND: erasures.work,
}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Do a part of each job of a batch; answers the messages that failed, to be tried again."""
    return parts.consume(event, WORKS, queue_url=config.queue_url("PROJECT_JOBS"))
