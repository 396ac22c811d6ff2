"""Everything that can be asked of sequences, asked once."""

import boto3
import pytest

from functions.sequences import elements, rank
from functions.sequences.order import consumers
from functions.sequences.sequences import Place
from shared.jobs import jobs
from shared.storage import table
from shared.storage.writes import Put
from tests.aws.entries import Context
from tests.sequences.people import Person
from tests.sequences.working import QUEUE, found, message

SCRIPTS = "/sequences/global/script"


def every_sequence_call(ada: Person, patch: pytest.MonkeyPatch) -> None:
    """Use every operation of sequences, and everything behind them."""
    patch.setenv("SEQUENCE_JOBS_QUEUE_URL", boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"])
    patch.setattr("functions.sequences.sequences.SETTLED_SECONDS", 0)
    names = ada.has(SCRIPTS, 102)
    ada.post(f"{SCRIPTS}/elements", {"element_id": "e1"}, key="creating")
    ada.post(f"{SCRIPTS}/elements", {"element_id": "e103"}, key="creating")
    ada.post(f"{SCRIPTS}/elements", {"element_id": "e103"}, key="creating")
    ada.post(f"{SCRIPTS}/reorder", {"element_ids": names[:2], "new_order": names[1::-1]})
    element = f"{SCRIPTS}/elements/e1"
    ada.post(f"{element}/versions", {"data": {"text": "Once"}})
    ada.post(f"{element}/versions/1/restore")
    for read in ("", "/versions", "/versions/1", "/difference"):
        ada.get(f"{element}{read}")
    ada.elements(SCRIPTS)
    ada.get(f"{SCRIPTS}/elements", "ids=e1,e2")
    for listed in ("", "/types"):
        ada.get(f"/sequences{listed}")
    ada.delete(element)
    works_to_its_end(ada, str(ada.post(f"{SCRIPTS}/compact", key="compacting").body["job_id"]))
    ada.post("/sequences/global/section/import", {"rows": [row("e1", 1), row("e2", 1), row("e3", 2)]})
    rank_them(ada)


def row(element_id: str, number: int) -> dict[str, object]:
    return {"element_id": element_id, "sequence_number": number, "version_number": 1}


def rank_them(ada: Person) -> None:
    scenes = ada.adds_type("scene", "rank")
    ada.has(scenes, 4)
    ada.moves(scenes, "e4", before="e2")
    at = Place(ada.tenant_id, "global", "scene")
    long = elements.get(at, "e3")._replace(rank=f"{rank.of_number(1)}{'k' * rank.LONGEST}")
    table.transact([Put(elements.to_item(long))])
    ada.moves(scenes, "e2", after="e1")
    (latest,) = table.query(jobs.partition(ada.user_id), "JOB#", limit=1, newest_first=True, consistent=True).items
    works_to_its_end(ada, latest["job_id"])


def works_to_its_end(ada: Person, job_id: str) -> None:
    while found(ada, job_id).status in {"queued", "running"}:
        consumers.handler(message(ada, job_id), Context())
