"""The functions of identity: who reads its secrets, uses its keys, and writes what."""

import json

from tests.infra.permissions import actions_in, actions_of, statements_in, statements_of
from tests.infra.stages import Stage


def test_keys_are_made_and_used_only_with_the_tags_of_this_stage(prod: Stage) -> None:
    statements = [statement for policy in prod.of_type("AWS::IAM::Policy") for statement in statements_in(policy)]
    wide = [
        statement
        for statement in statements
        if "*" in json.dumps(statement["Resource"]) and any(a.startswith("kms:") for a in actions_in(statement))
    ]
    asked = [{key.split("/")[1]: v for key, v in each["Condition"]["StringEquals"].items()} for each in wide]

    assert asked == [{"purpose": "milepost-access-tokens", "stage": "prod"}] * 3


def test_only_identity_reads_the_secret_of_one_time_codes(local: Stage) -> None:
    functions = local.of_type("AWS::Lambda::Function")
    told = {each["Handler"] for each in functions if "OTP_SECRET_ID" in each["Environment"]["Variables"]}
    actions = actions_of(local, "functions.identity.api.handler")

    assert told == {"functions.identity.api.handler"}
    assert {action for service, action in actions if service == "secretsmanager"} == {"GetSecretValue"}


def test_the_authorizer_writes_nothing_but_the_use_of_api_keys(prod: Stage) -> None:
    statements = statements_of(prod, "functions.identity.authorizer.handler")
    (writing,) = [statement for statement in statements if "dynamodb:PutItem" in actions_in(statement)]

    assert writing["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["APIKEY#*"]}}


def test_the_authorizer_is_done_before_appsync_gives_up(prod: Stage) -> None:
    (authorizer,) = [
        each
        for each in prod.of_type("AWS::Lambda::Function")
        if each["Handler"] == "functions.identity.authorizer.handler"
    ]

    # https://docs.aws.amazon.com/appsync/latest/devguide/security-authz.html
    assert authorizer["Timeout"] < 10
