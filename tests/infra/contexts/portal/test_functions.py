"""The function of the portal: what it writes."""

from tests.infra.permissions import actions_in, statements_of
from tests.infra.stages import Stage


def test_the_portal_writes_nothing_but_how_often_somebody_has_called(prod: Stage) -> None:
    statements = statements_of(prod, "functions.portal.api.handler")
    (writing,) = [statement for statement in statements if "dynamodb:UpdateItem" in actions_in(statement)]

    assert writing["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["RATE#*"]}}
