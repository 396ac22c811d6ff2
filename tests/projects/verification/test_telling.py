"""Who hears that a layer asks them: everybody once, by events of a kilobyte at most."""

from collections import Counter
from typing import Any

from functions.projects.following import asking
from functions.projects.milestones import milestones
from shared.storage import attributes, table
from tests.projects.verification.checked import proves
from tests.projects.verification.review import Review, layer

MOST_BYTES = 1024


def told(review: Review, milestone: str) -> list[dict[str, Any]]:
    """Return the stored events of the layers of a milestone, after the consumer has heard of them twice."""
    milestone_id = milestone.rpartition("/")[2]
    for _ in range(2):
        asking.follow(review.ada.tenant_id, milestone_id)
    found = table.query_all(milestones.history(review.ada.tenant_id, milestone_id), "EVENT#")
    return [each for each in found if each["event_type"].startswith("projects.layer.")]


def concerned(events: list[dict[str, Any]]) -> Counter[str]:
    return Counter(one["user_id"] for each in events for one in each.get("concerns") or ())


def test_a_layer_of_fifty_people_tells_each_of_them_once(review: Review):
    people = [review.ada.brings(review.project, review.ada.colleague(), "client").user_id for _ in range(50)]
    found = told(review, review.submits(layer(1, approvers=[{"role": "client"}])))

    assert concerned(found) == Counter(people)
    assert [each["event_type"] for each in found].count("projects.layer.opened") == 1
    assert max(attributes.measured(each)[1] for each in found) <= MOST_BYTES


def test_those_whose_approvals_are_withdrawn_are_told_so_once_each(review: Review):
    people = [review.ada.brings(review.project, review.ada.colleague(), "client") for _ in range(7)]
    milestone = review.submits(layer(1, approvers=[{"role": "client"}], mode="all"))
    before = concerned(told(review, milestone))
    for somebody in people[:6]:
        assert review.decides(somebody, review.layers(milestone)[0]).status == 200
    proves(review, milestone)
    after = concerned(told(review, milestone))

    assert after - before == Counter(each.user_id for each in people[:6])
