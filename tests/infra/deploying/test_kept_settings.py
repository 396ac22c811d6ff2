"""What a stage was deployed with is known to the next deployment, whichever stacks there were between."""

import json

import boto3
import pytest

from infra.deploying import earlier, removal
from tests.infra.deploying.checkouts import Checkout, deployed, run
from tests.infra.stages import Stage


@pytest.mark.parametrize("only", ["goals", "stateless", "stateful"])
def test_one_stack_is_not_deployed_with_settings_that_the_others_have_not(
    only: str, checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed("dev", kind="development", alarm_email="you@example.com")
    checkout.write("dev", 'kind = "development"', 'alarm_email = "you@example.com"', 'rate_limit = "9/9"')
    monkeypatch.setenv("ONLY", only)

    assert run("deploy", "dev") == 2
    assert "stages/dev.toml changes settings: deploy all stacks, without ONLY." in capsys.readouterr().err
    assert checkout.told is None


def test_a_stage_that_kept_its_settings_in_another_stack_loses_none(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    given = json.dumps({"kind": "development", "alarm_email": "you@example.com"})
    boto3.client("ssm").put_parameter(Name="/milepost/dev/Settings", Type="String", Value=given)

    assert run("deploy", "dev") == 2
    assert 'alarm_email = "you@example.com"' in capsys.readouterr().err


def test_one_stack_is_not_deployed_before_the_one_that_remembers_the_settings(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONLY", "identity")
    refused = run("deploy", "dev")
    said = capsys.readouterr().err
    monkeypatch.setenv("ONLY", "stateful")
    run("deploy", "dev")

    assert refused == 2
    assert "The stage dev is not deployed: deploy all stacks, without ONLY, or ONLY=stateful first." in said
    assert checkout.told == ["deploy", "milepost-dev-stateful", "--exclusively", "--context", "stage=dev"]


def test_the_settings_are_kept_by_the_stack_that_is_not_destroyed(prod: Stage) -> None:
    stacks = {
        name: json.loads(each["Properties"]["Value"])
        for name, template in prod.templates.items()
        for each in template["Resources"].values()
        if each["Type"] == "AWS::SSM::Parameter" and each["Properties"]["Name"] == earlier.path_of("prod")
    }

    assert stacks == {
        removal.DATA: {"kind": "production", "alarm_email": "you@example.com", "mail_sender": "no-reply@example.com"}
    }


@pytest.mark.parametrize("command", ["bootstrap", "diff", "deploy"])
@pytest.mark.parametrize(
    "further",
    [
        ["--context", "stage=prod"],
        ["--context=stage=prod"],
        ["-c", "stages=elsewhere"],
        ["-cstages=elsewhere"],
        ["-vc", "stage=prod"],
        ["--context.stage", "prod"],
    ],
)
def test_another_stage_than_was_shown_and_confirmed_is_not_what_the_cdk_is_told(
    command: str, further: list[str], checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "dev", *further) == 2
    assert f"{further[0]} is not passed on to the CDK: STAGE says which stage it is" in capsys.readouterr().err
    assert checkout.told is None
