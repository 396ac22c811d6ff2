"""Comments on layers and on evidence: who may, what is kept of them, and what becomes of them."""

import json
from typing import Any

import pytest

from functions.projects.comments import commenting
from shared.storage import table
from tests.aws import hooks
from tests.projects.following.telling import follow, of_milestone
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer

TEXT = "The third wheel has other teeth than on the drawing."
LINK = {"url": "https://example.org/drawings"}


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    """Ada leads a project; Ben owns its milestone and submits it; Cleo, Dana and Emil verify."""
    return Review.of(ada, ben, project)


@pytest.fixture
def milestone(review: Review) -> str:
    return review.submits(layer())


@pytest.fixture(params=["layer", "evidence"])
def path(request: pytest.FixtureRequest, review: Review, milestone: str) -> str:
    """Where the comments on a layer are, and those on a piece of evidence."""
    if request.param == "layer":
        return f"/verifications/{review.layers(milestone)[0]['verification_id']}/comments"
    brought = review.ben.post(f"{milestone}/evidence/links", LINK)
    assert brought.status == 201, brought.body
    return f"/evidence/{brought.body['evidence_id']}/comments"


def says(person: Person, path: str, text: str = TEXT) -> dict[str, Any]:
    made = person.post(path, {"text": text})
    assert made.status == 201, made.body
    return dict(made.body)


def texts(person: Person, path: str) -> list[str]:
    return [each["text"] for each in person.get(path).body["items"]]


def history(review: Review, milestone: str) -> list[dict[str, Any]]:
    found = review.ada.get(f"{milestone}/history", "limit=100").body["items"]
    return [each for each in found if each["event_type"].startswith("projects.comment.")]


def test_members_comment_and_read_what_others_have_said(review: Review, path: str):
    cleo = review.verifiers[0]
    first, second = says(cleo, path), says(review.ben, path, "Look again.\nIt has not.")

    assert review.ada.get(path).body == {"items": [first, second], "next_cursor": None}
    assert (first["author_id"], first["edited_at"], first["version"]) == (cleo.user_id, None, 1)
    assert first["subject_id"] == path.split("/")[2]


def test_what_is_sent_twice_under_a_key_is_said_once(review: Review, path: str):
    answers = [review.ben.post(path, {"text": TEXT}, key="once") for _ in range(2)]

    assert answers[0].body == answers[1].body
    assert texts(review.ben, path) == [TEXT]


def test_a_page_of_comments_goes_on_where_it_ended(review: Review, path: str):
    for text in ("One", "Two", "Three"):
        says(review.ben, path, text)
    first = review.ada.get(path, "limit=2").body

    assert [each["text"] for each in first["items"]] == ["One", "Two"]
    rest = review.ada.get(path, f"limit=2&cursor={first['next_cursor']}").body
    assert [each["text"] for each in rest["items"]] == ["Three"]


def test_who_only_looks_on_reads_and_writes_nothing(review: Review, path: str):
    fred = review.ada.brings(review.project, review.ada.colleague("guest"), "viewer")
    mary = review.ada.brings(review.project, review.ada.colleague("guest"), "client")
    says(mary, path)

    assert fred.post(path, {"text": TEXT}).code == "RoleRequired"
    assert texts(fred, path) == [TEXT]


def test_to_strangers_there_are_no_comments(review: Review, eve: Person, path: str):
    made = says(review.ben, path)
    code = "EvidenceNotFound" if path.startswith("/evidence") else "VerificationNotFound"
    for somebody in (eve, review.ada.colleague()):
        asked = [
            somebody.get(path),
            somebody.post(path, {"text": TEXT}),
            somebody.patch(f"{path}/{made['comment_id']}", {"text": "Mine."}),
            somebody.delete(f"{path}/{made['comment_id']}"),
        ]
        assert [(each.status, each.code) for each in asked] == [(404, code)] * 4
    assert texts(review.ben, path) == [TEXT]


def test_its_author_edits_a_comment_and_nobody_else(review: Review, path: str):
    own = f"{path}/{says(review.ben, path)['comment_id']}"
    refused = review.ada.patch(own, {"text": "I said that."})
    edited = review.ben.patch(own, {"text": "It has not."}, if_match='"1"')
    again, stale = (
        review.ben.patch(own, {"text": "It has not."}),
        review.ben.patch(own, {"text": "No."}, if_match='"1"'),
    )

    assert (refused.code, stale.status) == ("NotTheAuthor", 412)
    assert (edited.body["text"], edited.body["version"], again.body) == ("It has not.", 2, edited.body)
    assert edited.body["edited_at"] is not None


def test_author_and_manager_delete_a_comment(review: Review, path: str):
    first, second = (f"{path}/{says(review.ben, path)['comment_id']}" for _ in range(2))
    refused = review.verifiers[0].delete(first)

    assert refused.code == "NotTheAuthor"
    assert [review.ben.delete(first).status, review.ada.delete(second).status] == [204, 204]
    assert [review.ben.delete(first).code, review.ben.patch(second, {"text": "No."}).code] == ["CommentNotFound"] * 2
    assert texts(review.ben, path) == []


def test_a_comment_of_one_layer_is_none_of_another(review: Review, milestone: str):
    first, second = (
        f"/verifications/{review.layers(each)[0]['verification_id']}/comments"
        for each in (milestone, review.submits(layer()))
    )
    made = says(review.ben, first)

    assert review.ben.patch(f"{second}/{made['comment_id']}", {"text": "No."}).code == "CommentNotFound"
    assert review.ben.delete(f"{second}/cmt_x").code == "CommentNotFound"


@pytest.mark.parametrize("text", ["", "  ", 2001 * "x", "\ud800", "a\x00b", None])
def test_what_is_no_comment_is_named(text: str | None, review: Review, milestone: str):
    path = f"/verifications/{review.layers(milestone)[0]['verification_id']}/comments"
    refused = review.ben.post(path, {"text": text})

    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "text")
    assert texts(review.ben, path) == []


def test_comments_come_at_any_time_and_change_nothing_under_review(review: Review, milestone: str):
    before = review.layers(milestone)[0]
    path = f"/verifications/{before['verification_id']}/comments"
    says(review.verifiers[0], path)

    assert review.layers(milestone)[0] == before
    review.decides(review.verifiers[0], before)
    assert review.ada.status(milestone) == "approved"
    says(review.ben, path, "Thank you.")


def test_history_and_events_tell_of_comments_without_their_text(review: Review, milestone: str, path: str):
    own = f"{path}/{says(review.verifiers[0], path)['comment_id']}"
    review.verifiers[0].patch(own, {"text": f"{TEXT} Twice."})
    review.verifiers[0].delete(own)
    happened = [each for each in of_milestone(review.ada, milestone) if each.event_type.startswith("projects.comment.")]

    assert sorted(each["event_type"] for each in history(review, milestone)) == [
        f"projects.comment.{what}" for what in ("added", "deleted", "edited")
    ]
    assert {each["comment_id"] for each in history(review, milestone)} == {own.rpartition("/")[2]}
    assert TEXT not in json.dumps([each._asdict() for each in happened])
    assert [concern["user_id"] for each in happened for concern in each.concerns] == [review.ben.user_id]


def test_comments_go_with_their_evidence(search_feed: str, review: Review, milestone: str):
    brought = review.ben.post(f"{milestone}/evidence/links", LINK).body["evidence_id"]
    review.ben.post(f"{milestone}/recall")
    says(review.ben, f"/evidence/{brought}/comments")
    kept = f"/verifications/{review.layers(milestone)[0]['verification_id']}/comments"
    says(review.ben, kept)
    assert review.ben.delete(f"/evidence/{brought}").status == 204
    follow(*of_milestone(review.ada, milestone))

    assert stored(review, milestone) == 1
    assert texts(review.ada, kept) == [TEXT]


def test_comments_go_with_their_milestone(search_feed: str, review: Review, milestone: str):
    says(review.ben, f"/verifications/{review.layers(milestone)[0]['verification_id']}/comments")
    review.ada.post(f"{milestone}/cancel", {"reason": "Too dear."})
    assert review.ada.delete(milestone).status == 204
    follow(*of_milestone(review.ada, milestone))

    assert stored(review, milestone) == 0


def stored(review: Review, milestone: str) -> int:
    place = commenting.partition(review.ada.tenant_id, milestone.rpartition("/")[2])
    return len(table.query(place, "COMMENT#", limit=10).items)


def test_what_is_deleted_meanwhile_takes_no_comment(review: Review, milestone: str):
    brought = review.ben.post(f"{milestone}/evidence/links", LINK).body["evidence_id"]
    review.ben.post(f"{milestone}/recall")

    def deleted(**_: object) -> None:
        hooks.unregister("before-call.dynamodb.TransactWriteItems", deleted)
        assert review.ben.delete(f"/evidence/{brought}").status == 204

    hooks.register("before-call.dynamodb.TransactWriteItems", deleted)
    refused = review.ben.post(f"/evidence/{brought}/comments", {"text": TEXT})

    assert (refused.code, stored(review, milestone)) == ("EvidenceNotFound", 0)


def test_a_page_is_one_query_beside_what_opens_the_layer(review: Review, milestone: str):
    path, calls = f"/verifications/{review.layers(milestone)[0]['verification_id']}/comments", list[str]()
    hooks.register("before-call.dynamodb", lambda model, params, **_: calls.append(f"{model.name} {params['body']!s}"))
    review.ben.get(path)

    found = [each.partition(" ")[0] for each in calls if "RATE#" not in each and "EPOCH" not in each]
    assert found == ["GetItem", "BatchGetItem", "Query"]


@pytest.mark.parametrize("on", ["Verification", "Evidence"])
def test_over_graphql_one_comments_edits_and_deletes(on: str, review: Review, milestone: str):
    brought = review.ben.post(f"{milestone}/evidence/links", LINK).body["evidence_id"]
    layer_id = review.layers(milestone)[0]["verification_id"]
    named = {"verificationId": layer_id} if on == "Verification" else {"evidenceId": brought}
    made = review.ben.ask(f"add{on}Comment", text=TEXT, **named).data
    edited = review.ben.ask(f"edit{on}Comment", commentId=made["commentId"], text="No.", **named).data

    assert review.ada.ask(f"{on.lower()}Comments", **named).data == {"items": [edited], "nextToken": None}
    assert review.ben.ask(f"add{on}Comment", text="", **named).error_type == "InvalidInput"
    assert review.ben.ask(f"delete{on}Comment", commentId=made["commentId"], **named).data == made["commentId"]
    assert review.ada.ask(f"{on.lower()}Comments", **named).data["items"] == []
