"""What becomes of mailed codes: a mailbox that is not there ends them for a day, and nothing else does."""

import pytest

from tests.identity.codes.challenged import GENERATE, challenged, mailed_code, sent, verify
from tests.identity.codes.feedback import bounced, complained, handled
from tests.identity.people import Person, SignedIn
from tests.identity.profile.phones import confirmed, texted

HEARD: dict[str, list[object]] = {"batchItemFailures": []}


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def wants_code(here: SignedIn) -> tuple[int, str | None]:
    answer = here.post(GENERATE, {"username": here.person.email})
    return answer.status, answer.body.get("code")


def test_an_address_without_a_mailbox_is_mailed_no_code_for_a_day(here: SignedIn, noon):
    challenged(here)
    told = handled(bounced())
    at_once = wants_code(here)
    noon.shift(86400 - 1)
    before = wants_code(here.person.signs_in())
    noon.shift(1)
    after = wants_code(here.person.signs_in())

    assert told == HEARD
    assert (at_once, before, after[0]) == ((422, "NoMailSent"), (422, "NoMailSent"), 202)
    assert len(sent()) == 2


@pytest.mark.parametrize(
    ("kind", "subtype"),
    [
        ("Transient", "General"),
        ("Transient", "MailboxFull"),
        ("Undetermined", "Undetermined"),
        ("Permanent", "Suppressed"),
        ("Permanent", "OnAccountSuppressionList"),
        ("Permanent", "ContentRejected"),
    ],
)
def test_a_bounce_that_says_nothing_of_the_mailbox_stops_no_code(here: SignedIn, kind: str, subtype: str):
    challenged(here)

    assert handled(bounced(kind, subtype)) == HEARD
    assert wants_code(here)[0] == 202


def test_a_complaint_stops_no_code(here: SignedIn):
    challenged(here)

    assert handled(complained()) == HEARD
    assert wants_code(here)[0] == 202


def test_a_mailbox_that_somebody_forwards_to_is_not_theirs(here: SignedIn):
    challenged(here)

    assert handled(bounced(whose="elsewhere@example.org")) == HEARD
    assert wants_code(here)[0] == 202


def test_a_bounce_is_of_one_address(here: SignedIn):
    bob = here.person.invites("bob", "member").signs_in()
    challenged(here)
    handled(bounced())

    assert wants_code(here)[0] == 422
    assert wants_code(bob)[0] == 202


def test_who_has_a_number_is_sent_codes_there_whatever_bounced(here: SignedIn):
    challenged(here)
    handled(bounced())
    confirmed(here)

    assert wants_code(here)[0] == 202
    assert len(texted()) == 2


def test_a_code_that_came_before_the_bounce_is_good(here: SignedIn):
    challenged(here)
    code = mailed_code()
    handled(bounced())

    assert verify(here, code).status == 200


def test_a_bounce_that_comes_twice_or_after_a_newer_one_changes_nothing(here: SignedIn, noon):
    challenged(here)
    newer, older = bounced(at="2026-11-20T12:00:10.000Z"), bounced(at="2026-11-20T11:00:00.000Z")
    told = [handled(newer), handled(newer, older)]
    noon.shift(86400 + 9)

    assert told == [HEARD, HEARD]
    assert wants_code(here.person.signs_in())[0] == 422


def test_a_bounce_of_yesterday_stops_nothing(here: SignedIn):
    challenged(here)
    handled(bounced(at="2026-11-19T11:59:59.000Z"))

    assert wants_code(here)[0] == 202


def test_others_are_answered_as_if_it_were_them(here: SignedIn):
    challenged(here)
    handled(bounced())
    answers = [here.post(GENERATE, {"username": name}) for name in (here.person.email, "nobody@example.com")]

    assert [(answer.status, answer.code) for answer in answers] == [(422, "NoMailSent")] * 2


@pytest.mark.parametrize(
    "body",
    [
        "",
        "[" * 100_000,
        "[]",
        "{}",
        '{"notificationType": "Bounce"}',
        '{"mail": {"source": "no-reply@milepost.example"}}',
        '{"mail": {"source": 5}}',
        '{"mail": {"source": null}}',
        '{"mail": ["source"]}',
    ],
)
def test_what_nobody_can_read_comes_again_and_holds_up_no_other(here: SignedIn, body: str):
    challenged(here)
    told = handled(body, bounced())

    assert told == {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert wants_code(here)[0] == 422
