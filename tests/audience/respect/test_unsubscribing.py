"""Somebody unsubscribes by a link: the page shows, a POST does it, and nothing brings them back but themselves."""

import base64
from html.parser import HTMLParser
from typing import Any

import pytest

from functions.audience import api, resolver
from functions.audience.leads import leads
from functions.audience.recipients import counters, recipients, send_ids
from functions.audience.respect import permission, suppressions
from functions.audience.respect.suppressions import Suppression
from functions.audience.settings import settings
from shared.storage import table
from shared.storage.attributes import Key
from tests.audience.following import happened
from tests.audience.people import Person
from tests.audience.respect.getting import EMAIL, FORM, ONE_CLICK, Sent, form, opens, posts, sent_to
from tests.aws.entries import call, http_event

TOPICS = {"topics": {"news": "Our newsletter", "offers": "Offers"}, "sender_name": "Analytical Engines"}


class Page(HTMLParser):
    """The tags of a page, each with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture
def lead(ada: Person) -> str:
    return str(ada.creates(emails=[EMAIL], consent={"email": "granted"})["lead_id"])


def found(ada: Person, sent: Sent, channel: str = "email") -> Suppression | None:
    return suppressions.find(ada.tenant_id, channel, [sent.digest]).get(sent.digest)


def test_opening_a_link_changes_nothing_however_often_a_scanner_does(ada: Person, lead: str):
    sent = sent_to(ada, lead)
    answers = [opens(sent.token, method=method) for method in ("GET", "HEAD", "GET")]

    assert [each.status for each in answers] == [200, 200, 200]
    assert found(ada, sent) is None
    assert ada.reads(lead)["version"] == 1


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (ONE_CLICK, FORM),
        ("", FORM),
        (None, "text/plain"),
        (
            '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n',
            "multipart/form-data",
        ),
        ("a=1&" * 200, FORM),
        ("x" * 20_000, FORM),
    ],
)
def test_a_post_without_cookies_suppresses_at_once(ada: Person, lead: str, body: str | None, media_type: str):
    sent = sent_to(ada, lead)
    answer = posts(sent.token, body, media_type=media_type)
    suppression = found(ada, sent)

    assert (answer.status, "no more of these messages" in answer.body) == (200, True)
    assert "set-cookie" not in {name.lower() for name in answer.headers}
    assert suppression is not None
    assert [*suppression.reasons] == ["unsubscribed"]


@pytest.mark.parametrize(
    "sent_as",
    [
        {"body": base64.b64encode(b"List-Unsubscribe=\xff\xfe").decode(), "isBase64Encoded": True},
        {"body": "no base64!", "isBase64Encoded": True},
        {"body": "List-Unsubscribe=\ufffd", "isBase64Encoded": False},
    ],
)
def test_a_post_suppresses_by_its_token_whatever_its_body_is(ada: Person, lead: str, sent_as: dict[str, Any]):
    sent = sent_to(ada, lead)
    event = http_event("POST", "/api/v1/unsubscribe", headers={"content-length": "18"}, query=f"token={sent.token}")
    answer = call(api.handler, resolver.api, event | sent_as)

    assert (answer.status, found(ada, sent) is None) == (200, False)


def test_topics_are_chosen_with_a_body_in_base64(ada: Person, lead: str):
    ada.patch("/audience/settings", TOPICS)
    sent = sent_to(ada, lead)
    body = base64.b64encode(form(choose=1, topic="news", note="").encode() + b"\xff").decode()
    event = http_event("POST", "/api/v1/unsubscribe", headers={"content-type": FORM}, query=f"token={sent.token}")
    call(api.handler, resolver.api, event | {"body": body, "isBase64Encoded": True})
    suppression = found(ada, sent)

    assert suppression is not None
    assert ([*suppression.topics], [*suppression.reasons]) == (["news"], [])


def test_the_person_unsubscribes_after_a_scanner_has_opened_their_link(ada: Person, lead: str):
    sent = sent_to(ada, lead)
    for method in ("GET", "HEAD", "GET"):
        opens(sent.token, method=method)
    before = found(ada, sent)
    posts(sent.token, form(all="1"))

    assert (before, found(ada, sent) is None) == (None, False)


def test_twice_is_once_and_the_lead_denies_the_same_with_evidence(ada: Person, lead: str):
    sent = sent_to(ada, lead)
    first, second = posts(sent.token), posts(sent.token)
    shown = ada.reads(lead)
    (recorded,) = [
        each for each in ada.get(f"/leads/{lead}/timeline").body["items"] if each["consent"]["state"] == "denied"
    ]
    told = [each.data for each in happened("audience.recipient.unsubscribed")]

    assert (first.status, second.status, first.body) == (200, 200, second.body)
    assert shown["version"] == 2
    assert (shown["consent"]["email"]["state"], shown["consent"]["email"]["source"]) == ("denied", "unsubscribe link")
    assert recorded["consent"]["subject"] == "email"
    assert told == [{"campaign_id": sent.campaign_id, "lead_id": lead, "channel": "email", "reason": None}]
    assert counters.totals(ada.tenant_id, sent.campaign_id) == {"sent": 1, "unsubscribed": 1}


def test_who_leaves_one_topic_after_the_other_is_one_who_has_unsubscribed(ada: Person, lead: str):
    ada.patch("/audience/settings", TOPICS)
    settings.forget()
    sent = sent_to(ada, lead, topic="news")
    for topics in (["news"], ["offers"]):
        posts(sent.token, form(choose="1", topic=topics))
    posts(sent.token, form(all="1"))
    row = recipients.get(ada.tenant_id, sent.campaign_id, lead)

    assert counters.totals(ada.tenant_id, sent.campaign_id) == {"sent": 1, "unsubscribed": 1}
    assert row is not None
    assert (row.status, row.unsubscribed_at is None) == ("sent", False)
    assert len(happened("audience.recipient.unsubscribed")) == 1


def test_a_message_about_a_topic_unsubscribes_from_the_topic(ada: Person, lead: str):
    sent = sent_to(ada, lead, topic="news")
    posts(sent.token)
    suppression, shown = found(ada, sent), leads.get(ada.tenant_id, lead)

    assert suppression is not None
    assert ([*suppression.reasons], [*suppression.topics]) == ([], ["news"])
    assert shown.consent["email/news"].state == "denied"
    refused = [
        permission.refusal(shown, "email", topic, "marketing", requires_consent=True, suppression=suppression)
        for topic in ("news", "offers", None)
    ]
    assert refused == ["suppressed", None, None]


def test_somebody_chooses_among_the_topics_of_the_tenant(ada: Person, lead: str):
    ada.patch("/audience/settings", TOPICS)
    settings.forget()
    sent = sent_to(ada, lead, topic="news")
    answer = posts(sent.token, form(choose="1", topic=["offers", "news", "unknown", "offers"]))
    suppression = found(ada, sent)

    assert "Offers, Our newsletter" in answer.body
    assert suppression is not None
    assert [*suppression.topics] == ["offers", "news"]


def test_choosing_nothing_changes_nothing_and_everything_is_the_channel(ada: Person, lead: str):
    sent = sent_to(ada, lead, topic="news")
    nothing = posts(sent.token, form(choose="1"))
    before = found(ada, sent)
    posts(sent.token, form(all="1", topic="news"))
    after = found(ada, sent)

    assert "nothing has changed" in nothing.body
    assert before is None
    assert after is not None
    assert [*after.reasons] == ["unsubscribed"]


def test_it_works_after_the_campaign_and_the_lead_are_gone(ada: Person, lead: str):
    sent = sent_to(ada, lead, topic="news")
    table.delete_many([_label(sent)])
    ada.delete(f"/leads/{lead}")

    assert posts(sent.token).status == 200
    assert found(ada, sent) is not None
    assert happened("audience.recipient.unsubscribed") == []


def _label(sent: Sent) -> Key:
    return send_ids.key(sent.label)


def test_somebody_who_has_the_address_no_longer_keeps_their_consent(ada: Person, lead: str):
    sent = sent_to(ada, lead)
    ada.patch(f"/leads/{lead}", {"emails": ["another@example.org"]})
    posts(sent.token)

    assert ada.reads(lead)["consent"]["email"]["state"] == "granted"
    assert found(ada, sent) is not None


def test_the_lead_that_another_was_merged_into_denies(ada: Person, lead: str):
    sent = sent_to(ada, lead)
    stays = ada.creates(external_id="stays")["lead_id"]
    ada.post(f"/leads/{stays}/merge", {"lead_id": lead})
    posts(sent.token)

    assert ada.reads(stays)["consent"]["email"]["state"] == "denied"


def test_a_number_unsubscribes_from_sms(ada: Person):
    lead = ada.creates(phones=["+442079460958"])["lead_id"]
    sent = sent_to(ada, lead, channel="sms", to="+442079460958")
    posts(sent.token)

    assert found(ada, sent, "sms") is not None
    assert ada.reads(lead)["consent"]["sms"]["state"] == "denied"


def test_nothing_imported_or_merged_afterwards_brings_them_back(ada: Person, lead: str):
    sent = sent_to(ada, lead)
    posts(sent.token)
    ada.imports({"emails": [EMAIL], "consent": {"email": "granted"}})
    other = ada.creates(external_id="other", consent={"email": "granted"})["lead_id"]
    ada.post(f"/leads/{other}/merge", {"lead_id": lead})
    ada.delete(f"/leads/{other}")
    ada.imports({"emails": [EMAIL], "consent": {"email": "granted"}})

    assert found(ada, sent) is not None


@pytest.mark.parametrize("page", ["unsubscribe", "opt-in"])
def test_a_link_that_is_none_is_said_to_be_none(ada: Person, lead: str, page: str):
    shown, *refused = opens("nonsense", page=page), posts("nonsense", page=page), posts("A" * 120, page=page)

    assert (shown.status, "This link does not work" in shown.body) == (200, True)
    assert [(each.status, each.code) for each in refused] == [(404, "MessageLinkNotFound")] * 2
    assert opens("x" * 300, page=page).status == 422


def test_the_page_is_in_the_tenants_language_and_names_sender_and_topics(ada: Person, lead: str):
    ada.patch("/audience/settings", TOPICS | {"language": "de-AT"})
    settings.forget()
    answer = opens(sent_to(ada, lead, topic="offers").token)
    page = Page(answer.body)
    boxes = {each["value"]: "checked" in each for tag, each in page.tags if tag == "input"}

    assert answer.headers["Content-Language"] == "de"
    assert "von Analytical Engines nicht mehr" in answer.body
    assert ("html", {"lang": "de"}) in page.tags
    assert boxes == {"news": False, "offers": True}


def test_what_a_tenant_calls_a_topic_is_text(ada: Person, lead: str):
    ada.patch("/audience/settings", {"topics": {"news": "<script>alert(1)</script>"}, "sender_name": '"><img src=x>'})
    settings.forget()
    page = Page(opens(sent_to(ada, lead).token).body)

    assert {tag for tag, _ in page.tags} & {"script", "img"} == set()


def test_the_pages_have_no_scripts_load_nothing_and_are_kept_by_nobody(ada: Person, lead: str):
    answer = opens(sent_to(ada, lead).token)
    page = Page(answer.body)

    assert not [
        each for tag, each in page.tags if tag in {"script", "link", "img", "iframe"} or {"src", "style"} & {*each}
    ]
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    assert "form-action 'self'" in policy
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    assert EMAIL not in answer.body
