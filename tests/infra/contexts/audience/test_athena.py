"""Athena of a stage: only where it is asked for, bounded, encrypted, and open to three functions."""

from typing import Any

import pytest

from infra.contexts.audience.athena import hive_type
from tests.infra.stages import Stage, Stages

WORKGROUP = "AWS::Athena::WorkGroup"
TABLE = "AWS::Glue::Table"
ASKING = [
    "functions.audience.campaigns.preparing.consumers.handler",
    "functions.audience.query_api.handler",
    "functions.audience.querying.consumers.handler",
]


def tables(stage: Stage) -> dict[str, Any]:
    return {each["TableInput"]["Name"]: each["TableInput"] for each in stage.of_type(TABLE)}


def statements(stage: Stage, prefix: str) -> list[Any]:
    return [
        each
        for policy in stage.of_type("AWS::IAM::Policy")
        for each in policy["PolicyDocument"]["Statement"]
        if str(each["Action"]).lstrip("['").startswith(prefix)
    ]


def test_there_is_nothing_of_it_unless_it_is_asked_for(prod: Stage) -> None:
    variables = [each["Environment"]["Variables"] for each in prod.of_type("AWS::Lambda::Function")]

    assert prod.of_type(WORKGROUP) == prod.of_type(TABLE) == prod.of_type("AWS::Glue::Database") == []
    assert not any("ATHENA_WORKGROUP" in each for each in variables)
    assert "athena:" not in str(prod.of_type("AWS::IAM::Policy"))


def test_a_question_reads_no_more_than_the_stage_says_whatever_a_call_asks_for(full: Stage) -> None:
    (workgroup,) = full.of_type(WORKGROUP)
    said = workgroup["WorkGroupConfiguration"]

    assert workgroup["Name"] == "milepost-full-audience"
    assert said["EnforceWorkGroupConfiguration"] is True
    assert said["BytesScannedCutoffPerQuery"] == 50 * 1024**3
    assert said["EngineVersion"] == {"SelectedEngineVersion": "Athena engine version 3"}
    assert str(said["ResultConfiguration"]["OutputLocation"]).count("/audience-answers/") == 1


def test_ten_gb_are_the_most_where_the_stage_says_nothing(stages: Stages) -> None:
    (workgroup,) = stages.stage("dev", audience_engine="athena").of_type(WORKGROUP)
    said = workgroup["WorkGroupConfiguration"]

    assert said["BytesScannedCutoffPerQuery"] == 10 * 1024**3
    assert said["ResultConfiguration"]["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"}


def test_answers_are_encrypted_with_the_key_of_the_stage_where_it_has_one(full: Stage) -> None:
    (workgroup,) = full.of_type(WORKGROUP)
    said = workgroup["WorkGroupConfiguration"]["ResultConfiguration"]

    assert said["EncryptionConfiguration"]["EncryptionOption"] == "SSE_KMS"


@pytest.mark.parametrize("name", ["shards", "deltas"])
def test_a_table_has_the_partition_that_a_statement_names_and_no_other(full: Stage, name: str) -> None:
    table = tables(full)[name]
    template = str(table["Parameters"]["storage.location.template"])

    assert [each["Name"] for each in table["PartitionKeys"]] == ["tenant", "files"]
    assert {table["Parameters"][f"projection.{each}.type"] for each in ("tenant", "files")} == {"injected"}
    assert f"/audience-manifests/${{tenant}}/${{files}}/{name}/" in template
    assert table["StorageDescriptor"]["InputFormat"] == "org.apache.hadoop.hive.ql.io.SymlinkTextInputFormat"


def test_the_keys_of_json_keep_their_case(full: Stage) -> None:
    """Paths of metadata and ids of campaigns are keys of maps."""
    found = tables(full)["deltas"]["StorageDescriptor"]["SerdeInfo"]

    assert found == {
        "SerializationLibrary": "org.openx.data.jsonserde.JsonSerDe",
        "Parameters": {"case.insensitive": "false"},
    }


@pytest.mark.parametrize(
    ("its_type", "called"),
    [
        ("VARCHAR", "string"),
        ("VARCHAR[]", "array<string>"),
        ("MAP(VARCHAR, VARCHAR)", "map<string,string>"),
        ("STRUCT(amount BIGINT, skus VARCHAR[])[]", "array<struct<amount:bigint,skus:array<string>>>"),
        ("MAP(VARCHAR, STRUCT(n DOUBLE, d INTEGER)[])", "map<string,array<struct<n:double,d:int>>>"),
    ],
)
def test_columns_have_the_types_of_the_files(its_type: str, called: str) -> None:
    assert hive_type(its_type) == called


def test_three_functions_may_ask_this_workgroup_of_these_tables(full: Stage) -> None:
    functions = full.of_type("AWS::Lambda::Function")
    told = [each["Handler"] for each in functions if "ATHENA_WORKGROUP" in each["Environment"]["Variables"]]
    asking, looking_up = statements(full, "athena:"), statements(full, "glue:")

    assert sorted(told) == ASKING
    assert len(asking) == len(looking_up) == len(ASKING)
    assert {str(each["Action"]) for each in asking} == {
        "['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:StopQueryExecution']"
    }
    assert all("workgroup/milepost-full-audience" in str(each["Resource"]) for each in asking)
    assert all("*" not in str(each["Resource"]) for each in (*asking, *looking_up))


def test_what_is_asked_for_while_somebody_waits_ends_before_the_function_does(full: Stage) -> None:
    functions = {each["Handler"]: each for each in full.of_type("AWS::Lambda::Function")}

    for handler in ASKING:
        found = functions[handler]
        assert int(found["Environment"]["Variables"]["ATHENA_PATIENCE_SECONDS"]) < found["Timeout"] - 5


def test_answers_and_manifests_expire(full: Stage) -> None:
    rules = [rule for each in full.of_type("AWS::S3::Bucket") for rule in each["LifecycleConfiguration"]["Rules"]]
    kept = {each["Prefix"]: each["ExpirationInDays"] for each in rules if each.get("Prefix", "")[:9] == "audience-"}

    assert kept == {"audience-answers/": 1, "audience-manifests/": 2}
