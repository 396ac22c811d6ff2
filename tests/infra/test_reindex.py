"""What building indexes of search anew needs of a stage: a role that can do nothing else."""

from tests.infra.permissions import actions_in, statements_in
from tests.infra.stages import Stage


def test_its_role_finds_collections_has_an_index_built_and_does_nothing_else(prod: Stage) -> None:
    role = prod.templates["stateless"]["Outputs"]["ReindexRoleArn"]["Value"]["Fn::GetAtt"][0]
    (policy,) = [each for each in prod.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}]]
    allowed = {
        (*sorted(actions_in(each)),): each["Condition"]["ForAllValues:StringLike"]["dynamodb:LeadingKeys"]
        for each in statements_in(policy)
    }

    assert allowed == {
        ("dynamodb:Query",): ["TENANTS#*", "TENANT#*"],
        ("dynamodb:BatchGetItem", "dynamodb:GetItem"): ["TENANT#*", "COLLECTION#*"],
        ("dynamodb:PutItem",): ["TENANT#*", "COLLECTION#*"],
    }
