"""What `make logs` shows of a stage, by what a MiniStack answers to its queries."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.commands import logs
from infra.stage import access, aws
from infra.stage.ministack import MiniStack
from shared import clock
from tests.aws import ports

GOALS = "/aws/cloudformation/milepost-local-goals/FunctionsGoalsApiLogE20FE0DB"
IDENTITY = "/aws/cloudformation/milepost-local-identity/FunctionsIdentityApiLog1A2B3C4D"
ACCESS = "/aws/cloudformation/milepost-local-stateless/ApiAccessLog713001CC"
REQUEST = {"level": "INFO", "message": "request", "service": "goals", "status": 200, "request_id": "Hs7="}
BROKEN = {"level": "ERROR", "message": "unhandled exception", "service": "identity", "exception": "Traceback:\n  boom"}


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a MiniStack whose log groups are those of a stage; it is stopped in the end."""
    port = ports.free()
    ministack = MiniStack(state=tmp_path_factory.mktemp("state"), port=port)
    ministack.start()
    written = aws.client("logs", endpoint=ministack.endpoint)
    now = clock.now()
    said = [
        (GOALS, 2 * 3600, json.dumps({**REQUEST, "operation": "long_ago"})),
        (GOALS, 30, json.dumps({**REQUEST, "operation": "list_goals"})),
        (GOALS, 29, json.dumps({"_aws": {}, "service": "goals", "RequestsRefused": 1})),
        (GOALS, 28, "START RequestId: 1 Version: $LATEST"),
        (GOALS, 27, json.dumps({**REQUEST, "operation": '"level":"ERROR"'})),
        (GOALS, 26, "no JSON at all\n"),
        (IDENTITY, 25, json.dumps(BROKEN)),
        (IDENTITY, 24, json.dumps({**BROKEN, "level": "WARN", "message": "slow", "exception": ""})),
        (ACCESS, 23, json.dumps({"request_id": "Hs7=", "status": "200"})),
    ]
    for group in (GOALS, IDENTITY, ACCESS):
        written.create_log_group(logGroupName=group)
        written.create_log_stream(logGroupName=group, logStreamName="stream")
        events = [
            {"timestamp": now - ago * clock.SECOND, "message": text} for where, ago, text in said if where == group
        ]
        written.put_log_events(logGroupName=group, logStreamName="stream", logEvents=events)
    yield ministack.state
    ministack.stop()


@pytest.fixture
def shown(stage: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs the command and returns its rows, without their instants."""
    monkeypatch.setattr(access, "STATE", stage)

    def run(*arguments: str) -> tuple[int, list[str]]:
        code = logs.main(["local", *arguments])
        rows = capsys.readouterr().out.splitlines()
        return code, [" ".join(row.split()[1:]) if row.startswith("2") else row for row in rows]

    return run


def test_the_lines_of_the_last_ten_minutes_the_latest_last(shown: Any) -> None:
    code, rows = shown()

    assert code == 0
    assert rows == [
        "INFO goals request status=200 operation=list_goals request_id=Hs7=",
        'INFO goals request status=200 operation="level":"ERROR" request_id=Hs7=',
        f"- {GOALS} no JSON at all",
        "ERROR identity unhandled exception",
        "    Traceback:",
        "      boom",
        "WARN identity slow",
        f"- {ACCESS} access status=200 request_id=Hs7=",
    ]


def test_a_level_is_that_and_those_above(shown: Any) -> None:
    assert shown("--level", "ERROR") == (0, ["ERROR identity unhandled exception", "    Traceback:", "      boom"])
    assert shown("--level", "WARNING")[1][-1] == "WARN identity slow"


def test_a_context_has_its_own_lines(shown: Any) -> None:
    _, rows = shown("--context", "identity")

    assert {row.split()[1] for row in rows if not row.startswith(" ")} == {"identity"}


def test_it_looks_back_as_far_as_is_said(shown: Any) -> None:
    _, rows = shown("--since", "3h", "--context", "goals")

    assert rows[0] == "INFO goals request status=200 operation=long_ago request_id=Hs7="


def test_without_such_lines_it_says_so_and_fails(shown: Any) -> None:
    assert shown("--level", "CRITICAL") == (1, [])


@pytest.mark.parametrize("wrong", [["--since", "soon"], ["--since", "0m"], ["--context", "nobody"], ["--level", "BAD"]])
def test_what_it_does_not_know_is_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exited:
        logs.main(["local", *wrong])

    assert exited.value.code == 2
    assert wrong[0] in capsys.readouterr().err
