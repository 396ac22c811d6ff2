"""The functions: what runs, and that each may do what it needs and nothing else."""

import json
import re
import sys
from pathlib import Path

import pytest

from tests.infra.permissions import (
    BY_TAG,
    INDEX_READERS,
    KEY_ACTIONS,
    PEPPER_READERS,
    QUEUES_SENT_TO,
    TABLE_ACTIONS,
    WITHOUT_RESOURCE,
    actions_in,
    actions_of,
    as_list,
    statements_in,
    statements_of,
)
from tests.infra.stages import ROOT, Stage


def test_there_is_one_function_per_part_of_a_context(prod: Stage) -> None:
    handlers = {function["Handler"] for function in prod.of_type("AWS::Lambda::Function")}

    assert handlers == set(TABLE_ACTIONS)


LONGEST = {
    "functions.audience.campaigns.consumers.handler": 600,
    "functions.audience.campaigns.preparing.consumers.handler": 900,
    "functions.audience.files.consumers.handler": 900,
    "functions.audience.imports.consumers.handler": 900,
}
"""Seconds of those that read and write a million leads in one call, as nobody waits for."""


def test_every_function_is_traced_and_bounded(prod: Stage) -> None:
    functions = prod.of_type("AWS::Lambda::Function")

    assert all(function["TracingConfig"] == {"Mode": "Active"} for function in functions)
    assert [each["Handler"] for each in functions if each["Timeout"] > LONGEST.get(each["Handler"], 300)] == []


def test_every_function_has_the_memory_that_the_page_gives_a_reason_for(prod: Stage) -> None:
    page = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in page.split("\n## Memory\n")[1].split("\n## ")[0].splitlines()[6:]]
    documented = [
        (f"functions.{name}.handler", int(row[0].replace(",", "")))
        for row in rows
        if len(row) == 3 and row[0][0].isdigit()
        for name in re.findall("`(.*?)`", row[1])
    ]

    assert sorted(documented) == sorted(
        (function["Handler"], function["MemorySize"]) for function in prod.of_type("AWS::Lambda::Function")
    )


def test_functions_log_as_json_and_lambda_itself_only_what_is_wrong(prod: Stage) -> None:
    written = [dict(function["LoggingConfig"]) for function in prod.of_type("AWS::Lambda::Function")]
    levels = {(each["LogFormat"], each["ApplicationLogLevel"], each["SystemLogLevel"]) for each in written}

    assert levels == {("JSON", "INFO", "WARN")}


def test_every_function_writes_to_a_log_that_ends(prod: Stage) -> None:
    groups = prod.of_type("AWS::Logs::LogGroup")
    functions = prod.of_type("AWS::Lambda::Function")

    assert all(group["RetentionInDays"] == 90 for group in groups)
    assert len({function["LoggingConfig"]["LogGroup"]["Ref"] for function in functions}) == len(functions)


def test_every_function_has_a_role_of_its_own(prod: Stage) -> None:
    functions = prod.of_type("AWS::Lambda::Function")
    roles = {function["Role"]["Fn::GetAtt"][0] for function in functions}

    assert len(roles) == len(functions)


def test_no_role_borrows_a_policy_of_aws(prod: Stage) -> None:
    roles = prod.of_type("AWS::IAM::Role")

    assert [role["ManagedPolicyArns"] for role in roles if "ManagedPolicyArns" in role] == []


def test_nothing_is_allowed_on_everything_that_could_be_allowed_on_less(prod: Stage) -> None:
    statements = [statement for policy in prod.of_type("AWS::IAM::Policy") for statement in statements_in(policy)]
    everywhere = {
        action for statement in statements if "*" in as_list(statement["Resource"]) for action in actions_in(statement)
    }

    assert everywhere == WITHOUT_RESOURCE | BY_TAG
    assert [action for statement in statements for action in actions_in(statement) if "*" in action] == []


@pytest.mark.parametrize("handler", sorted(TABLE_ACTIONS))
def test_a_function_does_with_table_and_key_what_it_must(prod: Stage, handler: str) -> None:
    actions = actions_of(prod, handler)

    assert {action for service, action in actions if service == "dynamodb"} == TABLE_ACTIONS[handler]
    assert {action for service, action in actions if service == "kms"} == KEY_ACTIONS.get(handler, set())


@pytest.mark.parametrize("handler", sorted(TABLE_ACTIONS))
def test_a_function_queries_the_index_only_if_it_must(prod: Stage, handler: str) -> None:
    queries = [statement for statement in statements_of(prod, handler) if "dynamodb:Query" in actions_in(statement)]
    on_index = any("/index/" in json.dumps(statement["Resource"]) for statement in queries)

    assert on_index == (handler in INDEX_READERS)


def test_whoever_is_called_with_an_api_key_can_read_the_pepper(prod: Stage) -> None:
    functions = prod.of_type("AWS::Lambda::Function")
    told = {each["Handler"] for each in functions if "PEPPER_SECRET_ID" in each["Environment"]["Variables"]}

    assert told == PEPPER_READERS
    assert all(("secretsmanager", "GetSecretValue") in actions_of(prod, handler) for handler in told)


@pytest.mark.parametrize(("handler", "count"), QUEUES_SENT_TO.items())
def test_a_function_sends_to_no_queue_but_those_it_must(prod: Stage, handler: str, count: int) -> None:
    sending = [each for each in statements_of(prod, handler) if "sqs:SendMessage" in actions_in(each)]

    assert sum(len(as_list(each["Resource"])) for each in sending) == count


def test_every_function_is_told_the_limits_of_the_stage(prod: Stage) -> None:
    variables = [function["Environment"]["Variables"] for function in prod.of_type("AWS::Lambda::Function")]

    assert {each["RATE_LIMIT"] for each in variables} == {"20/50"}
    assert {each["ADDRESS_RATE_LIMIT"] for each in variables} == {"200/1000"}
    assert {each["CREDENTIAL_RATE_LIMIT"] for each in variables} == {"2/400"}
    assert {each["REGISTRATION_RATE_LIMIT"] for each in variables} == {"1/50"}


def test_functions_run_on_arm_with_one_python_on_aws(prod: Stage) -> None:
    functions = prod.of_type("AWS::Lambda::Function")

    assert {function["Runtime"] for function in functions} == {"python3.14"}
    assert [function["Architectures"] for function in functions] == [["arm64"]] * len(functions)


def test_functions_run_on_the_python_of_the_laptop_there(local: Stage) -> None:
    runtimes = {function["Runtime"] for function in local.of_type("AWS::Lambda::Function")}

    assert runtimes == {f"python{sys.version_info.major}.{sys.version_info.minor}"}


def test_packages_are_in_the_bundle_but_for_the_laptop_where_functions_find_them(prod: Stage, local: Stage) -> None:
    places = {
        name: {each["Environment"]["Variables"].get("PYTHONPATH") for each in stage.of_type("AWS::Lambda::Function")}
        for name, stage in {"prod": prod, "local": local}.items()
    }
    found = [Path(str(place)) for place in places["local"]]

    assert places["prod"] == {None}
    assert sorted(place.name for place in found) == [
        "audience",
        "gateways",
        "goals",
        "identity",
        "papers",
        "payments",
        "portal",
        "query",
        "search",
        "webhooks",
    ]
    assert all((place / "botocore").is_dir() for place in found)


def test_a_laptop_in_a_burst_has_more_time_to_read_its_table(prod: Stage, local: Stage) -> None:
    seconds = {
        name: {
            each["Environment"]["Variables"].get("TABLE_TIMEOUT_SECONDS")
            for each in stage.of_type("AWS::Lambda::Function")
        }
        for name, stage in {"prod": prod, "local": local}.items()
    }

    assert seconds == {"prod": {None}, "local": {"8"}}


def test_tokens_are_issued_in_the_name_of_the_api_for_one_stage(prod: Stage) -> None:
    environments = [function["Environment"]["Variables"] for function in prod.of_type("AWS::Lambda::Function")]

    assert {environment["TOKEN_AUDIENCE"] for environment in environments} == {"milepost-prod"}
    assert {environment["TOKEN_ISSUER"]["Fn::GetAtt"][1] for environment in environments} == {"ApiEndpoint"}


def test_only_who_needs_the_signing_key_is_told_of_it(prod: Stage) -> None:
    told = {
        function["Handler"]
        for function in prod.of_type("AWS::Lambda::Function")
        if "SIGNING_KEY_ID" in function["Environment"]["Variables"]
    }

    assert told == set(KEY_ACTIONS)
