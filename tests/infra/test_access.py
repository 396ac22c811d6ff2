"""Where the clients of a command go: to the local stage that runs, or to the account of the credentials around us."""

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from unittest import mock

import boto3
import pytest

from infra.commands import migrate, rebuild_schedules, reconcile, redrive, reindex, republish, restate, rotate_keys
from infra.stage import access
from infra.stage.access import StageNotRunning
from infra.stage.ministack import MiniStack
from shared.aws import credentials, endpoints
from tests.aws import ports

Command = Callable[[Sequence[str]], int]


@pytest.fixture(autouse=True)
def _state(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setattr(access, "STATE", tmp_path)
    monkeypatch.setattr(access, "STAGES", tmp_path / "stages")
    (tmp_path / "stages").mkdir()
    yield
    credentials.use(None)


@pytest.fixture
def ministack(tmp_path: Path) -> Iterator[MiniStack]:
    """One that runs, on a port that was free."""
    port = ports.free()
    running = MiniStack(state=tmp_path, port=port)
    running.start()
    yield running
    running.stop()


def test_the_local_stage_is_found_without_being_told_where(ministack: MiniStack) -> None:
    sqs = access.client("sqs", "local")
    created = sqs.create_queue(QueueName="found")["QueueUrl"]

    assert sqs.meta.endpoint_url == ministack.endpoint
    assert sqs.list_queues()["QueueUrls"] == [created]


def test_every_other_stage_is_that_of_the_credentials_around_us(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")

    assert access.client("sqs", "prod").meta.endpoint_url == "https://sqs.eu-central-1.amazonaws.com"


def test_a_stage_is_in_the_region_that_its_file_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "stages" / "prod.toml").write_text('kind = "production"\nregion = "eu-north-1"\n')
    with mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_REGION": "eu-central-1"}):
        reached = access.client("sqs", "prod").meta.region_name
        access.enter("prod")

        assert reached == "eu-north-1"
        assert endpoints.of("dynamodb").host == "dynamodb.eu-north-1.amazonaws.com"
        # As the scan of `make migrate`, which is not that of `shared`.
        assert boto3.client("dynamodb").meta.region_name == "eu-north-1"


def test_a_stage_whose_file_names_no_region_is_in_that_of_the_environment(tmp_path: Path) -> None:
    (tmp_path / "stages" / "prod.toml").write_text('kind = "production"\n')
    with mock.patch.dict(os.environ, {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_REGION": "eu-north-1"}):
        assert access.client("sqs", "prod").meta.region_name == "eu-north-1"


def reindex_books(arguments: list[str]) -> int:
    return reindex.main([*arguments, "tenant_01KAEY3VJ0R8S4T0V6W2X9Y5Z1/books"])


@pytest.mark.parametrize(
    "command",
    [
        migrate.main,
        rebuild_schedules.main,
        reconcile.main,
        redrive.main,
        reindex_books,
        republish.main,
        restate.main,
        rotate_keys.main,
    ],
)
def test_a_stage_file_with_a_fault_is_refused_by_every_command(
    command: Command, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "stages" / "prod.toml").write_text('region = "Frankfurt"\n')
    code = command(["prod"])

    assert code == 1
    assert capsys.readouterr().err.startswith("stages/prod.toml: kind is missing\n")


def test_who_enters_a_stage_takes_the_profile_around_us_along(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("[me]\naws_access_key_id=KEY\naws_secret_access_key=s\naws_session_token=t\n")
    (tmp_path / "config").write_text("[profile me]\nregion=eu-central-1\n")
    with mock.patch.dict(os.environ):
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ |= {
            "AWS_PROFILE": "me",
            "AWS_CONFIG_FILE": str(tmp_path / "config"),
            "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "credentials"),
        }
        access.enter("prod")

        assert credentials.current()[:3] == ("KEY", "s", "t")
        assert endpoints.of("dynamodb").host == "dynamodb.eu-central-1.amazonaws.com"


def test_credentials_that_a_profile_renews_are_renewed_while_a_command_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script, count = tmp_path / "issue.py", tmp_path / "count"
    # A key that is due for renewal from its first minute on, and another one whenever it is asked for.
    script.write_text(
        "import datetime, json, pathlib\n"
        f"count = pathlib.Path({str(count)!r})\n"
        "number = len(count.read_text()) if count.exists() else 0\n"
        "count.write_text('x' * (number + 1))\n"
        "end = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=30)\n"
        "print(json.dumps({'Version': 1, 'AccessKeyId': f'KEY{number}', 'SecretAccessKey': 's', 'SessionToken': 't',"
        " 'Expiration': end.isoformat()}))\n"
    )
    (tmp_path / "config").write_text(f"[profile me]\nregion=eu-west-1\ncredential_process={sys.executable} {script}\n")
    with mock.patch.dict(os.environ):
        for name in [name for name in os.environ if name.startswith("AWS_")]:
            del os.environ[name]
        os.environ |= {"AWS_PROFILE": "me", "AWS_CONFIG_FILE": str(tmp_path / "config")}
        access.enter("prod")
        first, second = credentials.current(), credentials.current()

    assert first.access_key_id != second.access_key_id


def test_without_a_local_stage_it_is_said_what_to_do() -> None:
    with pytest.raises(StageNotRunning, match="make up"):
        access.client("sqs", "local")


@pytest.mark.parametrize("command", [redrive.main, rotate_keys.main])
def test_a_command_says_so_too(command: Command, capsys: pytest.CaptureFixture[str]) -> None:
    code = command(["local"])

    assert code == 1
    assert capsys.readouterr().err == "The local stage does not run; start it with `make up`.\n"
