"""How much of the account's concurrency each part takes: background work has an end, and sign-in may have its own."""

from collections.abc import Mapping
from typing import Any

from tests.infra.stages import ROOT, Stage, Stages

# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
FEWEST, MOST = 2, 1000
# A fifth of what an account begins with: the rest is for those who wait for an answer.
FOR_BACKGROUND_WORK = 200
SIGN_IN, AUTHORIZER = "functions.identity.api.handler", "functions.identity.authorizer.handler"


def of_queues(stage: Stage) -> list[Mapping[str, Any]]:
    return [each for each in stage.of_type("AWS::Lambda::EventSourceMapping") if "StartingPosition" not in each]


def reserved(stage: Stage) -> dict[str, int]:
    functions = stage.of_type("AWS::Lambda::Function")
    return {
        each["Handler"]: each["ReservedConcurrentExecutions"]
        for each in functions
        if "ReservedConcurrentExecutions" in each
    }


def test_no_queue_is_consumed_without_a_maximum(prod: Stage) -> None:
    most = [each.get("ScalingConfig", {}).get("MaximumConcurrency", 0) for each in of_queues(prod)]

    assert most != []
    assert [each for each in most if not FEWEST <= each <= MOST] == []


def test_all_queues_together_leave_most_of_the_concurrency_to_requests(prod: Stage) -> None:
    together = sum(each["ScalingConfig"]["MaximumConcurrency"] for each in of_queues(prod))

    assert together <= FOR_BACKGROUND_WORK


def test_the_page_says_how_much_background_work_takes(prod: Stage) -> None:
    together = sum(each["ScalingConfig"]["MaximumConcurrency"] for each in of_queues(prod))

    assert f"Background work takes no more than {together} of them" in (ROOT / "docs" / "deploying.md").read_text()


def test_nothing_is_reserved_unless_it_is_asked_for(prod: Stage, stages: Stages) -> None:
    asked = stages.stage("prod", reserved_for_sign_in=50, reserved_for_authorizer=20)

    assert reserved(prod) == {}
    assert reserved(asked) == {SIGN_IN: 50, AUTHORIZER: 20}
