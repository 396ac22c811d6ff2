"""The role of the migration: the only one that may scan; it may do what the migration calls, on the table alone."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from infra.constructs.migration import ACTIONS
from tests.infra.permissions import TRANSACTED
from tests.infra.stages import Stage


def policies(stage: Stage) -> Iterator[tuple[Any, list[Any]]]:
    """Yield every policy with the roles it is of and its statements."""
    for policy in stage.of_type("AWS::IAM::Policy"):
        yield policy["Roles"], policy["PolicyDocument"]["Statement"]


def test_one_role_may_scan_and_has_exactly_what_the_migration_needs(prod: Stage):
    scanning = [(roles, said) for roles, said in policies(prod) if "dynamodb:Scan" in json.dumps(said)]

    ((roles, (statement,)),) = scanning
    assert set(statement["Action"]) == set(ACTIONS)
    assert statement["Effect"] == "Allow"
    assert "index" not in json.dumps(statement["Resource"])
    assert "*" not in json.dumps(statement)
    assert "MigrationRole" in json.dumps(roles)


def test_nobody_but_the_account_may_assume_it(prod: Stage):
    outputs = prod.templates["stateless"]["Outputs"]
    role = prod.resources[outputs["MigrationRoleArn"]["Value"]["Fn::GetAtt"][0]]["Properties"]

    (statement,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert statement["Action"] == "sts:AssumeRole"
    assert json.dumps(statement["Principal"]).endswith(':root"]]}}')
    assert "TableName" in outputs


@pytest.mark.parametrize("transacted", ["Put", "ConditionCheck"])
def test_what_its_transactions_do_it_may(transacted: str):
    assert f"dynamodb:{TRANSACTED[transacted]}" in ACTIONS
