"""What restatements need of a stage: a role that can do nothing else, and rules that keep them from those who act."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from moto.events.models import EventPattern

from infra.documents import event_schemas
from shared.storage import events
from tests.infra.permissions import actions_in, statements_in
from tests.infra.stages import Stage

TYPES = sorted(event_schemas.event_types())
FEED = "FeedQueue"
FED = {
    "audience.campaign.stated",
    "audience.lead.stated",
    "goals.goal.stated",
    "milestones.milestone.stated",
    "payments.financing.stated",
    "payments.invoice.stated",
    "projects.milestone.stated",
    "projects.project.stated",
    "sequences.element.stated",
}
FOLLOWERS = "ProjectFollowersQueue"
FOLLOWED = {"goals.goal.stated", "milestones.milestone.stated"}
STATED = [name for name in TYPES if name.endswith(events.STATED)]


def patterns(stage: Stage) -> list[tuple[str, Mapping[str, Any]]]:
    """Return the patterns of the rules for our own events, each with the queue that it fills."""
    rules = [rule for rule in stage.of_type("AWS::Events::Rule") if "EventPattern" in rule]
    ours = [rule for rule in rules if rule["EventPattern"].get("source") == ["milepost"]]
    return [(rule["Targets"][0]["Arn"]["Fn::GetAtt"][0], rule["EventPattern"]) for rule in ours]


def takes(pattern: Mapping[str, Any], event_type: str) -> bool:
    message = {"source": "milepost", "detail-type": event_type, "detail": {"event_type": event_type}}
    return EventPattern(None, {**pattern}).matches_event(message)  # type: ignore[arg-type]


@pytest.mark.parametrize("event_type", STATED)
def test_no_consumer_that_acts_on_what_happens_gets_a_restatement(prod: Stage, event_type: str) -> None:
    """Those that tell search how an item is do nothing else, and an item that was not told of is told of so.

    Projects keep how far the goals and tracked milestones are that milestones follow: an equal version changes nothing.
    """
    taking = [queue for queue, pattern in patterns(prod) if takes(pattern, event_type)]

    assert [queue for queue in taking if FEED not in queue and FOLLOWERS not in queue] == []
    assert len(taking) == (event_type in FED) + (event_type in FOLLOWED)


def test_whoever_listens_to_all_events_of_a_context_gets_all_the_others(prod: Stage) -> None:
    listening = [pattern for _, pattern in patterns(prod) if {"prefix": "goals."} in pattern["detail-type"]]
    happening = [name for name in TYPES if name.startswith("goals.") and name not in STATED]

    assert len(listening) == 2
    assert len(happening) > 20
    assert all(takes(pattern, name) for pattern in listening for name in happening)


def test_its_role_reads_keeps_its_place_says_how_subjects_are_and_does_nothing_else(prod: Stage) -> None:
    role = prod.templates["stateless"]["Outputs"]["RestateRoleArn"]["Value"]["Fn::GetAtt"][0]
    (policy,) = [each for each in prod.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}]]
    *of_table, of_bus = statements_in(policy)
    allowed = {
        (*sorted(actions_in(each)), "/index/" in json.dumps(each["Resource"])): each["Condition"][
            "ForAllValues:StringLike"
        ]["dynamodb:LeadingKeys"]
        for each in of_table
    }

    assert allowed == {
        ("dynamodb:Query", False): ["TENANTS#*", "TENANT#*"],
        ("dynamodb:Query", True): ["USER#*", "ELEMENTS#*"],
        ("dynamodb:BatchGetItem", "dynamodb:GetItem", False): ["TENANT#*", "USER#*", "ELEMENT#*"],
        ("dynamodb:BatchWriteItem", "dynamodb:GetItem", False): ["TABLE"],
    }
    assert (actions_in(of_bus), of_bus["Condition"]) == (
        ["events:PutEvents"],
        {
            "ForAllValues:StringEquals": {"events:source": "milepost"},
            "ForAllValues:StringLike": {"events:detail-type": "*.stated"},
        },
    )
    assert "Bus" in json.dumps(of_bus["Resource"])


def test_the_role_of_reconciling_reads_and_does_nothing_else(prod: Stage) -> None:
    role = prod.templates["stateless"]["Outputs"]["ReconcileRoleArn"]["Value"]["Fn::GetAtt"][0]
    (policy,) = [each for each in prod.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}]]

    assert {action for each in statements_in(policy) for action in actions_in(each)} == {
        "dynamodb:Query",
        "dynamodb:BatchGetItem",
    }
    assert all("ForAllValues:StringLike" in each["Condition"] for each in statements_in(policy))
