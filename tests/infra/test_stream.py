"""Waiting for the stream before the local stage stops, where it has nothing to wait for, or waits in vain.

That nothing is lost is held by tests/e2e/test_interruptions.py, on a stage of its own.
"""

from pathlib import Path

import boto3
import pytest

from infra.local import stream
from infra.local.stream import Clients
from infra.stage.ministack import MiniStack

TABLE = "milepost"


def test_a_stage_that_does_not_run_is_not_waited_for(tmp_path: Path) -> None:
    said: list[str] = []
    stream.drain(MiniStack(state=tmp_path, port=0), said.append)
    stream.catch_up(MiniStack(state=tmp_path, port=0), said.append)

    assert said == []
    assert not (tmp_path / "stream-read").exists()


def test_a_stream_that_nobody_reads_is_given_up_and_nothing_is_left_of_the_mark(
    aws: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "PATIENCE_SECONDS", 0)
    clients = Clients(*(boto3.client(name) for name in ("dynamodb", "lambda", "sqs", "events")))
    clients.rules.create_event_bus(Name="milepost-local")
    said: list[str] = []
    is_read = stream.is_read(clients, TABLE, said.append)

    assert not is_read
    assert said == ["the stream was not read within 0 s; make up sends all its events again"]
    assert clients.dynamodb.scan(TableName=TABLE)["Items"] == []
    assert "QueueUrls" not in clients.sqs.list_queues()
    assert clients.rules.list_rules(EventBusName="milepost-local")["Rules"] == []
