"""The MiniStack of a folder: started once, kept, stopped; never somebody else's."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local.client import call
from infra.local.ministack import CREDENTIALS, MiniStack, MiniStackError, without_aws


@pytest.fixture
def port() -> int:
    """A port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def ministack(tmp_path: Path, port: int) -> Iterator[MiniStack]:
    """One that is stopped in the end."""
    ministack = MiniStack(state=tmp_path, port=port)
    yield ministack
    ministack.stop()


def test_data_is_there_again_after_a_stop(ministack: MiniStack) -> None:
    ministack.start()
    _queues(ministack).create_queue(QueueName="kept")

    ministack.stop()
    ministack.start()

    assert "kept" in _queues(ministack).list_queues()["QueueUrls"][0]


def test_starting_twice_leaves_the_first_alone(ministack: MiniStack, tmp_path: Path, port: int) -> None:
    ministack.start()
    first = (tmp_path / "ministack.pid").read_text()

    MiniStack(state=tmp_path, port=port).start()

    assert (tmp_path / "ministack.pid").read_text() == first


def test_another_process_on_the_port_is_left_alone(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        ministack = MiniStack(state=tmp_path, port=other.getsockname()[1])

        with pytest.raises(MiniStackError, match="is in use"):
            ministack.start()


def test_a_process_that_only_has_the_number_of_ours_is_left_alone(tmp_path: Path, port: int) -> None:
    # What a crash leaves behind: a number that by now belongs to somebody else, here to this very process.
    (tmp_path / "ministack.pid").write_text(f"{os.getpid()} {port}")

    MiniStack(state=tmp_path, port=port).stop()

    assert MiniStack(state=tmp_path, port=port).running_port() is None


def test_it_listens_to_this_machine_only(ministack: MiniStack, port: int) -> None:
    ministack.start()

    with socket.socket() as elsewhere:
        refused = elsewhere.connect_ex((_address_of_this_machine(), port))

    assert call("GET", f"{ministack.endpoint}/_ministack/health").status == 200
    assert refused != 0


def test_a_real_account_is_out_of_reach() -> None:
    environment = without_aws({"AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "token", "HOME": "/home/me"})

    assert environment == {"HOME": "/home/me", "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


def _address_of_this_machine() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Nothing is sent: the system only chooses the address it would send from (RFC 5737 documentation range).
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


def _queues(ministack: MiniStack) -> Any:
    return boto3.client(
        "sqs",
        endpoint_url=ministack.endpoint,
        region_name=CREDENTIALS["AWS_REGION"],
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
