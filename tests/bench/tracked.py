"""What tracked milestones cost: calls of the table, and the time that an evaluator in trouble takes from a creation.

In process on moto, with the reference evaluator on loopback, or nobody who answers.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import boto3
import pytest
from moto import mock_aws

from examples.evaluator.__main__ import serve
from examples.evaluator.contract import Evaluator
from examples.evaluator.store import Store
from functions.milestones import milestones
from functions.milestones.evaluation import client as evaluator
from functions.milestones.evaluation import settings as stage
from functions.milestones.evaluation.breaker import Breaker
from shared import clock, ids
from shared.storage import table
from tests.bench.figures import Figure
from tests.bench.table_calls import Meter
from tests.identity.access_tokens.issuer import Issuer
from tests.milestones.people import SECRET, Person, reports
from tests.platform.tenants import deploy

MILESTONES = 1_000
TURNS = 15

CREATING_TRANSACTIONS = 1
WEBHOOK_CALLS = 3
SILENT_SECONDS = 2.5
OPEN_MILLISECONDS = 50


def measure() -> list[Figure]:
    """Return the figures of creating, of a webhook in, and of the progress of a project."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        deploy(patch)
        issuer = Issuer().publish()
        ada = Person(issuer.user_id, issuer.tenant_id, issuer)
        ada.get()
        meter = Meter()
        meter.read()
        return [*_calls(ada, meter, patch), *_times(ada, patch), *_project(ada, meter)]


def judged(*, normal: list[float], is_open: list[float], silent_seconds: float) -> list[Figure]:
    """Return the figures of what creations took, in milliseconds."""
    return [
        Figure("creating a milestone, the evaluator silent: time", silent_seconds, "s", SILENT_SECONDS),
        Figure(
            "…, the circuit open: more than with an evaluator",
            median(is_open) - median(normal),
            "ms",
            OPEN_MILLISECONDS,
        ),
    ]


def _calls(ada: Person, meter: Meter, patch: pytest.MonkeyPatch) -> Iterator[Figure]:
    meter.reset()
    ada.created(sync_to_forse=False)
    yield Figure("creating a milestone: transactions", _count(meter, "Transact"), "", CREATING_TRANSACTIONS)
    with _reference() as port:
        _point_at(port, patch)
        meter.reset()
        uid = ada.created()
        yield Figure("…, with what the evaluator answered: transactions", _count(meter, "Transact"), "")
        known_as = ada.sees(uid)["forse_milestone_id"]
        meter.reset()
        reports(known_as, "in_progress", current_value=1)
        yield Figure("a webhook in: calls", len(meter.operations), "", WEBHOOK_CALLS)


def _times(ada: Person, patch: pytest.MonkeyPatch) -> list[Figure]:
    with _reference() as port:
        _point_at(port, patch)
        normal = [1000 * _taken(ada.created) for _ in range(TURNS)]
    with _nobody() as port:
        _point_at(port, patch)
        silent_seconds = _taken(ada.created)
        while not evaluator.breaker.is_open(time.monotonic()):
            evaluator.breaker.failed(time.monotonic())
        is_open = [1000 * _taken(ada.created) for _ in range(TURNS)]
    return judged(normal=normal, is_open=is_open, silent_seconds=silent_seconds)


def _project(ada: Person, meter: Meter) -> list[Figure]:
    uid = ada.created(project_id="large", sync_to_forse=False)
    (entry,), _ = milestones.entries(ada.tenant_id, "large", limit=1, cursor=None)
    others = []
    for number in range(1, MILESTONES):
        other = f"{uid[:-12]}{number:012d}"
        place = f"{clock.to_rfc3339(clock.now())}#{other}"
        keys = {"SK": f"TRACKED#{place}", "GSI1SK": f"{milestones.LISTED}{place}", "milestone_uid": other}
        others.append({**entry, **keys})
    table.put_many(others)
    meter.reset()
    ada.get("/api/v1/projects/large/progress")
    name = f"progress of a project of {MILESTONES:,} milestones"
    return [
        Figure(f"{name}: queries", _count(meter, "Query"), "", 1),
        Figure(f"{name}: other calls", len(meter.operations) - _count(meter, "Query"), "", 1),
    ]


def _count(meter: Meter, operation: str) -> int:
    return sum(name.startswith(operation) for name in meter.operations)


def _taken(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _point_at(port: int, patch: pytest.MonkeyPatch) -> None:
    said = {"url": f"http://127.0.0.1:{port}", "api_key": "key", "webhook_secret": SECRET}
    made = boto3.client("secretsmanager").create_secret(Name=ids.new("secret"), SecretString=json.dumps(said))
    patch.setenv("EVALUATOR_SECRET_ID", made["ARN"])
    patch.setattr(evaluator, "breaker", Breaker())
    stage.forget()
    stage.evaluator()


@contextmanager
def _nobody() -> Iterator[int]:
    """Give the block a port where somebody listens and nobody answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield int(server.getsockname()[1])


@contextmanager
def _reference() -> Iterator[int]:
    """Give the block the port of a reference evaluator."""
    store = Store(":memory:")
    server = serve(Evaluator(store, "key"), port=0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        store.close()
