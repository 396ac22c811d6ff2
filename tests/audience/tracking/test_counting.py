"""What readers and programs do with a message: forwarded, shown, and counted apart, each once."""

import base64
from collections.abc import Callable
from typing import Any

import pytest

from functions.audience import api
from functions.audience.recipients import counters, recipients
from functions.audience.tracking import tokens
from functions.audience.tracking.tokens import Token
from shared.storage import table
from tests.audience.following import happened
from tests.audience.people import Person
from tests.audience.receipts.telling import Post
from tests.audience.tracking.reading import ADDRESSES, BROWSER, gets, sent_to, written
from tests.aws import hooks
from tests.aws.entries import Context, http_event

MINUTE = "2026-11-20T12:01:00.000Z"


@pytest.fixture
def post(monkeypatch: pytest.MonkeyPatch) -> Post:
    return Post(monkeypatch)


@pytest.fixture
def token(ada: Person, time: Any) -> Token:
    """A message that was sent a minute ago."""
    found = sent_to(ada, str(ada.creates(emails=["grace@example.org"])["lead_id"]))
    time.shift(60)
    return found


def row(token: Token) -> Any:
    return recipients.get(token.tenant_id, token.campaign_id, token.lead_id)


def totals(token: Token) -> Any:
    return counters.totals(token.tenant_id, token.campaign_id)


def test_a_picture_that_is_shown_counts_as_opened_once(token: Token, post: Post):
    for _ in range(3):
        answer = gets(tokens.OPENS, written(token))
        assert (answer.status, answer.headers["Content-Type"]) == (200, "image/gif")
        assert answer.headers["Cache-Control"] == "no-store"
    post.brings()

    assert totals(token) == {"opened": 1}
    assert (row(token).status, row(token).opened_at) == ("opened", MINUTE)


def test_the_picture_is_a_gif_of_one_pixel(token: Token, post: Post):
    event = http_event("GET", tokens.OPENS, headers={"user-agent": BROWSER}, query=f"token={written(token)}")
    answer = api.handler(event, Context())
    content = base64.b64decode(answer["body"])

    assert answer["isBase64Encoded"] is True
    assert content[:6] == b"GIF89a"
    assert content[6:10] == b"\x01\x00\x01\x00"


def test_a_link_leads_to_where_the_campaign_wrote_it_and_counts_as_clicked(token: Token, post: Post):
    answers = [gets(tokens.CLICKS, written(token, kind="click", index=index)) for index in (0, 1, 0)]
    post.brings()

    assert [(each.status, each.headers["Location"]) for each in answers] == [
        (302, ADDRESSES[0]),
        (302, ADDRESSES[1]),
        (302, ADDRESSES[0]),
    ]
    assert totals(token) == {"clicked": 1}
    assert row(token).opened_at == row(token).clicked_at == MINUTE


@pytest.mark.parametrize("index", [2, 65_535])
def test_a_place_that_the_campaign_has_not_leads_nowhere(token: Token, post: Post, index: int):
    answer = gets(tokens.CLICKS, written(token, kind="click", index=index))

    assert (answer.status, "Location" in answer.headers) == (200, False)
    assert "no such link" in answer.body.lower() or "<h1>" in answer.body
    assert post.waiting == []


def test_no_parameter_of_the_address_changes_where_a_link_leads(token: Token, post: Post):
    answer = gets(tokens.CLICKS, written(token, kind="click"), query="&url=https://evil.example/&utm_source=x")

    assert answer.headers["Location"] == ADDRESSES[0]


@pytest.mark.parametrize("path", [tokens.OPENS, tokens.CLICKS])
def test_a_token_that_is_none_counts_nothing_and_breaks_nothing(token: Token, post: Post, path: str):
    answer = gets(path, written(token)[:-2] + "AA" if path == tokens.CLICKS else "nothing")

    assert answer.status == 200
    assert post.waiting == []


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(("kind", "path"), [("open", tokens.OPENS), ("click", tokens.CLICKS)])
def test_what_programs_do_is_counted_apart_once_and_told_to_nobody(
    ada: Person, token: Token, post: Post, kind: Any, path: str, method: str
):
    for _ in range(2):
        assert gets(path, written(token, kind=kind), method=method, user_agent="python-requests/2").status < 400
    post.brings()

    assert totals(token) == {"sent": 1, f"machine_{'opened' if kind == 'open' else 'clicked'}": 1}
    assert row(token).status == "sent"
    assert happened("audience.recipient.machine_opened", "audience.recipient.machine_clicked") == []


def test_who_reads_after_a_program_has_looked_is_counted(token: Token, post: Post):
    gets(tokens.CLICKS, written(token, kind="click"), method="HEAD")
    gets(tokens.CLICKS, written(token, kind="click"))
    post.brings()

    assert totals(token) == {"clicked": 1, "machine_clicked": 1}


@pytest.mark.usefixtures("time")
def test_nobody_has_read_what_was_sent_a_moment_ago(ada: Person, post: Post):
    token = sent_to(ada, str(ada.creates(emails=["grace@example.org"])["lead_id"]), status="sending")
    gets(tokens.CLICKS, written(token, kind="click"))
    post.brings()

    assert totals(token) == {"machine_clicked": 1}


def test_a_message_that_nobody_sent_is_not_counted(token: Token, post: Post):
    table.delete_many([recipients.key(token.tenant_id, token.campaign_id, token.lead_id)])
    gets(tokens.OPENS, written(token))
    post.brings()

    assert totals(token) == {"sent": 1}


def test_what_bounced_is_not_opened(ada: Person, time: Any, post: Post):
    token = sent_to(ada, str(ada.creates(emails=["grace@example.org"])["lead_id"]), status="bounced")
    time.shift(60)
    gets(tokens.OPENS, written(token))
    post.brings()

    assert totals(token) == {"bounced": 1}


def test_a_reader_gets_where_a_link_leads_though_nothing_can_be_counted(token: Token, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("RECEIPTS_QUEUE_URL", "https://sqs.eu-west-1.amazonaws.com/123456789012/receipts")
    refused: Callable[..., Any] = lambda **_: {"Successful": [], "Failed": [{"Id": "0"}]}  # noqa: E731
    hooks.register("before-call.sqs.SendMessageBatch", refused)
    answer = gets(tokens.CLICKS, written(token, kind="click"))

    assert (answer.status, answer.headers["Location"]) == (302, ADDRESSES[0])
