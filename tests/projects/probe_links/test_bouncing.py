"""What SES says of the mail with a question, and how whoever has made the probe learns it."""

import json
from typing import Any

import pytest

from functions.projects.following import consumers
from shared.callers import mailboxes
from shared.storage import table
from shared.storage.writes import Put
from tests.aws import troubles
from tests.aws.entries import Context
from tests.aws.messages import batch
from tests.identity.codes import challenged as codes
from tests.projects.probe_links.mailed import MARY, read, replies, token, told
from tests.projects.probes.asking import QUESTION, makes
from tests.projects.team import Person


@pytest.fixture
def probe(ada: Person, milestone: str) -> str:
    """A probe of Ada's that has asked Mary."""
    place = mailboxes.key(ada.user_id)
    table.transact([Put({"PK": place.pk, "SK": place.sk, "entity": "User", "email": "ada@example.com"})])
    made = makes(ada, milestone, outside=MARY)
    runs(ada, milestone, made)
    return made


def runs(ada: Person, milestone: str, probe: str) -> str:
    """Have a probe ask now, and return the id of the link that was mailed."""
    assert ada.post(f"{probe}/run").status == 200
    told(ada, milestone)
    return link_id()


def link_id() -> str:
    return token().partition(".")[0]


def bounces(link: str, kind: str = "Permanent", subtype: str = "General") -> dict[str, Any]:
    about = [{"emailAddress": "mary@example.com"}]
    bounce = {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": about}
    return said(link, "Bounce", bounce={**bounce, "timestamp": "2026-11-20T12:00:00.000Z"})


def complains(link: str) -> dict[str, Any]:
    about = {"complainedRecipients": [{"emailAddress": "mary@example.com"}], "timestamp": "2026-11-20T12:00:00.000Z"}
    return said(link, "Complaint", complaint=about)


def said(label: str, kind: str, **more: Any) -> dict[str, Any]:
    """Have the consumer told by SES of an e-mail with this label; return what it answers."""
    sent = {"source": f"no-reply+projects.{label}@milepost.example", "destination": ["mary@example.com"]}
    return consumers.handler(batch([json.dumps({"notificationType": kind, "mail": sent, **more})]), Context())


def mails() -> int:
    return len(codes.sent())


def troubles_of(ada: Person, milestone: str) -> list[str]:
    items = ada.get(f"{milestone}/history", "limit=100").body["items"]
    return [each["event_type"] for each in items if "mail_" in each["event_type"]]


@pytest.mark.parametrize("bounce", [("Permanent", "General"), ("Transient", "MailboxFull")])
def test_whoever_made_a_probe_learns_that_its_mail_did_not_arrive(
    bounce: tuple[str, str], ada: Person, milestone: str, probe: str
):
    before = mails()
    answered = bounces(link_id(), *bounce)

    assert answered == {"batchItemFailures": []}
    assert (ada.get(probe).body["mail_trouble"], mails() - before) == ("bounced", 1)
    assert troubles_of(ada, milestone) == ["projects.probe.mail_bounced"]
    assert "ada@example.com" in str(codes.sent()[-1].destinations)
    assert "mary@example.com did not arrive" in read()
    assert QUESTION in read()


def test_a_complaint_is_told_as_one(ada: Person, milestone: str, probe: str):
    complains(link_id())

    assert ada.get(probe).body["mail_trouble"] == "complained"
    assert troubles_of(ada, milestone) == ["projects.probe.mail_complained"]


def test_what_comes_twice_is_told_once(ada: Person, milestone: str, probe: str):
    link, before = link_id(), mails()
    bounces(link)
    bounces(link)
    complains(link)

    assert (len(troubles_of(ada, milestone)), mails() - before) == (1, 1)


def test_a_bounce_that_may_be_an_automatic_answer_is_none(ada: Person, milestone: str, probe: str):
    bounces(link_id(), "Transient", "General")

    assert (ada.get(probe).body["mail_trouble"], troubles_of(ada, milestone)) == (None, [])


def test_what_waits_no_more_shows_nothing_and_nobody_is_told(ada: Person, milestone: str, probe: str):
    link, given, before = link_id(), token(), mails()
    assert replies(given).status == 200
    bounces(link)

    assert (ada.get(probe).body["mail_trouble"], troubles_of(ada, milestone), mails() - before) == (None, [], 0)


def test_the_next_question_begins_anew(ada: Person, milestone: str, probe: str):
    link, given = link_id(), token()
    bounces(link)
    replies(given)

    assert ada.get(probe).body["mail_trouble"] is None
    again = runs(ada, milestone, probe)
    bounces(again)
    assert again != link
    assert ada.get(probe).body["mail_trouble"] == "bounced"
    assert len(troubles_of(ada, milestone)) == 2


def test_it_is_told_with_the_next_try_if_the_notice_is_throttled(ada: Person, milestone: str, probe: str):
    link, before = link_id(), mails()
    with troubles.throttling("ses"):
        failed = bounces(link)
    assert (len(failed["batchItemFailures"]), mails() - before) == (1, 0)
    bounces(link)

    assert (mails() - before, len(troubles_of(ada, milestone))) == (1, 1)


def test_of_a_link_that_nobody_has_made_nothing_is_kept(ada: Person, milestone: str, probe: str):
    answered = bounces("pbl_01KAEY5R7C2N8V4X6Z9B1D3F5H")

    assert (answered, troubles_of(ada, milestone)) == ({"batchItemFailures": []}, [])


def test_neither_event_nor_history_has_the_address(ada: Person, milestone: str, probe: str):
    bounces(link_id())

    assert "mary@example.com" not in json.dumps(ada.get(f"{milestone}/history").body)


def test_the_history_tells_what_whoever_has_a_link_did(ada: Person, milestone: str, probe: str):
    assert replies(token()).status == 200
    told = ada.ask("projectMilestoneHistory", projectMilestoneId=milestone.rpartition("/")[2]).data["items"]

    assert [each["by"] for each in told if "answered" in each["eventType"]] == [{"kind": "anonymous", "id": None}]


def test_graphql_shows_it_too(ada: Person, milestone: str, probe: str):
    bounces(link_id())

    assert ada.ask("probe", probeId=probe.rpartition("/")[2]).data["mailTrouble"] == "bounced"
