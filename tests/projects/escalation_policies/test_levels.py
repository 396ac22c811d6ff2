"""The levels of a policy and time: each once, in business hours, with notices that stop, by worklist and e-mail."""

from collections.abc import Iterator
from datetime import timedelta

import boto3
import pytest
import time_machine

from functions.identity.accounts import users
from functions.identity.accounts.users import User
from functions.projects.following import consumers
from shared import clock
from shared.sending import mail
from shared.storage import events, table
from tests.aws import scheduler, troubles
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.identity.codes import challenged as codes
from tests.projects.escalation.asking import asks, raises
from tests.projects.escalation_policies.making import MANAGERS, OWNER, VERIFIERS, makes
from tests.projects.following.telling import follow, leaves, of_milestone
from tests.projects.team import Person
from tests.projects.timers.clockwork import concerned, escalations, fire, happened, id_of, scheduled, sweep, tell
from tests.projects.verification.review import Review

HOUR = timedelta(hours=1)
"""A quarter of the time of a critical escalation."""


def level(person: Person, milestone: str) -> int:
    (found,) = escalations(person, milestone)
    return int(found["level"])


def waiting(person: Person) -> list[str]:
    return [each["kind"] for each in person.get("/worklist").body["items"]]


def told(review: Review, milestone: str) -> None:
    """Deliver the events of a milestone twice to whoever follows, as a queue may."""
    follow(*[each for each in of_milestone(review.ada, milestone) if each.event_type.startswith("projects.escalation")])


@pytest.fixture
def mailboxes(review: Review) -> None:
    """Give the people of the project the addresses of their accounts."""
    people = {"ada": review.ada, "ben": review.ben, "cleo": review.verifiers[0]}
    table.put_many([users.to_item(_account(person, f"{name}@example.com")) for name, person in people.items()])


def _account(person: Person, address: str) -> User:
    return User(person.user_id, person.tenant_id, address, "Somebody", None, clock.to_rfc3339(clock.now()), 1)


@pytest.fixture
def sender(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the stage an address to send e-mail from."""
    monkeypatch.setenv("MAIL_SENDER", "no-reply@milepost.example")
    boto3.client("ses").verify_domain_identity(Domain="milepost.example")
    mail.client.cache_clear()
    yield
    mail.client.cache_clear()


def test_each_level_is_reached_once_and_the_last_one_is_the_last(
    review: Review, milestone: str, time: time_machine.Traveller
):
    makes(review.ada, OWNER, VERIFIERS, MANAGERS, project=review.project)
    raises(review.ada, milestone, severity="critical")
    tell(review.ada, milestone)
    for _ in range(8):
        time.shift(HOUR)
        sweep()
        tell(review.ada, milestone)
    verifiers = sorted(each.user_id for each in review.verifiers)

    assert level(review.ada, milestone) == 3
    assert concerned(happened(review.ada, milestone, "escalation.escalated")) == [
        sorted([*verifiers, review.ada.user_id]),
        [review.ada.user_id],
    ]


def test_a_level_with_nobody_passes_on_to_the_next_with_somebody(
    review: Review, milestone: str, time: time_machine.Traveller
):
    nobody = {"targets": [{"role": "finance"}, {"owner_role": "reviewer"}, {"user": review.ada.colleague().user_id}]}
    makes(review.ada, nobody, nobody, nobody, MANAGERS, project=review.project)
    escalation = raises(review.ada, milestone)
    tell(review.ada, milestone)
    shown = review.ada.get(escalation).body

    assert (shown["level"], shown["notified"]) == (4, [review.ada.user_id])
    assert len(happened(review.ada, milestone, "escalation.escalated")) == 1


def test_nobody_takes_it_beyond_the_last_level_where_it_stays_with_those_of_the_level(review: Review, milestone: str):
    escalation = raises(review.ben, milestone)
    last = asks(review.ben, escalation, "escalate").body
    refused = asks(review.ben, escalation, "escalate")
    told(review, milestone)
    shown = review.ada.get(escalation).body

    assert (last["level"], refused.status, refused.code) == (2, 409, "EscalationAtLastLevel")
    assert refused.body["detail"] == "The escalation is at level 2, which is the last one. Resolve it, or reject it."
    assert (shown["version"], shown["notified"]) == (last["version"], [review.ada.user_id])
    assert (last["allowed"], shown["allowed"]) == (["acknowledge", "resolve", "reject"],) * 2
    assert waiting(review.ada) == ["escalation"]


@pytest.mark.parametrize("how", ["by people", "by itself"])
def test_where_no_level_that_follows_has_anybody_it_stays_with_those_who_were_told_before(
    how: str, review: Review, milestone: str, time: time_machine.Traveller
):
    nobody = {"targets": [{"role": "finance"}]}
    makes(review.ada, OWNER, nobody, nobody, project=review.project)
    escalation = raises(review.ada, milestone, severity="critical")
    tell(review.ada, milestone)
    if how == "by people":
        asks(review.ada, escalation, "escalate")
    time.shift(HOUR)
    sweep()
    tell(review.ada, milestone)
    told(review, milestone)
    shown = review.ada.get(escalation).body

    assert (shown["level"], shown["notified"]) == (3, [review.ben.user_id])
    assert waiting(review.ben) == ["escalation"]


def test_what_is_acknowledged_passes_a_level_with_nobody_as_well(
    review: Review, milestone: str, time: time_machine.Traveller
):
    makes(review.ada, OWNER, {"targets": [{"role": "finance"}]}, MANAGERS, project=review.project)
    asks(review.ben, raises(review.ada, milestone, severity="critical"), "acknowledge")
    tell(review.ada, milestone)
    time.shift(4 * HOUR)
    fire(milestone, times=2)

    assert level(review.ada, milestone) == 3


def test_outside_business_hours_the_clock_pauses_until_the_next_opening(
    review: Review, milestone: str, time: time_machine.Traveller
):
    makes(review.ada, OWNER, MANAGERS, project=review.project, calendar="business", repeats=1)
    # Half past four on a Friday; Tuesday is a holiday. An hour to respond, four to resolve, of business hours.
    escalation = review.ada.get(raises(review.ada, milestone, severity="critical")).body
    tell(review.ada, milestone)
    reminded_at = scheduled(milestone)
    time.shift(timedelta(days=2))
    fire(milestone)
    between = level(review.ada, milestone), len(happened(review.ada, milestone, "escalation.reminded"))

    assert reminded_at == "2026-11-20T16:00:00Z"
    assert (escalation["respond_by"], escalation["due_at"]) == ("2026-11-23T08:30:00.000Z", "2026-11-23T11:30:00.000Z")
    assert between == (1, 1)
    time.move_to("2026-11-23T08:30:00+00:00")
    fire(milestone)
    assert level(review.ada, milestone) == 2


def test_a_clock_that_is_lost_in_the_pause_goes_on_with_the_sweep_after_it(
    review: Review, milestone: str, time: time_machine.Traveller
):
    makes(review.ada, OWNER, MANAGERS, project=review.project, calendar="business")
    raises(review.ada, milestone, severity="critical")
    tell(review.ada, milestone)
    time.shift(timedelta(days=1))
    # A stage that is started again has its table, and none of its schedules.
    scheduler.remove(id_of(milestone))
    in_the_pause = sweep(), level(review.ada, milestone), scheduled(milestone)
    time.move_to("2026-11-23T08:29:00+00:00")
    before = sweep(), level(review.ada, milestone)
    time.move_to("2026-11-23T09:00:00+00:00")
    found = sweep()
    sweep()

    assert (in_the_pause, before) == ((0, 1, None), (0, 1))
    assert (found, level(review.ada, milestone)) == (1, 2)
    assert len(happened(review.ada, milestone, "escalation.escalated")) == 1


def test_notices_are_repeated_until_somebody_acknowledges(review: Review, milestone: str, time: time_machine.Traveller):
    makes(review.ada, OWNER, VERIFIERS, project=review.project, repeats=3)
    escalation = raises(review.ada, milestone, severity="critical")
    tell(review.ada, milestone)
    for _ in range(2):
        time.shift(HOUR / 4)
        fire(milestone, times=2)
    before = happened(review.ada, milestone, "escalation.reminded")
    acknowledged = asks(review.ben, escalation, "acknowledge").body
    tell(review.ada, milestone)
    time.shift(2 * HOUR)
    sweep()

    assert concerned(before) == [[review.ben.user_id]] * 2
    assert acknowledged["notified"] == []
    assert len(happened(review.ada, milestone, "escalation.reminded")) == 2
    assert level(review.ada, milestone) == 1


def test_notices_that_were_missed_are_one_and_a_level_that_is_over_sends_none(
    review: Review, milestone: str, time: time_machine.Traveller
):
    makes(review.ada, OWNER, VERIFIERS, project=review.project, repeats=3)
    raises(review.ada, milestone, severity="critical")
    time.shift(50 * HOUR / 60)
    tell(review.ada, milestone)
    late = len(happened(review.ada, milestone, "escalation.reminded"))
    time.shift(timedelta(days=60))
    sweep()
    tell(review.ada, milestone)

    assert late == 1
    assert [len(happened(review.ada, milestone, f"escalation.{what}")) for what in ("reminded", "escalated")] == [1, 1]


def test_an_escalation_waits_for_whom_its_level_tells_and_then_for_whoever_sees_to_it(
    review: Review, milestone: str, time: time_machine.Traveller
):
    escalation = raises(review.ada, milestone, severity="critical")
    told(review, milestone)
    at_first = waiting(review.ben), waiting(review.ada)
    (entry,) = review.ben.get("/worklist").body["items"]
    time.shift(HOUR)
    tell(review.ada, milestone)
    told(review, milestone)
    then = waiting(review.ben), waiting(review.ada)
    asks(review.ben, escalation, "acknowledge")
    told(review, milestone)
    seen_to = waiting(review.ben), waiting(review.ada)
    asks(review.ben, escalation, "resolve")
    told(review, milestone)

    assert (entry["work_id"], entry["name"], entry["due_at"]) == (
        escalation.rpartition("/")[2],
        "technical",
        "2026-11-20T16:30:00.000Z",
    )
    assert at_first == seen_to == (["escalation"], [])
    assert then == ([], ["escalation"])
    assert waiting(review.ben) == waiting(review.ada) == []


def test_who_leaves_has_no_escalation_waiting(review: Review, milestone: str):
    makes(review.ada, VERIFIERS, project=review.project)
    raises(review.ada, milestone)
    told(review, milestone)
    cleo, dana, emil = review.verifiers
    before = [waiting(each) for each in (cleo, dana, emil)]
    review.ada.delete(f"{review.project}/members/{cleo.user_id}")
    told(review, milestone)
    follow(leaves(dana))

    assert before == [["escalation"]] * 3
    assert [waiting(each) for each in (cleo, dana, emil)] == [[], [], ["escalation"]]


def test_a_level_mails_its_people_once_for_each_notice(
    review: Review, milestone: str, time: time_machine.Traveller, sender: None, mailboxes: None
):
    by_mail = {**OWNER, "channels": ["email"]}
    makes(review.ada, by_mail, MANAGERS, project=review.project, repeats=1)
    raises(review.ada, milestone, severity="critical")
    told(review, milestone)
    first = [each.destinations for each in codes.sent()]
    time.shift(HOUR / 2)
    tell(review.ada, milestone)
    told(review, milestone)
    time.shift(HOUR / 2)
    tell(review.ada, milestone)
    told(review, milestone)

    assert ["ben@example.com" in str(each) for each in first] == [True]
    assert len(codes.sent()) == 2
    assert waiting(review.ben) == []


def test_a_notice_that_is_throttled_goes_out_with_the_next_try(
    review: Review, milestone: str, sender: None, mailboxes: None
):
    makes(review.ada, {**OWNER, "channels": ["email"]}, project=review.project)
    raises(review.ada, milestone)
    [raised] = happened(review.ada, milestone, "escalation.raised")
    with troubles.throttling("ses"):
        failed = consumers.handler(delivered([events.stored(raised)]), Context())
    assert len(failed["batchItemFailures"]) == 1
    assert codes.sent() == []
    told(review, milestone)

    assert len(codes.sent()) == 1
