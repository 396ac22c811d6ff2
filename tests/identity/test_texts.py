"""Texts: to whom they are sent, how many, and what is said when they are not; each of them costs money."""

import pytest
from botocore.stub import Stubber

from functions.identity.codes import sent_texts
from functions.identity.profile import phones
from shared import clock
from shared.callers import auth
from shared.sending import sns
from tests.identity.codes.challenged import GENERATE, challenged, sent
from tests.identity.codes.guesses import outcomes
from tests.identity.people import Person, SignedIn
from tests.identity.profile.phones import MASKED, NUMBER, OTHER_NUMBER, PHONE, channel, confirmed, texted, wants


@pytest.fixture
def here(noon, ada: Person) -> SignedIn:
    return ada.signs_in()


def test_a_text_goes_out_before_what_can_wait_and_in_the_name_of_the_stage(here: SignedIn):
    published: list[dict] = []
    hooks = sns.client().meta.events
    hooks.register("provide-client-params.sns.Publish", lambda params, **_: published.append(params))
    wants(here)

    (told,) = ({name: each["StringValue"] for name, each in one["MessageAttributes"].items()} for one in published)
    assert told == {"AWS.SNS.SMS.SMSType": "Transactional", "AWS.SNS.SMS.SenderID": "Milepost"}


def test_five_texts_are_sent_in_a_day_whatever_for(here: SignedIn, noon):
    confirmed(here)
    asked = [here.post(GENERATE, {"username": here.person.email}).status for _ in range(2)]
    noon.shift(600)
    here = here.person.signs_in()
    asked += [wants(here, OTHER_NUMBER).status for _ in range(2)]
    sixth = [wants(here), here.post(GENERATE, {"username": here.person.email})]
    noon.shift(86400 - 600)
    here = here.person.signs_in()
    after_a_day = here.post(GENERATE, {"username": here.person.email})

    assert asked == [202] * 4
    assert [(each.status, each.code, each.headers["Retry-After"]) for each in sixth] == [
        (429, "TooManyChallenges", str(86400 - 600))
    ] * 2
    assert after_a_day.status == 202
    assert len(texted()) == 6


def test_removing_a_number_gives_no_more_texts(here: SignedIn):
    for _ in range(sent_texts.MAX_A_DAY):
        confirmed(here)
        here.delete(PHONE)

    assert wants(here).code == "TooManyChallenges"


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_wishes_at_once_five_are_sent(here: SignedIn):
    caller, now = auth.from_token(here.access_token), clock.now()
    found = outcomes(32, lambda: phones.change(caller, NUMBER, now=now))

    assert (found.count("verified"), found.count("TooManyChallenges"), len(texted())) == (5, 27, 5)


def test_a_number_in_a_country_that_the_stage_does_not_allow_is_sent_nothing(here: SignedIn):
    answer = wants(here, "+447911123456")

    assert (answer.status, answer.code) == (422, "NoTextSent")
    assert texted() == []


def test_a_stage_that_allows_no_country_sends_no_text(here: SignedIn, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("SMS_COUNTRIES", "")

    assert wants(here).code == "NoTextSent"


def test_a_country_that_is_allowed_no_more_has_its_codes_by_e_mail(here: SignedIn, monkeypatch: pytest.MonkeyPatch):
    confirmed(here)
    monkeypatch.setenv("SMS_COUNTRIES", "+1")
    challenged(here)

    assert channel(here) == (MASKED, "email")
    assert (len(texted()), len(sent())) == (1, 1)


def test_who_has_a_number_needs_no_mail(here: SignedIn, monkeypatch: pytest.MonkeyPatch):
    confirmed(here)
    monkeypatch.setenv("MAIL_SENDER", "")

    answers = [here.post(GENERATE, {"username": name}) for name in (here.person.email, "nobody@example.com")]

    assert [answer.status for answer in answers] == [202, 202]
    assert len(texted()) == 2


@pytest.mark.parametrize("username", ["bob@example.com", "nobody@example.com", "not an address"])
def test_other_names_are_answered_alike_and_nobody_is_sent_a_text(here: SignedIn, username: str):
    bob = here.person.invites("bob", "member").signs_in()
    confirmed(bob, OTHER_NUMBER)
    confirmed(here)
    mine = here.post(GENERATE, {"username": here.person.email})
    other = here.post(GENERATE, {"username": username})

    assert (other.status, set(other.body), other.headers) == (202, set(mine.body), mine.headers)
    assert [text.number for text in texted()] == [OTHER_NUMBER, NUMBER, NUMBER]


@pytest.mark.parametrize(
    ("error", "expected"),
    [("InvalidParameter", (422, "NoTextSent")), ("Throttling", (503, "Unavailable"))],
)
def test_a_text_that_is_not_sent_is_said_to_be_so(here: SignedIn, error: str, expected: tuple[int, str], caplog):
    with Stubber(sns.client()) as network:
        for _ in range(2):
            network.add_client_error("publish", error)
        answer = wants(here)

    assert (answer.status, answer.code) == expected
    assert NUMBER not in caplog.text
