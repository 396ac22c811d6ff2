"""That a layer asks as many people as it has seats, and no fewer than its policy needs."""

import pytest

from functions.projects.layers import policy, seating
from functions.projects.layers.policy import Rule
from functions.projects.layers.seating import NoEligibleApprover, People, TooManyApprovers
from functions.projects.people.members import ProjectMember

PRIMARY = "usr_000"


def rule(mode: policy.Mode) -> Rule:
    asked = {"user": None, "role": "verifier", "owner_role": None, "weight": 1}
    return Rule(
        1, "Review", "manual", mode, 1, "parallel", [asked], True, 168, None, [], "first_reject", True, False,
        "rejected_level",
    )  # fmt: skip


def people(count: int) -> People:
    """Return a primary owner, and so many verifiers besides."""
    ids = [f"usr_{number:03}" for number in range(count + 1)]
    return People({each: ProjectMember("ten_1", "prj_1", each, ["verifier"], "", "", 1) for each in ids}, {})


@pytest.mark.parametrize("mode", ["any", "all", "quorum"])
@pytest.mark.parametrize("count", [1, 50])
def test_a_layer_with_a_seat_for_everybody_is_accepted(mode: policy.Mode, count: int):
    seating.require_enough([rule(mode)], people(count), PRIMARY)


@pytest.mark.parametrize("mode", ["any", "all", "quorum"])
@pytest.mark.parametrize(("count", "refusal"), [(0, NoEligibleApprover), (51, TooManyApprovers)])
def test_a_layer_that_asks_nobody_or_more_than_50_people_is_refused(
    mode: policy.Mode, count: int, refusal: type[Exception]
):
    with pytest.raises(refusal, match="'Review'"):
        seating.require_enough([rule(mode)], people(count), PRIMARY)
