"""The compactor: background work on the files of leads, as messages of its queue ask for it, one tenant at a time."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple, get_args

from functions.audience.files import comparing, deltas, folders, folding, generations, pointers, rebuilding, tasks
from functions.audience.files.pointers import Superseded
from functions.audience.files.tasks import Task
from shared import clock, ids
from shared.messaging import batches
from shared.messaging.batches import Message
from shared.observability import logger
from shared.storage.files import FileNotFound


class _Asked(NamedTuple):
    """What a message asks for."""

    tenant_id: str
    task: Task


def handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """Do what the messages of a batch ask for; answers those that failed, to be tried again."""
    return batches.per_subject(event, _asked, _do)


def _asked(message: Message) -> _Asked:
    """Return what a message asks for. Raises KeyError or ValueError when it asks for nothing."""
    asked = _Asked(message["tenant_id"], message["task"])
    if not ids.is_valid(asked.tenant_id, "tenant") or asked.task not in get_args(Task):
        raise ValueError("nothing that the compactor does for a tenant")
    return asked


def _do(asked: _Asked, _messages: Sequence[Message]) -> None:
    """Do it. Who was slower than another leaves it to that one, and looks once more."""
    try:
        _DONE[asked.task](asked.tenant_id)
    except (Superseded, FileNotFound):
        logger.info("another run was faster", tenant_id=asked.tenant_id)
        tasks.ask(asked.tenant_id, asked.task)


def _fold(tenant_id: str) -> None:
    waiting = deltas.every(tenant_id)
    if not deltas.are_due(waiting, clock.now()):
        return
    before = pointers.find(tenant_id)
    if before is None or generations.are_of_another_time(before):
        rebuilding.rebuild(tenant_id)
        return
    try:
        folding.fold(before, waiting)
    except FileNotFound as missing:
        is_of_a_shard = str(missing).startswith(folders.shards(tenant_id))
        if not is_of_a_shard or pointers.find(tenant_id) != before:
            raise
        # What the pointer names is not there, as after a restore of the table.
        rebuilding.rebuild(tenant_id)
        return
    if len(waiting) > folding.MOST_AT_ONCE:
        tasks.ask(tenant_id, "fold")


def _rebuild(tenant_id: str) -> None:
    rebuilding.rebuild(tenant_id)


def _recount(tenant_id: str) -> None:
    found = comparing.differences(tenant_id)
    logger.info("files compared with the table", tenant_id=tenant_id, differences=len(found))
    if found:
        rebuilding.rebuild(tenant_id)


_DONE: Final = {"fold": _fold, "rebuild": _rebuild, "recount": _recount}
