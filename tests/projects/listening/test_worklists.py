"""Listening to one's own worklist: who may, and what is published, up to the mutation that AppSync passes on."""

import pytest
import time_machine
from graphql import get_named_type

from shared.storage import events, table
from shared.storage.events import Event
from tests.aws import hooks
from tests.goals.listening.publishing import GraphqlApi
from tests.projects.appsync import SCHEMA
from tests.projects.following.telling import follow, of_milestone
from tests.projects.listening.hearing import hears, published
from tests.projects.team import Person
from tests.projects.verification.review import Review, layer


@pytest.fixture
def review(ada: Person, ben: Person, project: str) -> Review:
    """Ada leads a project; Ben owns its milestone and submits it; Cleo, Dana and Emil verify."""
    return Review.of(ada, ben, project)


def listens(person: Person) -> None:
    assert person.ask("onWorklistChanged", userId=person.user_id).error_type is None


def asked(review: Review, milestone: str) -> list[Event]:
    """Have the worklists follow a milestone; return the events of it, the oldest first."""
    follow(*of_milestone(review.ada, milestone))
    work_id = review.layers(milestone)[0]["verification_id"]
    place = f"TENANT#{review.ada.tenant_id}#WORK#{work_id}"
    return [events.stored(item) for item in table.query_all(place, "EVENT#")]


def test_somebody_listens_to_their_own_worklist_and_to_no_other(ada: Person, ben: Person, api: GraphqlApi):
    listens(ada.colleague("guest"))
    refused = ben.ask("onWorklistChanged", userId=ada.user_id)

    assert refused.error_type == "WorklistNotYours"


def test_what_comes_and_goes_is_published_to_those_who_listen(review: Review, api: GraphqlApi):
    cleo, dana, _ = review.verifiers
    listens(cleo)
    milestone = review.submits(layer(mode="all"))
    hears(*asked(review, milestone))
    (came,) = published(api)
    (waiting,) = cleo.ask("worklist").data["items"]

    assert (came["userId"], came["entry"]) == (cleo.user_id, waiting)
    review.decides(cleo, review.layers(milestone)[0])
    api.bodies.clear()
    hears(asked(review, milestone)[-1])
    (went,) = published(api)
    assert (went["workId"], went["kind"], went["entry"]) == (waiting["workId"], "approval", None)
    assert dana.get("/worklist").body["items"] != []


def test_a_worklist_that_stays_as_it_is_makes_no_event(review: Review):
    milestone = review.submits(layer(mode="all"))
    once = asked(review, milestone)

    assert asked(review, milestone) == once
    assert [len(each.data["user_ids"]) for each in once] == [3]


def test_where_nobody_listens_nothing_is_published(review: Review, api: GraphqlApi, time: time_machine.Traveller):
    listens(review.verifiers[0])
    happened = asked(review, review.submits(layer()))
    time.shift(25 * 3600)
    reads = list[str]()
    with hooks.registered("before-call.dynamodb", lambda model, **_: reads.append(model.name)):
        hears(*happened)

    assert (api.bodies, reads) == ([], ["BatchGetItem"])


def test_subscribers_get_every_field_there_is(review: Review, api: GraphqlApi):
    listens(review.verifiers[0])
    hears(*asked(review, review.submits(layer())))
    (change,) = published(api)
    fields = SCHEMA.type_map["WorklistChange"].fields

    assert change.keys() == fields.keys()
    assert change["entry"].keys() == get_named_type(fields["entry"].type).fields.keys()


def test_what_is_refused_comes_again(review: Review, api: GraphqlApi):
    listens(review.verifiers[0])
    happened = asked(review, review.submits(layer()))
    api.status = 503

    assert hears(*happened) == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
