"""The reference evaluator is made known to the local stage, with keys that both can use."""

import json
from datetime import UTC, datetime

import boto3
import pytest
from standardwebhooks import Webhook

from infra.contexts.milestones.evaluator_secret import DESCRIPTION
from infra.stage.evaluator import introduce

GOOD = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIz"


def stored(webhook_secret: str) -> None:
    said = {"url": "", "api_key": "", "webhook_api_key": "", "webhook_secret": webhook_secret}
    description = DESCRIPTION.format(stage="local")
    boto3.client("secretsmanager").create_secret(
        Name="evaluator", Description=description, SecretString=json.dumps(said)
    )


def known() -> dict[str, str]:
    return json.loads(boto3.client("secretsmanager").get_secret_value(SecretId="evaluator")["SecretString"])


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("generated", ["r@*Q`W|n_Mdt>Ap+`VaV`=ckH&z4{W$PrL)z+3#l-nC0", "a", ""])
def test_a_secret_that_signs_nothing_is_replaced(generated: str) -> None:
    stored(generated)
    said = introduce(boto3.client("secretsmanager"))

    assert Webhook(said["webhook_secret"]).sign("msg_1", datetime(2026, 11, 20, tzinfo=UTC), "{}").startswith("v1,")
    assert said["url"].startswith("http://127.0.0.1:")
    assert known() == said


@pytest.mark.usefixtures("aws")
@pytest.mark.parametrize("secret", [GOOD, GOOD.removeprefix("whsec_")])
def test_what_both_know_already_stays(secret: str) -> None:
    stored(secret)
    first = introduce(boto3.client("secretsmanager"))
    again = introduce(boto3.client("secretsmanager"))

    assert first == again
    assert again["webhook_secret"] == secret
    assert min(len(again["api_key"]), len(again["webhook_api_key"])) >= 32
