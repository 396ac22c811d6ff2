"""What changes of documents and searches use at one a minute and at 50 a second, also of the bucket."""

import json
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any, Final

import boto3
import time_machine

from functions.search import indexing_consumers
from shared import config
from tests.aws.entries import Context
from tests.costs.background import Deployed, behind, stored
from tests.costs.prices import BATCH
from tests.costs.requests import Counted
from tests.costs.usage import Usage, of_files, of_function, shared_out
from tests.search.people import Backbone, Person, as_record

API, QUERIES = "functions.search.api.handler", "functions.search.query_api.handler"
INDEXER = "functions.search.indexing_consumers.handler"
WORDS: Final = "Call me Ishmael. Some years ago, having little or no money in my purse, I thought I would sail about."
TOGETHER: Final = 50
"""How many changes come while the index is written once, at 50 a second; the queue gives ten messages at a time."""
SEVERAL: Final = 5


def count(deployed: Deployed, ada: Person, time: time_machine.Traveller) -> dict[str, Counted]:
    """Return what a change and a search use."""
    ada.makes()
    ada.stores(*(_document(number) for number in range(50)))
    Backbone().runs()
    return {
        "changes, one a minute": _together([_rare_change(deployed, ada, time, number) for number in range(SEVERAL)]),
        "changes, 50 a second": _stores(deployed, ada, TOGETHER, first=1000),
        "searches, one a minute": _together([_rare_search(deployed, ada, time, number) for number in range(SEVERAL)]),
        "searches, 50 a second": _searches(deployed, ada, time),
    }


def _rare_change(deployed: Deployed, ada: Person, time: time_machine.Traveller, number: int) -> Counted:
    time.shift(timedelta(minutes=1))
    return _stores(deployed, ada, 1, first=2000 + number)


def _rare_search(deployed: Deployed, ada: Person, time: time_machine.Traveller, number: int) -> Counted:
    """Return what a search uses after a change, so that its index is a new one."""
    _rare_change(deployed, ada, time, SEVERAL + number)
    used = Counter({"requests": 1})
    with of_files(used):
        used.update(of_function(deployed.memory[QUERIES], lambda: ada.searches("ishmael", query_by="title")))
    return Counted(used, Counter())


def _searches(deployed: Deployed, ada: Person, time: time_machine.Traveller) -> Counted:
    """Return what a search uses as one of those of a second, in which the index changes once."""
    _rare_change(deployed, ada, time, 3 * SEVERAL)
    used = Counter({"requests": TOGETHER})
    with of_files(used):
        for _ in range(TOGETHER):
            time.shift(timedelta(milliseconds=20))
            used.update(of_function(deployed.memory[QUERIES], lambda: ada.searches("ishmael", query_by="title")))
    return Counted(shared_out(used, TOGETHER), Counter())


def _stores(deployed: Deployed, ada: Person, number: int, *, first: int) -> Counted:
    """Return what one of so many changes uses that come together, and what follows from it."""
    known = {item["event_id"] for item in stored()}
    answered: Usage = Counter({"requests": number})
    for each in range(first, first + number):
        answered += of_function(deployed.memory[API], _change(ada, each))
    happened = [item for item in stored() if item["event_id"] not in known]
    following: Usage = Counter()
    for place in range(0, len(happened), BATCH):
        following += behind(deployed, happened[place : place + BATCH])
    following += _indexed(deployed)
    return Counted(shared_out(answered, number), shared_out(following, number))


def _change(ada: Person, number: int) -> Callable[[], None]:
    return lambda: ada.stores(_document(number))


def _document(number: int) -> dict[str, Any]:
    return {"id": f"page-{number}", "title": f"Page {number}", "author": WORDS}


def _indexed(deployed: Deployed) -> Usage:
    """Have the messages of the indexer handled, ten at a time, and return what that uses."""
    queue = boto3.client("sqs")
    url = config.indexing_queue_url()
    asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "MessageAttributeNames": ["All"]}
    usage: Usage = Counter()
    while found := queue.receive_message(**asked).get("Messages"):
        records = {"Records": [as_record(each) for each in found]}
        with of_files(usage):
            usage.update(of_function(deployed.memory[INDEXER], partial(_handled, records)))
        usage["queue requests"] += 2
        for each in found:
            queue.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return usage


def _handled(event: dict[str, Any]) -> None:
    answer = indexing_consumers.handler(event, Context())
    assert answer == {"batchItemFailures": []}, json.dumps(answer)


def _together(counted: list[Counted]) -> Counted:
    return Counted(
        shared_out(sum((each.answered for each in counted), Counter()), len(counted)),
        shared_out(sum((each.behind for each in counted), Counter()), len(counted)),
    )
