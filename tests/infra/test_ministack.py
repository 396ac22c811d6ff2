"""The MiniStack of a folder: started once, kept, stopped; never somebody else's."""

import gc
import os
import signal
import socket
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from infra.stage import aws
from infra.stage.client import call
from infra.stage.kept import Loss
from infra.stage.ministack import MiniStack, MiniStackError, without_aws
from tests.aws import ports


@pytest.fixture
def port() -> int:
    """A port that is free."""
    return ports.free()


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


def test_what_a_function_held_is_there_again_at_once_and_what_waits_goes_on_waiting(ministack: MiniStack) -> None:
    ministack.start()
    url = _queues(ministack).create_queue(QueueName="held", Attributes={"VisibilityTimeout": "1800"})["QueueUrl"]
    _queues(ministack).send_message(QueueUrl=url, MessageBody="held")
    assert len(_queues(ministack).receive_message(QueueUrl=url)["Messages"]) == 1
    _queues(ministack).send_message(QueueUrl=url, MessageBody="waits", DelaySeconds=900)

    ministack.stop()
    ministack.start()

    received = _queues(ministack).receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
    assert [message["Body"] for message in received] == ["held"]


def test_one_that_was_killed_has_what_the_last_stop_kept(ministack: MiniStack) -> None:
    ministack.start()
    _queues(ministack).create_queue(QueueName="kept")
    _buckets(ministack).create_bucket(Bucket="kept")
    ministack.stop()
    stopped_at = datetime.now(UTC)
    ministack.start()
    _queues(ministack).create_queue(QueueName="lost")
    _buckets(ministack).create_bucket(Bucket="lost")
    _kill(ministack)

    loss = ministack.start()

    assert loss is not None
    assert loss.since is not None
    assert loss.since <= stopped_at
    assert [url.rpartition("/")[2] for url in _queues(ministack).list_queues()["QueueUrls"]] == ["kept"]
    assert [bucket["Name"] for bucket in _buckets(ministack).list_buckets()["Buckets"]] == ["kept"]


def test_one_that_was_killed_before_any_stop_begins_with_nothing(ministack: MiniStack) -> None:
    ministack.start()
    _buckets(ministack).create_bucket(Bucket="half-kept")
    _kill(ministack)

    loss = ministack.start()

    assert loss == Loss(None)
    assert _buckets(ministack).list_buckets()["Buckets"] == []


def test_what_an_earlier_version_left_after_a_kill_is_known_too(ministack: MiniStack, tmp_path: Path) -> None:
    # It left no note that it was running: buckets are on the disk, and nothing that knows of them.
    (tmp_path / "s3" / "000000000000" / "half-kept").mkdir(parents=True)

    assert ministack.start() == Loss(None)
    assert _buckets(ministack).list_buckets()["Buckets"] == []


def test_what_was_deployed_is_forgotten_with_the_data(ministack: MiniStack, tmp_path: Path) -> None:
    ministack.start()
    stamps = [tmp_path / "deployed", tmp_path / "demo-loaded"]
    for stamp in stamps:
        stamp.touch()
    _kill(ministack)
    ministack.start()

    assert [stamp.exists() for stamp in stamps] == [False, False]


def test_whoever_ends_it_in_good_order_loses_nothing(ministack: MiniStack) -> None:
    ministack.start()
    _queues(ministack).create_queue(QueueName="kept")
    # As when the machine is shut down.
    _signal(ministack, signal.SIGTERM)

    assert ministack.start() is None
    assert len(_queues(ministack).list_queues()["QueueUrls"]) == 1


def test_two_that_start_at_once_start_one(tmp_path: Path, port: int) -> None:
    both = [MiniStack(state=tmp_path, port=port) for _ in range(2)]
    with ThreadPoolExecutor(2) as starters:
        list(starters.map(MiniStack.start, both))
    answers = [call("GET", f"{each.endpoint}/_ministack/health").status for each in both]
    stopped = [each.stop() for each in both]

    assert answers == [200, 200]
    assert stopped == [True, False]


def test_one_that_another_has_stopped_is_taken_note_of(tmp_path: Path, port: int) -> None:
    started, other = (MiniStack(state=tmp_path, port=port) for _ in range(2))
    started.start()
    other.stop()
    answer = started.stop()
    # Nothing is left that the interpreter would warn of: it has waited for the process.
    del started
    gc.collect()

    assert answer is False


def test_a_port_that_is_taken_leaves_alone_what_runs_on_another(ministack: MiniStack, tmp_path: Path) -> None:
    ministack.start()
    with socket.create_server(("127.0.0.1", 0)) as other:
        elsewhere = MiniStack(state=tmp_path, port=other.getsockname()[1])

        with pytest.raises(MiniStackError, match="is in use"):
            elsewhere.start()

    assert call("GET", f"{ministack.endpoint}/_ministack/health").status == 200
    assert ministack.running_port() == ministack.port


def test_without_a_port_it_is_where_it_runs_and_where_it_ran_last(
    ministack: MiniStack, tmp_path: Path, port: int
) -> None:
    at_first = MiniStack(state=tmp_path).port
    ministack.start()
    running = MiniStack(state=tmp_path).port
    ministack.stop()

    assert (at_first, running, MiniStack(state=tmp_path).port) == (4566, port, port)


def test_what_it_writes_is_for_its_owner_alone(ministack: MiniStack, tmp_path: Path) -> None:
    # What an earlier version left open.
    (tmp_path / "services").mkdir(mode=0o755)
    (tmp_path / "services" / "kms.json").touch(mode=0o644)
    ministack.start()
    corrected = stat.S_IMODE((tmp_path / "services" / "kms.json").stat().st_mode)
    _buckets(ministack).create_bucket(Bucket="private")
    _buckets(ministack).put_object(Bucket="private", Key="key", Body=b"secret")
    ministack.stop()
    written = [path for name in ("services", "s3", "kept") for path in (tmp_path / name).rglob("*")]
    modes = {(path.is_dir(), oct(stat.S_IMODE(path.stat().st_mode))) for path in [tmp_path, *written]}

    assert corrected == 0o600
    assert modes == {(True, "0o700"), (False, "0o600")}


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


def test_a_client_asks_this_machine_whatever_the_environment_says(
    ministack: MiniStack, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ministack.start()
    (tmp_path / "config").write_text("[no configuration")
    surroundings = {
        "AWS_PROFILE": "nobody",
        "AWS_CONFIG_FILE": str(tmp_path / "config"),
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
    }
    for name, value in surroundings.items():
        monkeypatch.setenv(name, value)

    assert _buckets(ministack).list_buckets()["Buckets"] == []


def test_a_proxy_for_other_machines_stays() -> None:
    environment = without_aws({"HTTP_PROXY": "http://proxy:3128", "NO_PROXY": ".intern"})

    assert environment["HTTP_PROXY"] == "http://proxy:3128"
    assert environment["no_proxy"] == "127.0.0.1,localhost,.intern"


def test_a_real_account_is_out_of_reach() -> None:
    environment = without_aws({"AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "token", "HOME": "/home/me"})

    assert environment == {"HOME": "/home/me", "NO_PROXY": "127.0.0.1,localhost", "no_proxy": "127.0.0.1,localhost"}


def _address_of_this_machine() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        # Nothing is sent: the system only chooses the address it would send from (RFC 5737 documentation range).
        probe.connect(("192.0.2.1", 9))
        return str(probe.getsockname()[0])


def _queues(ministack: MiniStack) -> Any:
    return aws.client("sqs", endpoint=ministack.endpoint)


def _buckets(ministack: MiniStack) -> Any:
    return aws.client("s3", endpoint=ministack.endpoint)


def _kill(ministack: MiniStack) -> None:
    _signal(ministack, signal.SIGKILL)


def _signal(ministack: MiniStack, number: signal.Signals) -> None:
    process = int((ministack.state / "ministack.pid").read_text().split()[0])
    os.kill(process, number)
    os.waitpid(process, 0)
