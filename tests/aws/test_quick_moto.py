"""That moto answers as it does without being sped up."""

import subprocess
import sys

import pytest

# In a process of its own each: what is taken away from moto is taken away for good.
SCRIPT = """
import sys
import boto3
from moto import mock_aws
from tests.aws import quick_moto

if sys.argv[1] == "quick":
    quick_moto.speed_up()

VALUES = {
    "text": {"S": "ü"}, "empty": {"S": ""}, "number": {"N": "1.50"}, "bytes": {"B": b"\\x00\\xff"},
    "truth": {"BOOL": False}, "nothing": {"NULL": True}, "list": {"L": [{"S": "a"}, {"M": {"N": {"N": "1"}}}]},
    "map": {"M": {"S": {"S": "named as a type"}, "deep": {"L": []}}}, "texts": {"SS": ["a", "b"]},
}
with mock_aws():
    client = boto3.client("dynamodb", region_name="eu-west-1")
    client.create_table(
        TableName="t", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    put = lambda pk, **more: {"Put": {"TableName": "t", "Item": {"PK": {"S": pk}, **VALUES}, **more}}
    client.transact_write_items(TransactItems=[put("a"), put("b")])
    try:
        client.transact_write_items(
            TransactItems=[put("c"), put("a", ConditionExpression="attribute_not_exists(PK)")]
        )
    except client.exceptions.TransactionCanceledException as refused:
        print([reason["Code"] for reason in refused.response["CancellationReasons"]])
    try:
        client.transact_write_items(TransactItems=[
            {"Delete": {"TableName": "t", "Key": {"PK": {"S": "a"}}}},
            {"Update": {
                "TableName": "t", "Key": {"PK": {"S": "b"}}, "UpdateExpression": "SET #n = :n",
                "ExpressionAttributeNames": {"#n": "text"}, "ExpressionAttributeValues": {":n": {"S": "other"}},
            }},
            put("c"),
            {"ConditionCheck": {
                "TableName": "t", "Key": {"PK": {"S": "d"}}, "ConditionExpression": "attribute_exists(PK)",
            }},
        ])
    except client.exceptions.TransactionCanceledException as refused:
        print([reason["Code"] for reason in refused.response["CancellationReasons"]])
    try:
        client.transact_write_items(TransactItems=[put("c"), put("a"), put("a")])
    except client.exceptions.ClientError as refused:
        print(refused.response["Error"]["Code"])
    for size in 404_000, 405_001:
        try:
            big = {"PK": {"S": "big"}, "text": {"S": "x" * size}, "nothing": {"NULL": True}}
            client.put_item(TableName="t", Item=big)
            print("fits")
        except client.exceptions.ClientError as refused:
            print(refused.response["Error"])
    print([item["PK"] for item in client.scan(TableName="t")["Items"]])
    print([client.get_item(TableName="t", Key={"PK": {"S": pk}}).get("Item") for pk in "abc"])
    answer = client.update_item(
        TableName="t", Key={"PK": {"S": "a"}}, UpdateExpression="ADD #n :n",
        ExpressionAttributeNames={"#n": "number"}, ExpressionAttributeValues={":n": {"N": "2"}}, ReturnValues="ALL_NEW",
    )
    print(answer["Attributes"], client.query(
        TableName="t", KeyConditionExpression="PK = :p", ExpressionAttributeValues={":p": {"S": "b"}},
    )["Items"])
    streams = boto3.client("dynamodbstreams", region_name="eu-west-1")
    arn = client.describe_table(TableName="t")["Table"]["LatestStreamArn"]
    shard = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]
    at = streams.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    print([(each["eventName"], each["dynamodb"]["Keys"]) for each in streams.get_records(ShardIterator=at)["Records"]])
"""


def said(how: str, root: str) -> str:
    command = [sys.executable, "-c", SCRIPT, how]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    return answer.stdout


def test_moto_answers_the_same_when_it_is_quick(pytestconfig: pytest.Config) -> None:
    root = str(pytestconfig.rootpath)

    quick = said("quick", root)

    assert quick == said("as it comes", root)
    assert "named as a type" in quick
    assert quick.count("ConditionalCheckFailed") == 2
    assert "ValidationException" in quick
    assert quick.count("fits") == 1
    assert quick.count("INSERT") == 3
