"""`make bootstrap`, `make diff`, `make deploy`: what is refused before anything is built, and what the CDK is told."""

import io
import sys
from collections.abc import Sequence

import boto3
import pytest
from moto.ses import ses_backends

from infra import sender
from infra.bundling.target import Target
from infra.deploying import __main__ as deploying
from tests.infra.deploying.checkouts import ACCOUNT, Checkout, deployed, run


def test_a_stage_is_deployed_where_it_was_said(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    code = run("deploy", "dev", "--require-approval", "never")
    printed = capsys.readouterr().out

    assert checkout.told == ["deploy", "--all", "--require-approval", "never", "--context", "stage=dev"]
    assert checkout.where == [str(checkout.root), "eu-west-1"]
    assert printed.startswith(
        f"stage dev (development): account {ACCOUNT}, region eu-west-1, as arn:aws:sts::{ACCOUNT}:"
    )
    # The exit code is that of the CDK.
    assert code == 3


def test_one_stack_can_be_deployed_alone(checkout: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    deployed("dev", kind="development")
    monkeypatch.setenv("ONLY", "goals")
    run("deploy", "dev")

    assert checkout.told == ["deploy", "milepost-dev-goals", "--exclusively", "--context", "stage=dev"]


def test_a_stack_that_there_is_not_is_refused(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("ONLY", "nothing")

    assert run("deploy", "dev") == 2
    assert "There is no stack nothing" in capsys.readouterr().err
    assert checkout.told is None


def test_the_region_of_the_file_is_the_one(checkout: Checkout) -> None:
    checkout.write("dev", 'kind = "development"', 'region = "eu-central-1"')
    run("deploy", "dev")

    assert checkout.where[1] == "eu-central-1"


def test_without_a_region_of_its_own_it_is_that_of_the_environment(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-north-1")
    run("deploy", "dev")

    assert checkout.where[1] == "eu-north-1"


def test_credentials_of_another_account_are_refused(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write("dev", 'kind = "development"', 'account = "210987654321"')

    assert run("deploy", "dev") == 2
    assert f"belongs to account 210987654321, and these are credentials of {ACCOUNT}" in capsys.readouterr().err
    assert checkout.told is None


@pytest.mark.parametrize("command", ["bootstrap", "diff", "deploy", "destroy"])
def test_a_file_with_a_fault_is_refused(command: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write("dev", "alarm_mail = 1")

    assert run(command, "dev") == 2
    assert "stages/dev.toml: kind is missing\nstages/dev.toml: alarm_mail is no setting" in capsys.readouterr().err
    assert checkout.told is None


def test_a_setting_that_the_stage_has_is_not_lost_by_silence(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed("dev", kind="development", alarm_email="you@example.com", allowed_origins=["https://app.example.com"])
    checkout.write("dev", 'kind = "development"', 'alarm_email = "none"')
    code = run("deploy", "dev")
    refused = capsys.readouterr().err

    assert code == 2
    assert 'stages/dev.toml does not name what the stage has. Keep it, or write "none" to remove it:' in refused
    assert '  allowed_origins = ["https://app.example.com"]' in refused
    assert "alarm_email" not in refused
    assert checkout.told is None


def test_what_changes_is_said_before(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFIRM", "dev")
    deployed("dev", kind="development", alarm_email="you@example.com", issuer="https://one.example.com")
    lines = ['kind = "development"', 'alarm_email = "none"', 'issuer = "https://two.example.com"', 'rate_limit = "9/9"']
    checkout.write("dev", *lines)
    run("deploy", "dev")

    assert capsys.readouterr().out.splitlines()[1:] == [
        '  issuer: "https://one.example.com" → "https://two.example.com"',
        '  rate_limit: none → "9/9"',
        '  alarm_email: "you@example.com" → none',
    ]
    assert checkout.told is not None


@pytest.mark.parametrize("confirm", ["prod", "dev", "yes"])
def test_production_is_deployed_once_its_name_was_given(
    confirm: str, checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFIRM", confirm)
    code = run("deploy", "prod")

    assert (code, checkout.told is None) == ((3, False) if confirm == "prod" else (2, True))


@pytest.mark.parametrize("command", ["bootstrap", "deploy", "destroy"])
def test_production_waits_for_somebody_who_is_not_there(
    command: str, checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "prod") == 2
    assert "nobody is here to confirm it. Set CONFIRM=prod." in capsys.readouterr().err
    assert checkout.told is None


@pytest.mark.parametrize(("typed", "code"), [("prod\n", 3), ("yes\n", 2), ("", 2)])
def test_somebody_at_a_terminal_types_the_name(
    typed: str, code: int, checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal(typed))

    assert run("deploy", "prod") == code
    assert f"This deploys to production in account {ACCOUNT}. Type prod to go on: " in capsys.readouterr().out


class Terminal(io.StringIO):
    """Somebody who types."""

    def isatty(self) -> bool:
        return True


def test_what_was_production_is_treated_as_such(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    deployed("dev", kind="production")

    assert run("deploy", "dev") == 2
    assert 'kind: "production" → "development"' in capsys.readouterr().out


def test_production_without_bytecode_is_refused(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFIRM", "prod")
    monkeypatch.setattr(deploying, "AWS_TARGET", Target(python="3.99", platform=None))
    codes = [run("deploy", stage) for stage in ("prod", "dev")]

    assert codes == [2, 3]
    assert "Install one: .venv/bin/uv python install 3.99" in capsys.readouterr().err


def test_production_whose_alarms_nobody_hears_is_refused(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write("prod", 'kind = "production"')

    assert run("deploy", "prod") == 2
    assert 'Write alarm_email into stages/prod.toml, or alarm_email = "none"' in capsys.readouterr().err
    assert checkout.told is None


def test_production_may_have_a_pager_instead(
    checkout: Checkout, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CONFIRM", "prod")

    assert run("deploy", "prod") == 3
    assert "Nobody is told of the alarms but whom you have subscribed" in capsys.readouterr().out


def test_an_address_that_the_account_does_not_know_is_introduced_once(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write("dev", 'kind = "development"', 'mail_sender = "no-reply@example.com"')
    said = []
    for _ in range(2):
        run("deploy", "dev")
        said.append("AWS has sent no-reply@example.com an e-mail" in capsys.readouterr().out)

    assert said == [True, False]
    assert boto3.client("ses").list_identities()["Identities"] == ["no-reply@example.com"]


def test_an_address_of_a_domain_that_ses_knows_is_sent_no_e_mail(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    checkout.write("dev", 'kind = "development"', 'mail_sender = "no-reply@example.com"')
    boto3.client("ses").verify_domain_identity(Domain="example.com")
    run("deploy", "dev")

    assert "AWS has sent" not in capsys.readouterr().out
    assert boto3.client("ses").list_identities()["Identities"] == ["example.com"]


def publish_topic(stage: str) -> str:
    topic_arn = boto3.client("sns").create_topic(Name=stage)["TopicArn"]
    boto3.client("ssm").put_parameter(Name=sender.topic_parameter(stage), Type="String", Value=topic_arn)
    return topic_arn


@pytest.fixture
def deploying_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the CDK succeed."""
    monkeypatch.setenv("CDK_EXITS", "0")


@pytest.mark.usefixtures("deploying_works")
def test_ses_is_told_where_bounces_and_complaints_go(checkout: Checkout) -> None:
    checkout.write("dev", 'kind = "development"', 'mail_sender = "no-reply@example.com"')
    topic_arn = publish_topic("dev")
    for _ in range(2):
        run("deploy", "dev")

    # moto tells nobody which topics it knows.
    told = ses_backends[ACCOUNT]["eu-west-1"].sns_topics
    assert told == {"no-reply@example.com": {"Bounce": topic_arn, "Complaint": topic_arn, "Delivery": topic_arn}}


@pytest.mark.usefixtures("deploying_works")
def test_what_ses_could_not_be_told_is_said(checkout: Checkout, capsys: pytest.CaptureFixture[str]) -> None:
    checkout.write("dev", 'kind = "development"', 'mail_sender = "no-reply@example.com"')

    assert run("deploy", "dev") == 0
    assert "tell it of the topic in /milepost/dev/FeedbackTopicArn yourself" in capsys.readouterr().out


def test_a_diff_asks_nobody_and_says_what_the_file_changes(
    checkout: Checkout, capsys: pytest.CaptureFixture[str]
) -> None:
    deployed("prod", kind="production", alarm_email="you@example.com")
    run("diff", "prod")

    assert checkout.told == ["diff", "--all", "--context", "stage=prod"]
    assert '  alarm_email: "you@example.com" → none' in capsys.readouterr().out


def test_an_account_is_bootstrapped_without_a_synthesis(checkout: Checkout) -> None:
    run("bootstrap", "dev", "--qualifier", "ours")

    assert checkout.told == ["bootstrap", f"aws://{ACCOUNT}/eu-west-1", "--qualifier", "ours"]
    assert checkout.where[0] == str(checkout.root / "elsewhere")


@pytest.mark.parametrize(
    ("unset", "said"),
    [
        (("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"), "AWS does not know these credentials"),
        (("AWS_DEFAULT_REGION",), "No region is set"),
    ],
)
def test_without_an_account_nothing_is_built(
    unset: Sequence[str],
    said: str,
    checkout: Checkout,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with monkeypatch.context() as without:
        for name in unset:
            without.delenv(name)
        for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
            without.setenv(name, "/dev/null")
        without.setenv("AWS_EC2_METADATA_DISABLED", "true")
        code = run("deploy", "dev")

    assert code == 2
    assert said in capsys.readouterr().err
    assert checkout.told is None
