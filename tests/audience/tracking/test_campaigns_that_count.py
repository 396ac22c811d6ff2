"""A campaign that counts opens and clicks: off by default, in HTML only, by the links that it was prepared with."""

import re
from html import unescape
from typing import Any, Final
from urllib.parse import urlsplit

import pytest

from functions.audience.tracking import tokens
from tests.audience.campaigns.conftest import campaigning, scripted
from tests.audience.campaigns.staging import Stage, has_campaign, has_leads, has_provider, sender, starts, totals
from tests.audience.people import Person
from tests.audience.receipts.telling import Post
from tests.audience.tracking.reading import gets

__all__ = ["campaigning", "scripted"]

SHOP: Final = "https://shop.example/spring?a=1&b=2"
HTML: Final = (
    '<html><body><p>Hello {{ name }}</p><a href="https://shop.example/spring?a=1&amp;b=2">Shop</a>'
    '<a href="{{ unsubscribe_url }}">Leave</a><a href="https://shop.example/{{ name }}">Yours</a></body></html>'
)
HREF: Final = re.compile(r'href="([^"]*)"')
PICTURE: Final = re.compile(r'<img src="([^"]*)" width="1" height="1" alt="">')


def sent(ada: Person, campaigning: Stage, **fields: Any) -> tuple[str, list[dict[str, Any]]]:
    has_leads(ada, 3)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, html_template=HTML, **fields)
    starts(ada, campaign_id)
    campaigning.run()
    return campaign_id, campaigning.provider.calls


def token_of(url: str) -> str:
    return urlsplit(unescape(url)).query.removeprefix("token=")


def test_nothing_is_counted_unless_it_is_asked_for(ada: Person, campaigning: Stage) -> None:
    _, calls = sent(ada, campaigning)

    assert [HREF.findall(each["html"])[0] for each in calls] == ["https://shop.example/spring?a=1&amp;b=2"] * 3
    assert not any(PICTURE.search(each["html"]) for each in calls)


def test_readers_are_counted_by_the_links_and_pictures_of_their_messages(
    ada: Person, campaigning: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Post(monkeypatch)
    campaign_id, calls = sent(ada, campaigning, track_opens=True, track_clicks=True)
    assert campaigning.time is not None
    campaigning.time.shift(60)
    links = [HREF.findall(each["html"]) for each in calls]
    answer = gets(tokens.CLICKS, token_of(links[0][0]))
    found = PICTURE.search(calls[1]["html"])
    assert found is not None
    gets(tokens.OPENS, token_of(found[1]))
    post.brings()

    assert (answer.status, answer.headers["Location"]) == (302, SHOP)
    assert totals(campaign_id) == {"sent": 1, "opened": 1, "clicked": 1}
    assert ["unsubscribe" in each[1] for each in links] == [True] * 3
    assert [each[2].startswith("https://shop.example/Person") for each in links] == [True] * 3
    assert "clicks" not in calls[0]["text"]
    stats = ada.get(f"/campaigns/{campaign_id}/stats").body
    assert (stats["machine_opened"], stats["machine_clicked"]) == (0, 0)


def test_opens_alone_leave_the_links(ada: Person, campaigning: Stage) -> None:
    _, calls = sent(ada, campaigning, track_opens=True)

    assert HREF.findall(calls[0]["html"])[0] == "https://shop.example/spring?a=1&amp;b=2"
    assert PICTURE.search(calls[0]["html"])


def test_a_recount_finds_what_was_counted(ada: Person, campaigning: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    post = Post(monkeypatch)
    campaign_id, calls = sent(ada, campaigning, track_clicks=True)
    gets(tokens.CLICKS, token_of(HREF.findall(calls[0]["html"])[0]), method="HEAD")
    post.brings()
    answer = sender(ada).post(f"/campaigns/{campaign_id}/recount", {})

    assert totals(campaign_id) == {"sent": 3, "machine_clicked": 1}
    assert answer.body["differences"] == []


@pytest.mark.parametrize("field", ["track_opens", "track_clicks"])
def test_what_has_no_html_cannot_count(ada: Person, campaigning: Stage, field: str) -> None:
    segment_id = ada.post("/segments", {"name": "Known", "rule_ast": {"op": "AND", "children": []}}).body["segment_id"]
    draft = {"name": "x", "segment_id": segment_id, "channel": "email", "purpose": "marketing", "subject": "x"}
    answer = sender(ada).post("/campaigns", {**draft, "message_template": "x", field: True})

    assert (answer.status, answer.body["errors"][0]["field"]) == (422, field)


def test_html_cannot_be_taken_away_from_a_campaign_that_counts(ada: Person, campaigning: Stage) -> None:
    campaign_id = has_campaign(ada, html_template=HTML, track_opens=True)
    refused = sender(ada).rest("PATCH", f"/campaigns/{campaign_id}", {"html_template": None})
    taken = sender(ada).rest("PATCH", f"/campaigns/{campaign_id}", {"html_template": None, "track_opens": False})

    assert (refused.status, refused.body["errors"][0]["field"]) == (422, "track_opens")
    assert (taken.status, taken.body["track_opens"]) == (200, False)
