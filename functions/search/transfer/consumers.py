"""Background work: the parts of imports and exports of collections, from a queue of their own."""

from collections.abc import Mapping
from typing import Any, Final

from functions.search.transfer import exports, imports
from shared import config
from shared.jobs import parts
from shared.jobs.parts import Work

WORKS: Final[Mapping[str, Work]] = {imports.KIND: imports.work, exports.KIND: exports.work}


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Do a part of each job of a batch; answers the messages that failed, to be tried again."""
    return parts.consume(event, WORKS, queue_url=config.search_jobs_queue_url())
