"""The command that stops all work of a stage, and lets it go on as before."""

import io
import sys
import zipfile
from collections.abc import Callable
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from infra.commands import end_sessions, halt
from infra.commands.halt import NotHalted
from infra.commands.rotate_keys import HANDLER as KEEPS_KEYS
from infra.stage import access
from tests.aws import lambdas

API, CONSUMER = "milepost-dev-goals-Api", "milepost-dev-goals-Schedules"
KEYS, OTHER = "milepost-dev-identity-KeyRotation", "milepost-prod-goals-Api"
HANDLERS = {API: "api.handler", CONSUMER: "consumers.handler", KEYS: KEEPS_KEYS, OTHER: "api.handler"}
TRUST = '{"Version": "2012-10-17", "Statement": []}'


@pytest.fixture
def functions(aws: None) -> Any:
    """The functions of a stage, one with a queue, and that of another stage."""
    made, archive = boto3.client("lambda"), io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("empty.py", "")
    role = boto3.client("iam").create_role(RoleName="functions", AssumeRolePolicyDocument=TRUST)["Role"]["Arn"]
    for name, handler in HANDLERS.items():
        code: Any = {"ZipFile": archive.getvalue()}
        made.create_function(FunctionName=name, Handler=handler, Role=role, Runtime="python3.13", Code=code)
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="schedules")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    made.create_event_source_mapping(FunctionName=CONSUMER, EventSourceArn=arn)
    keeps_warm(made)
    return made


def keeps_warm(functions: Any, *names: str) -> None:
    """Have AWS say of these functions, and of no other, that they have provisioned concurrency; moto knows of none."""
    warm = {"RequestedProvisionedConcurrentExecutions": 2, "Status": "READY"}

    def said(params: Any, **_: object) -> Any:
        found = [warm] if any(f"/functions/{name}/" in params["url_path"] for name in names) else []
        return lambdas.Answer(), {"ProvisionedConcurrencyConfigs": found}

    # The first answer counts: that of a test, before that of the fixture.
    register = functions.meta.events.register_first if names else functions.meta.events.register_last
    register("before-call.lambda.ListProvisionedConcurrencyConfigs", said)


def reserved(functions: Any) -> dict[str, int | None]:
    """Return how many calls at the same time are reserved, by the name of the function; None for no limit."""
    return {
        name: functions.get_function_concurrency(FunctionName=name).get("ReservedConcurrentExecutions")
        for name in HANDLERS
    }


def tags(functions: Any) -> dict[str, str]:
    arn = functions.get_function(FunctionName=API)["Configuration"]["FunctionArn"]
    found: dict[str, str] = functions.list_tags(Resource=arn)["Tags"]
    return found


def refusing(functions: Any, operation: str) -> Callable[[], None]:
    """Have AWS refuse an operation, until what is returned is called."""
    name = f"before-call.lambda.{operation}"

    def refuse(**_: object) -> None:
        raise ClientError({"Error": {"Code": "TooManyRequestsException", "Message": "not now"}}, operation)

    functions.meta.events.register(name, refuse)
    return lambda: functions.meta.events.unregister(name, refuse)


def is_read(functions: Any) -> bool:
    (mapping,) = functions.list_event_source_mappings(FunctionName=CONSUMER)["EventSourceMappings"]
    return bool(mapping["State"] == "Enabled")


def test_nothing_of_the_stage_runs_but_what_keeps_its_keys(functions: Any) -> None:
    count = halt.halt(functions, "dev")

    assert count == 2
    assert reserved(functions) == {API: 0, CONSUMER: 0, KEYS: None, OTHER: None}
    assert not is_read(functions)


def test_a_queue_is_left_before_its_consumer_is_stopped(functions: Any) -> None:
    calls: list[str] = []
    functions.meta.events.register("before-call.lambda", lambda model, **_: calls.append(model.name))
    halt.halt(functions, "dev")

    assert calls.index("UpdateEventSourceMapping") < calls.index("PutFunctionConcurrency")


def test_it_goes_on_as_it_was(functions: Any) -> None:
    functions.put_function_concurrency(FunctionName=API, ReservedConcurrentExecutions=50)
    before = reserved(functions)
    halt.halt(functions, "dev")
    count = halt.resume(functions, "dev")

    assert count == 2
    assert reserved(functions) == before == {API: 50, CONSUMER: None, KEYS: None, OTHER: None}
    assert is_read(functions)
    assert tags(functions) == {}


def test_halted_twice_it_goes_on_as_it_was(functions: Any) -> None:
    functions.put_function_concurrency(FunctionName=API, ReservedConcurrentExecutions=50)
    halt.halt(functions, "dev")
    halt.halt(functions, "dev")
    halt.resume(functions, "dev")

    assert reserved(functions)[API] == 50


@pytest.mark.parametrize("was_halted", [True, False])
def test_what_is_reserved_stays_so_however_often_it_goes_on(functions: Any, *, was_halted: bool) -> None:
    functions.put_function_concurrency(FunctionName=API, ReservedConcurrentExecutions=50)
    if was_halted:
        halt.halt(functions, "dev")
        halt.resume(functions, "dev")
    count = halt.resume(functions, "dev")

    assert count == 0
    assert reserved(functions)[API] == 50


def test_what_a_deployment_has_reserved_meanwhile_stays_so(functions: Any) -> None:
    halt.halt(functions, "dev")
    functions.put_function_concurrency(FunctionName=API, ReservedConcurrentExecutions=20)
    halt.resume(functions, "dev")

    assert reserved(functions)[API] == 20
    assert tags(functions) == {}


@pytest.mark.parametrize(("before", "told"), [(50, "50"), (None, "none")])
def test_a_halted_function_has_a_tag_with_what_was_reserved(functions: Any, before: int | None, told: str) -> None:
    if before is not None:
        functions.put_function_concurrency(FunctionName=API, ReservedConcurrentExecutions=before)
    halt.halt(functions, "dev")

    assert tags(functions) == {halt.RESERVED: told}


@pytest.mark.parametrize("refused", ["UpdateEventSourceMapping", "PutFunctionConcurrency"])
def test_stopped_while_it_halts_it_goes_on_as_it_was(functions: Any, refused: str) -> None:
    functions.put_function_concurrency(FunctionName=API, ReservedConcurrentExecutions=50)
    before = reserved(functions)
    let = refusing(functions, refused)
    with pytest.raises(ClientError):
        halt.halt(functions, "dev")
    let()
    halt.resume(functions, "dev")

    assert reserved(functions) == before
    assert is_read(functions)


def test_nothing_is_switched_off_while_a_function_is_kept_warm(functions: Any) -> None:
    keeps_warm(functions, API)
    with pytest.raises(NotHalted, match=f"(?s){API}.*Take provisioned_concurrency out of stages/dev.toml"):
        halt.halt(functions, "dev")

    assert reserved(functions)[CONSUMER] is None
    assert is_read(functions)


def test_what_aws_refuses_is_said_in_a_sentence(
    functions: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFIRM", "dev")
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setattr(access, "client", lambda *_: functions)
    refusing(functions, "PutFunctionConcurrency")
    code = halt.main(["dev"])

    assert code == 1
    assert "AWS has refused: " in capsys.readouterr().err


def test_a_stage_that_works_may_be_told_to_go_on(functions: Any) -> None:
    halt.resume(functions, "dev")

    assert reserved(functions)[API] is None
    assert is_read(functions)


@pytest.mark.parametrize("do", [halt.halt, halt.resume])
def test_a_stage_that_is_not_deployed_is_not_halted(functions: Any, do: Any) -> None:
    with pytest.raises(NotHalted, match="The stage test is not deployed"):
        do(functions, "test")


@pytest.mark.parametrize("command", [halt, end_sessions])
def test_a_stage_on_aws_is_halted_and_signed_out_only_after_its_name_was_given(
    functions: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: Any
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO())
    monkeypatch.setenv("CONFIRM", "prod")
    code = command.main(["dev"])

    assert code == 1
    assert "Not confirmed: 'prod' is not 'dev'" in capsys.readouterr().err
    assert reserved(functions)[API] is None
