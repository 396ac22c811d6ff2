"""What waits for whom: layers come into the worklists of those who may decide, and go when they are decided."""

import pytest

from functions.projects.following import asking
from shared import clock
from shared.storage import table
from shared.teamwork import worklist
from shared.teamwork.worklist import WorkEntry
from tests.aws import hooks
from tests.projects.following.telling import follow, leaves, of_milestone
from tests.projects.team import Person
from tests.projects.verification.review import REASON, Review, layer


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    """Ada leads a project; Ben owns its milestone and submits it; Cleo, Dana and Emil verify."""
    return Review.of(ada, ben, project)


def waiting(person: Person) -> list[str]:
    return [each["work_id"] for each in person.get("/worklist").body["items"]]


def told(review: Review, milestone: str) -> None:
    follow(*of_milestone(review.ada, milestone))


def test_a_layer_waits_for_those_whom_it_asks_and_for_nobody_else(review: Review):
    milestone = review.submits(layer())
    told(review, milestone)

    (asking_layer,) = review.layers(milestone)
    (entry,) = review.verifiers[0].get("/worklist").body["items"]
    assert entry == {
        "kind": "approval",
        "work_id": asking_layer["verification_id"],
        "title": "Mill assembled",
        "name": "Level 1",
        "project_id": review.project[10:],
        "project_milestone_id": milestone.rpartition("/")[2],
        "due_at": asking_layer["due_at"],
        "created_at": asking_layer["opened_at"],
    }
    assert [waiting(each) for each in review.verifiers] == 3 * [[entry["work_id"]]]
    assert waiting(review.ada) == waiting(review.ben) == []


def test_who_has_decided_waits_for_the_others_no_more(review: Review):
    milestone = review.submits(layer(mode="all"))
    told(review, milestone)
    cleo, dana, _ = review.verifiers
    review.decides(cleo, review.layers(milestone)[0])
    told(review, milestone)

    assert (len(waiting(cleo)), len(waiting(dana))) == (0, 1)
    cleo.post(f"/verifications/{review.layers(milestone)[0]['verification_id']}/withdraw")
    told(review, milestone)
    assert len(waiting(cleo)) == 1


@pytest.mark.parametrize("how", ["approve", "reject", "recall", "cancel"])
def test_a_layer_that_is_not_open_any_more_waits_for_nobody(how: str, review: Review):
    milestone = review.submits(layer(), layer(name="Beside", required=False))
    told(review, milestone)
    cleo, dana, _ = review.verifiers
    assert len(waiting(dana)) == 2
    if how in {"approve", "reject"}:
        review.decides(cleo, review.layers(milestone)[0], how)
    else:
        review.ada.post(f"{milestone}/{how}", {"reason": REASON} if how == "cancel" else None)
    told(review, milestone)

    assert waiting(cleo) == waiting(dana) == []


def test_the_next_level_waits_when_it_opens(review: Review):
    milestone = review.submits(layer(), layer(2, approvers=[{"role": "manager"}]))
    told(review, milestone)
    assert waiting(review.ada) == []
    review.decides(review.verifiers[0], review.layers(milestone)[0])
    told(review, milestone)

    assert waiting(review.ada) == [review.layers(milestone)[1]["verification_id"]]


def test_where_one_decides_after_the_other_only_whose_turn_it_is_is_asked(review: Review):
    people = [{"user": each.user_id} for each in review.verifiers]
    milestone = review.submits(layer(mode="all", order="sequential", approvers=people))
    told(review, milestone)
    assert [len(waiting(each)) for each in review.verifiers] == [1, 0, 0]
    review.decides(review.verifiers[0], review.layers(milestone)[0])
    told(review, milestone)

    assert [len(waiting(each)) for each in review.verifiers] == [0, 1, 0]


def test_a_seat_that_is_given_to_another_waits_for_them(review: Review):
    milestone = review.submits(layer(mode="all"))
    told(review, milestone)
    cleo = review.verifiers[0]
    body = {"user_id": review.ada.user_id, "instead_of": cleo.user_id}
    review.ada.post(f"/verifications/{review.layers(milestone)[0]['verification_id']}/reassign", body)
    told(review, milestone)

    assert (len(waiting(cleo)), len(waiting(review.ada))) == (0, 1)


def test_a_page_is_one_query_and_what_is_due_first_comes_first(review: Review):
    late, soon = review.submits(layer(due_hours=200)), review.submits(layer(due_hours=2))
    told(review, late)
    told(review, soon)
    cleo, calls = review.verifiers[0], list[str]()
    hooks.register("before-call.dynamodb", lambda model, params, **_: calls.append(f"{model.name} {params['body']!s}"))
    first = cleo.get("/worklist", "limit=1").body
    rest = cleo.get("/worklist", f"limit=1&cursor={first['next_cursor']}").body

    found = [each["project_milestone_id"] for each in (*first["items"], *rest["items"])]
    assert found == [soon.rpartition("/")[2], late.rpartition("/")[2]]
    assert rest["next_cursor"] is None
    assert [each.split()[0] for each in calls if "WORK#" in each] == ["Query", "Query"]
    assert not [each for each in calls if "PRJ#" in each or "PMS#" in each]


def test_graphql_lists_what_rest_lists(review: Review):
    milestone = review.submits(layer())
    told(review, milestone)

    (entry,) = review.verifiers[0].get("/worklist").body["items"]
    found = review.verifiers[0].ask("worklist").data
    assert [each["workId"] for each in found["items"]] == [entry["work_id"]]
    assert found["nextToken"] is None


def test_entries_of_another_tenant_are_not_shown(review: Review, eve: Person):
    milestone = review.submits(layer())
    told(review, milestone)
    cleo = review.verifiers[0]

    assert waiting(Person(cleo.user_id, eve.tenant_id, cleo.issuer)) == []


def test_an_event_that_comes_late_brings_no_entry_back(review: Review):
    milestone = review.submits(layer())
    early = of_milestone(review.ada, milestone)
    review.decides(review.verifiers[0], review.layers(milestone)[0])
    told(review, milestone)
    follow(*early)

    assert [waiting(each) for each in review.verifiers] == [[], [], []]


def test_a_decision_while_the_entries_are_written_leaves_none(review: Review):
    milestone = review.submits(layer())

    def decide(model: object, params: dict[str, bytes], **_: object) -> None:
        if b"#WORK#" in params["body"]:
            hooks.unregister("before-call.dynamodb.TransactWriteItems", decide)
            review.decides(review.verifiers[0], review.layers(milestone)[0])

    hooks.register("before-call.dynamodb.TransactWriteItems", decide)
    told(review, milestone)

    assert review.statuses(milestone) == ["approved"]
    assert [waiting(each) for each in review.verifiers] == [[], [], []]


def test_a_title_that_changes_under_review_is_shown(review: Review):
    milestone = review.submits(layer())
    told(review, milestone)
    review.ada.patch(milestone, {"title": "Mill, second wheel"})
    told(review, milestone)

    (entry,) = review.verifiers[0].get("/worklist").body["items"]
    assert entry["title"] == "Mill, second wheel"


def test_who_brings_evidence_is_not_asked_any_more(review: Review):
    milestone = review.submits(layer(mode="quorum", quorum=2))
    told(review, milestone)
    cleo = review.ada.brings(review.project, review.verifiers[0], "verifier", "creator")
    assert cleo.post(f"{milestone}/evidence/links", {"url": "https://example.org/"}).status == 201
    told(review, milestone)

    assert [len(waiting(each)) for each in review.verifiers] == [0, 1, 1]


def test_who_left_the_tenant_finds_nothing(review: Review):
    milestone = review.submits(layer())
    told(review, milestone)
    cleo = review.verifiers[0]
    follow(leaves(cleo))

    assert waiting(cleo) == []


def test_entries_of_a_deleted_milestone_go(review: Review):
    milestone = review.submits(layer())
    told(review, milestone)
    review.ada.post(f"{milestone}/cancel", {"reason": REASON})
    assert review.ada.delete(milestone).status == 204
    told(review, milestone)

    assert waiting(review.verifiers[0]) == []


def test_work_without_a_due_date_comes_last(ada: Person):
    moment = clock.to_rfc3339(clock.now())
    soon = WorkEntry(ada.tenant_id, ada.user_id, "task", "one", "Mill", moment, due_at=moment)
    table.transact(worklist.brought(ada.tenant_id, "two", [soon._replace(work_id="two", due_at=None)]))
    table.transact(worklist.brought(ada.tenant_id, "one", [soon]))

    assert [each["work_id"] for each in ada.get("/worklist").body["items"]] == ["one", "two"]
    assert asking.follow_user(ada.tenant_id, ada.user_id) is None
