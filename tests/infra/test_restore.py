"""The commands that restore a table and make it one that a stage can adopt.

That a stage works on such a table is held by tests/e2e/test_restoring.py.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import Stubber

from infra import adopted_tables
from infra.commands import adopt, restore
from infra.commands.adopt import NotAdopted
from infra.commands.restore import NotRestored
from shared import clock
from shared.storage import table
from tests.infra.stages import Stage

AT = clock.from_rfc3339("2026-11-26T11:00:00.500Z")
MOMENT = datetime(2026, 11, 26, 11, tzinfo=UTC)
RESTORED = "milepost-prod-20261126T110000Z"
SOURCE = "milepost"


def never(seconds: float) -> None:
    raise AssertionError(f"waited {seconds} seconds for nothing")


@pytest.fixture
def dynamodb(aws: None) -> Any:
    return boto3.client("dynamodb")


def create(dynamodb: Any, name: str, schema: dict[str, str], kind: str) -> None:
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": key, "KeyType": role} for key, role in schema.items()],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": kind} for key in schema],
        BillingMode="PAY_PER_REQUEST",
    )


def prepare(dynamodb: Any, name: str = RESTORED) -> str:
    return adopt.prepare(dynamodb, name, stage="prod", pause=never)


def test_a_restored_table_has_what_the_construct_gives_one(dynamodb: Any, prod: Stage) -> None:
    table.put_many([{"PK": "USER#1", "SK": "GOAL#1", "GSI1PK": "USER#1", "GSI1SK": "ENTITY#Goal#1"}])
    name = restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    stream_arn = prepare(dynamodb, name)
    found = dynamodb.describe_table(TableName=RESTORED)["Table"]
    expires = dynamodb.describe_time_to_live(TableName=RESTORED)["TimeToLiveDescription"]
    backups = dynamodb.describe_continuous_backups(TableName=RESTORED)["ContinuousBackupsDescription"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"]
    (model,) = prod.of_type("AWS::DynamoDB::Table")

    assert name == RESTORED
    assert found["ItemCount"] == 1
    assert found["KeySchema"] == model["KeySchema"]
    assert found["BillingModeSummary"]["BillingMode"] == model["BillingMode"]
    assert found["StreamSpecification"]["StreamViewType"] == model["StreamSpecification"]["StreamViewType"]
    assert found["DeletionProtectionEnabled"] is model["DeletionProtectionEnabled"]
    assert expires == {
        "TimeToLiveStatus": "ENABLED",
        "AttributeName": model["TimeToLiveSpecification"]["AttributeName"],
    }
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"
    assert {(tag["Key"], tag["Value"]) for tag in tags} == {(tag["Key"], tag["Value"]) for tag in model["Tags"]}
    assert adopted_tables.parse(stream_arn).name == RESTORED


def test_the_index_is_that_of_the_construct(dynamodb: Any, prod: Stage) -> None:
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    (found,) = dynamodb.describe_table(TableName=RESTORED)["Table"]["GlobalSecondaryIndexes"]
    (model,) = prod.of_type("AWS::DynamoDB::Table")[0]["GlobalSecondaryIndexes"]

    assert {name: found[name] for name in model} == model


def test_the_table_that_is_restored_stays_as_it_is(dynamodb: Any) -> None:
    before = dynamodb.describe_table(TableName=SOURCE)["Table"]
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    prepare(dynamodb)

    assert dynamodb.describe_table(TableName=SOURCE)["Table"] == before


def says_restored_to(dynamodb: Any, moment: datetime) -> None:
    """Have AWS say to which moment it has restored; moto says when."""

    def say(parsed: Any, **_: object) -> None:
        if "RestoreSummary" in parsed.get("Table", {}):
            parsed["Table"]["RestoreSummary"]["RestoreDateTime"] = moment

    dynamodb.meta.events.register("after-call.dynamodb.DescribeTable", say)


def test_a_restore_that_was_stopped_goes_on(dynamodb: Any) -> None:
    says_restored_to(dynamodb, MOMENT)
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    again = restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    first = prepare(dynamodb, again)
    second = prepare(dynamodb, again)

    assert first == second


def test_a_table_of_the_name_that_is_of_another_moment_is_not_taken_for_the_restored_one(dynamodb: Any) -> None:
    says_restored_to(dynamodb, MOMENT + timedelta(seconds=1))
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)

    with pytest.raises(NotRestored, match=f"There is a table {RESTORED}, and it is not what {SOURCE} was"):
        restore.begin(dynamodb, SOURCE, stage="prod", at=AT)


def test_a_table_of_the_name_that_is_of_another_table_is_not_taken_for_the_restored_one(dynamodb: Any) -> None:
    says_restored_to(dynamodb, MOMENT)
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    restore.begin(dynamodb, SOURCE, stage="dev", at=AT)

    with pytest.raises(NotRestored, match=f"There is a table {RESTORED}"):
        restore.begin(dynamodb, "milepost-dev-20261126T110000Z", stage="prod", at=AT)


def test_a_table_of_the_name_that_was_not_restored_is_not_taken_for_the_restored_one(dynamodb: Any) -> None:
    create(dynamodb, RESTORED, {"PK": "HASH"}, "S")
    with pytest.raises(NotRestored, match=f"There is a table {RESTORED}"):
        restore.begin(dynamodb, SOURCE, stage="prod", at=AT)


def test_the_table_that_the_stage_has_is_not_restored_into_itself(dynamodb: Any) -> None:
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)

    with pytest.raises(NotRestored, match=f"{RESTORED} is itself what a restore to this instant has made"):
        restore.begin(dynamodb, RESTORED, stage="prod", at=AT)


def test_the_table_of_another_stage_is_not_adopted(dynamodb: Any) -> None:
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    prepare(dynamodb)
    with pytest.raises(NotAdopted, match=f"{RESTORED} is the table of the stage prod, by its tag"):
        adopt.prepare(dynamodb, RESTORED, stage="dev", pause=never)
    arn = dynamodb.describe_table(TableName=RESTORED)["Table"]["TableArn"]

    assert {"Key": "stage", "Value": "prod"} in dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"]


def test_it_is_restored_to_the_instant_that_was_asked_for() -> None:
    dynamodb = boto3.client("dynamodb", region_name="eu-west-1")
    asked = {
        "SourceTableName": SOURCE,
        "TargetTableName": RESTORED,
        "RestoreDateTime": MOMENT,
    }
    with Stubber(dynamodb) as stub:
        stub.add_response("restore_table_to_point_in_time", {}, asked)

        assert restore.begin(dynamodb, SOURCE, stage="prod", at=AT) == RESTORED


def test_an_instant_that_aws_does_not_restore_to_is_refused_with_its_reason() -> None:
    dynamodb = boto3.client("dynamodb", region_name="eu-west-1")
    with Stubber(dynamodb) as stub:
        stub.add_client_error("restore_table_to_point_in_time", "InvalidRestoreTimeException", "too early")

        with pytest.raises(NotRestored, match=r"not restored to 2026-11-26T11:00:00\.500Z: .*too early"):
            restore.begin(dynamodb, SOURCE, stage="prod", at=AT)


def test_a_table_that_is_not_there_is_not_adopted(dynamodb: Any) -> None:
    with pytest.raises(NotAdopted, match="There is no table nothing"):
        prepare(dynamodb, "nothing")


@pytest.mark.parametrize(
    ("schema", "kind", "said"),
    [({"PK": "HASH"}, "S", "other keys"), ({"PK": "HASH", "SK": "RANGE"}, "S", "other indexes")],
)
def test_a_table_of_another_model_is_not_adopted(dynamodb: Any, schema: dict[str, str], kind: str, said: str) -> None:
    create(dynamodb, "other", schema, kind)

    with pytest.raises(NotAdopted, match=said):
        prepare(dynamodb, "other")


def test_a_stream_that_somebody_else_may_read_is_not_replaced(dynamodb: Any) -> None:
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    keys_only = {"StreamEnabled": True, "StreamViewType": "KEYS_ONLY"}
    dynamodb.update_table(TableName=RESTORED, StreamSpecification=keys_only)

    with pytest.raises(NotAdopted, match="has a stream of KEYS_ONLY"):
        prepare(dynamodb)


def test_items_that_expire_by_something_else_are_not_expected(dynamodb: Any) -> None:
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    by_end = {"Enabled": True, "AttributeName": "end"}
    dynamodb.update_time_to_live(TableName=RESTORED, TimeToLiveSpecification=by_end)

    with pytest.raises(NotAdopted, match="lets items expire by end"):
        prepare(dynamodb)


class Busy:
    """A client of a table whose calls answer as they do while AWS is still at it, so many times."""

    def __init__(self, dynamodb: Any, *, statuses: int = 0, refusals: int = 0) -> None:
        self._dynamodb = dynamodb
        self.statuses, self.refusals = statuses, refusals

    def __getattr__(self, name: str) -> Any:
        return getattr(self._dynamodb, name)

    def describe_table(self, **asked: Any) -> Any:
        found = self._dynamodb.describe_table(**asked)
        if self.statuses:
            self.statuses -= 1
            found["Table"]["TableStatus"] = "CREATING"
        return found

    def update_continuous_backups(self, **asked: Any) -> Any:
        if self.refusals:
            self.refusals -= 1
            refused = {"Error": {"Code": "ContinuousBackupsUnavailableException", "Message": "not yet"}}
            raise ClientError(refused, "UpdateContinuousBackups")  # type: ignore[arg-type]
        return self._dynamodb.update_continuous_backups(**asked)


@pytest.mark.parametrize("busy", [{"statuses": 3}, {"refusals": 3}])
def test_what_is_not_ready_yet_is_waited_for(dynamodb: Any, busy: dict[str, int]) -> None:
    restore.begin(dynamodb, SOURCE, stage="prod", at=AT)
    waits: list[float] = []
    adopt.prepare(Busy(dynamodb, **busy), RESTORED, stage="prod", pause=waits.append)
    backups = dynamodb.describe_continuous_backups(TableName=RESTORED)["ContinuousBackupsDescription"]

    assert waits == [adopt.PAUSE_SECONDS] * 3
    assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


def test_the_next_step_is_said() -> None:
    assert adopt.next_step("prod", RESTORED, "arn:stream").endswith(
        'Write this into stages/prod.toml, then make deploy STAGE=prod:\nadopted_table = "arn:stream"\n'
    )
