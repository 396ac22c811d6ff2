"""What is left of a milestone that is deleted: nothing but its history."""

from functions.projects.following import consumers, removals
from functions.projects.milestones import milestones
from shared.storage import events, table
from tests.aws import hooks
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.platform.held import stored
from tests.projects.following.telling import follow
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer


def left_of(milestone: str) -> list[str]:
    """Return the sort keys of what is left of a milestone, but for its history, and of what leads to it."""
    milestone_id = milestone.removeprefix("/project-milestones/")
    items = [item for item in stored().values() if item.get("project_milestone_id") == milestone_id]
    return sorted(item["SK"] for item in items if "#HISTORY" not in item["PK"])


def deleted(person: Person, milestone: str) -> events.Event:
    place = milestones.history(person.tenant_id, milestone.removeprefix("/project-milestones/"))
    found = [events.stored(item) for item in table.query_all(place, "EVENT#")]
    return [each for each in found if each.event_type == "projects.milestone.deleted"][-1]


def cancelled(review: Review) -> str:
    """Return a milestone that was cancelled in its third attempt at two layers."""
    milestone = review.submits(layer(1), layer(2))
    for _ in range(2):
        review.ben.post(f"{milestone}/recall")
        assert review.ben.post(f"{milestone}/complete").status == 200
    assert review.ada.post(f"{milestone}/cancel", {"reason": "Not needed."}).status == 200
    return milestone


def test_the_layers_of_a_deleted_milestone_are_removed(ada: Person, ben: Person, project: str):
    review = Review.of(ada, ben, project)
    milestone, kept = cancelled(review), review.submits(layer(1))
    [only] = review.layers(milestone, attempt=3)[:1]
    assert ada.delete(milestone).status == 204
    assert len(left_of(milestone)) == 12
    before = left_of(kept)
    follow(deleted(ada, milestone))

    assert left_of(milestone) == []
    assert left_of(kept) == before
    assert ada.get(f"/verifications/{only['verification_id']}").status == 404


def test_a_removal_that_breaks_off_goes_on(ada: Person, ben: Person, project: str):
    review = Review.of(ada, ben, project)
    milestone = cancelled(review)
    ada.delete(milestone)
    broken: list[str] = []

    def fail(**_: object) -> None:
        broken.append("once")
        if len(broken) == 2:
            raise ConnectionError("gone")

    with hooks.registered("before-call.dynamodb.BatchWriteItem", fail):
        assert consumers.handler(delivered([deleted(ada, milestone)]), Context())["batchItemFailures"] != []
    assert left_of(milestone) != []
    follow(deleted(ada, milestone))

    assert left_of(milestone) == []


def test_nothing_of_a_milestone_that_is_there_is_removed(ada: Person, ben: Person, project: str):
    review = Review.of(ada, ben, project)
    milestone = cancelled(review)
    before = left_of(milestone)
    removals.remove(ada.tenant_id, milestone.removeprefix("/project-milestones/"))

    assert left_of(milestone) == before
