"""What people search for, keep and write is in no line of a log: words, filters, documents, data, keys.

Every operation of search and of sequences is asked with such words in it: as it works, with words where none fit, with
a body that breaks off, and while the table fails. So is everything behind them, dead letters included.
"""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from functions.search import consumers as waking
from functions.search import indexing_consumers
from functions.search.engine.embedded import schema
from functions.search.sweeps import consumers as sweeping
from functions.sequences.order import consumers as ordering
from shared import ids
from tests.aws import hooks
from tests.aws.entries import Context, http_event
from tests.aws.messages import batch
from tests.identity.access_tokens.issuer import Issuer
from tests.platform.operations import DOCUMENT, OPERATIONS, Operation, answered
from tests.search.conftest import search_stage
from tests.search.people import SCOPE, Backbone, Person
from tests.sequences.people import Person as Author
from tests.sequences.working import QUEUE

__all__ = ["search_stage"]

WORD = "unmentionable"
ASKED = [each for each in OPERATIONS if each.context in {"search", "sequences"}]
PLACES = {
    "collection_name": "books",
    "document_id": WORD,
    "alias_name": "library",
    "scope": "global",
    "element_type": "script",
    "element_id": WORD,
    "version_number": "1",
}
# What says which thing it is, or what is to be done: with a word in its place, nothing would be done.
KEPT = {
    "collection_name",
    "name",
    "type",
    "fields",
    "language",
    "operation",
    "default_sorting_field",
    "query_by",
    "facet_by",
    "sort_by",
    "group_by",
    "highlight_fields",
    "order",
    "elementType",
    "element_type",
}


def with_words(sent: Any, *, kept: set[str]) -> Any:
    """Return a body in which every text is the word, but for what is kept."""
    if isinstance(sent, dict):
        return {name: each if name in kept else with_words(each, kept=kept) for name, each in sent.items()}
    if isinstance(sent, list):
        return [with_words(each, kept=kept) for each in sent]
    return WORD if isinstance(sent, str) else sent


@pytest.fixture
def bearer(search_stage: None, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The header of somebody who may do everything, who has a collection, a document and an element."""
    monkeypatch.setenv("SEQUENCE_JOBS_QUEUE_URL", boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"])
    ada = Person(ids.new("user"), ids.new("tenant"), Issuer().publish())
    ada.makes()
    ada.stores({"id": WORD, "title": WORD, "author": WORD}, {"id": "broken", "title": WORD})
    Author(ada.user_id, ada.tenant_id, ada.issuer).creates("/sequences/global/script", WORD)
    scope = f"{SCOPE} sequences:read sequences:write sequences:admin"
    claims = ada.issuer.claims(sub=ada.user_id, tid=ada.tenant_id, scope=scope, roles=["owner"])
    return {"authorization": f"Bearer {ada.issuer.token(claims=claims)}"}


def asks(operation: Operation, body: Any, headers: dict[str, str]) -> int:
    path = operation.path
    for name in operation.names:
        path = path.replace(f"{{{name}}}", PLACES.get(name, WORD))
    sent = headers | ({"idempotency-key": WORD} if operation.method == "POST" else {})
    query = f"cursor={WORD}&ids={WORD}" if operation.method == "GET" else ""
    return answered(http_event(operation.method, path, body, headers=sent, query=query)).status


def every_call(bearer: dict[str, str]) -> Iterator[int]:
    """Ask every operation, deletions last, and yield the status of each answer."""
    for operation in sorted(ASKED, key=lambda each: each.method == "DELETE"):
        for kept in (KEPT, set[str]()):
            body = None if operation.example is None else with_words(operation.example, kept=kept)
            yield asks(operation, body, bearer)
        yield asks(operation, f'{{"q": "{WORD}', bearer)
        yield asks(operation, operation.example, {"x-api-key": f"mlp_{WORD}_{WORD}"})


def refuses_words(*_: Any, **__: Any) -> Any:
    raise ValueError(WORD)


def broken(**_: Any) -> None:
    raise RuntimeError("the table broke")


def everything_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have everything happen that happens by itself, also what cannot be handled."""
    for handler in (waking.handler, indexing_consumers.handler, ordering.handler):
        handler(batch([WORD, f'{{"collection_id": "{WORD}"}}', f'["{WORD}"]']), Context())
    with monkeypatch.context() as patch, hooks.registered("before-call.dynamodb.TransactWriteItems", broken):
        patch.setattr(schema, "document", refuses_words)
        Backbone().tells()
        Backbone().indexes()
    for action in ("wake", "remove_orphans", "erase"):
        sweeping.handler({"action": action}, Context())


def test_no_word_of_a_search_a_document_or_an_element_is_logged(
    bearer: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
):
    with hooks.registered("before-call.dynamodb", broken):
        failed = {*every_call(bearer)}
    everything_behind(monkeypatch)
    statuses = {*every_call(bearer)}
    told = capsys.readouterr()
    lines = (told.out + told.err + caplog.text).splitlines()

    assert 500 in failed
    assert {200, 204, 400, 401, 404, 409, 422} <= statuses
    assert [line for line in lines if WORD in line] == []


def test_each_of_these_operations_leaves_a_line_that_names_it(
    bearer: dict[str, str], capsys: pytest.CaptureFixture[str]
):
    statuses = [*every_call(bearer)]
    said = capsys.readouterr().out

    assert len(statuses) == 4 * len(ASKED)
    assert [each for each in named() if f'"operation":"{each}"' not in said] == []


def named() -> list[str]:
    """Return what the operations are called in the log."""
    return [DOCUMENT["paths"][each.path][each.method.lower()]["operationId"] for each in ASKED]
