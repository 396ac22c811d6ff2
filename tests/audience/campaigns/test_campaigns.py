"""Campaigns over REST: written, checked, scheduled, started, looked at."""

from typing import Any

import pytest

from shared import clock, ids
from tests.audience.campaigns.staging import (
    CHUNKS,
    DRAFT,
    EVERYBODY,
    SENDER,
    Stage,
    Waiting,
    has_campaign,
    has_leads,
    has_provider,
    has_segment,
    puts,
    sender,
    starts,
    stored,
)
from tests.audience.people import Person
from tests.audience.respect.getting import opens, posts

ALL = {"op": "AND", "children": []}


def sweeps(stage: Stage) -> None:
    stage.sweep()
    stage.step_until_idle()


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"message_template": "Hello {{ nobody }}"}, "message_template"),
        ({"message_template": "Hello {{ name"}, "message_template"),
        ({"subject": None}, "subject"),
        ({"chunk_size": 201}, "chunk_size"),
        ({"rate_per_minute": 0}, "rate_per_minute"),
        ({"channel": "fax"}, "channel"),
        ({"status": "running"}, "status"),
        ({"channel": "whatsapp", "subject": None}, "template_name"),
        ({"test_recipients": ["ada@example.org", "+442079460958"]}, "test_recipients.1"),
        ({"channel": "sms", "subject": None, "test_recipients": ["ada@example.org"]}, "test_recipients.0"),
        ({"channel": "webhook", "subject": None, "test_recipients": ["a\nb"]}, "test_recipients.0"),
    ],
)
def test_a_draft_that_cannot_be_sent_is_refused(ada: Person, fields: dict[str, Any], field: str) -> None:
    draft = {**DRAFT, "segment_id": has_segment(ada), **fields}
    refused = sender(ada).post("/campaigns", {name: value for name, value in draft.items() if value is not None})

    assert refused.status == 422
    assert refused.fields == [field]


def test_who_may_not_send_makes_and_starts_no_campaign(ada: Person, campaigning: Stage) -> None:
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    member = ada.holding("audience:read")
    put = member.rest("PUT", f"/campaigns/{campaign_id}/status", {"status": "running"})
    made = member.post("/campaigns", DRAFT)

    assert [each.status for each in (put, made)] == [403, 403]
    assert member.get(f"/campaigns/{campaign_id}").status == 200


def test_a_transactional_campaign_takes_an_admin(ada: Person) -> None:
    draft = {**DRAFT, "segment_id": has_segment(ada)}
    refused = ada.holding("audience:read audience:send").post("/campaigns", draft)

    assert (refused.status, refused.code) == (403, "PurposeNotAllowed")


def test_nobody_sees_the_campaign_of_another_tenant(ada: Person, eve: Person) -> None:
    campaign_id = has_campaign(ada)
    path = f"/campaigns/{campaign_id}"
    stranger = eve.holding(SENDER)
    answers = [stranger.get(f"{path}{each}").status for each in ("", "/stats")]
    answers += [stranger.get(f"{path}/logs", "status=failed").status, stranger.patch(path, {"name": "x"}).status]
    answers += [stranger.post(f"{path}/{each}", {} if each == "recount" else None).status for each in ("recount",)]
    answers += [puts(eve, campaign_id, "running").status, stranger.delete(path).status]

    assert set(answers) == {404}
    assert eve.post("/campaigns", {**DRAFT, "segment_id": stored(ada, campaign_id).segment_id}).status in (403, 404)


def test_a_segment_of_everybody_is_to_be_confirmed(ada: Person, campaigning: Stage) -> None:
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, segment_id=has_segment(ada, ALL))
    refused = puts(ada, campaign_id, "running")

    assert (refused.status, refused.code) == (422, "EverybodyNotConfirmed")
    assert puts(ada, campaign_id, "running", confirm_all="yes").fields == ["confirm_all"]
    assert puts(ada, campaign_id, "running", confirm_all=True).body["status"] == "preparing"


def test_without_a_provider_nothing_starts(ada: Person) -> None:
    refused = puts(ada, has_campaign(ada), "running")

    assert (refused.status, refused.code) == (422, "ProviderMissing")


def test_marketing_mail_says_who_writes_and_how_to_get_no_more_of_it(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, purpose="marketing")
    refused = puts(ada, campaign_id, "running")
    assert (refused.status, refused.code) == (422, "MarketingIncomplete")
    assert set(refused.fields) == {"postal_address", "message_template"}

    ada.rest("PATCH", "/audience/settings", {"postal_address": "1 Analytical Row, London"})
    template = {"message_template": "Hello! {{ postal_address }} {{ unsubscribe_url }}"}
    assert sender(ada).patch(f"/campaigns/{campaign_id}", template).status == 200
    starts(ada, campaign_id)
    campaigning.run()
    (sent,) = campaigning.provider.calls
    assert "1 Analytical Row, London" in sent["text"]
    assert sent["headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["headers"]["List-Unsubscribe"].strip("<>") in sent["text"]


def test_a_scheduled_campaign_starts_at_its_time(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 2)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, scheduled_at=clock.to_rfc3339(clock.now() + 3600 * clock.SECOND))
    assert puts(ada, campaign_id, "scheduled").status == 200
    sweeps(campaigning)
    assert stored(ada, campaign_id).status == "scheduled"

    campaigning.time.shift(3601)
    sweeps(campaigning)
    assert stored(ada, campaign_id).status == "completed"
    assert len(campaigning.provider.calls) == 2


def test_more_than_6_hours_late_it_has_failed_and_nothing_is_sent(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 2)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, scheduled_at=clock.to_rfc3339(clock.now() + 60 * clock.SECOND))
    puts(ada, campaign_id, "scheduled")
    campaigning.time.shift(60 + 6 * 3600 + 1)
    sweeps(campaigning)

    assert (stored(ada, campaign_id).status, stored(ada, campaign_id).reason) == ("failed", "too_late")
    assert campaigning.provider.calls == []


def test_what_was_started_is_neither_changed_nor_deleted_but_for_its_rate(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    changed = sender(ada).patch(f"/campaigns/{campaign_id}", {"name": "Autumn"})
    deleted = sender(ada).delete(f"/campaigns/{campaign_id}")

    assert [changed.code, deleted.code] == ["CampaignNotEditable"] * 2
    assert sender(ada).patch(f"/campaigns/{campaign_id}", {"rate_per_minute": 60}).body["rate_per_minute"] == 60


def test_states_add_up_and_logs_show_who_is_to_be_looked_at(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 12)
    has_provider(ada, campaigning.provider.url)
    for number in range(5):
        campaigning.provider.answers[f"person-{number:05}@example.org"] = ["refused"]
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    campaigning.run()
    stats = ada.get(f"/campaigns/{campaign_id}/stats").body
    first = ada.get(f"/campaigns/{campaign_id}/logs", "status=failed&limit=3").body
    second = ada.get(f"/campaigns/{campaign_id}/logs", f"status=failed&limit=3&cursor={first['next_cursor']}").body
    foreign = ada.get(f"/campaigns/{campaign_id}/logs", f"status=unknown&cursor={first['next_cursor']}")

    assert (stats["audience"], sum(stats["counts"].values())) == (12, 12)
    assert (stats["counts"]["failed"], stats["funnel"]["sent"]) == (5, 7)
    assert [len(first["items"]), len(second["items"]), second["next_cursor"]] == [3, 2, None]
    assert len({each["lead_id"] for each in first["items"] + second["items"]}) == 5
    assert foreign.status == 400
    assert ada.post(f"/campaigns/{campaign_id}/recount", {"repair": True}).body["differences"] == []


def test_a_campaign_is_previewed_and_tried(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 5)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, test_recipients=["ada@example.org"])
    preview = sender(ada).post(f"/campaigns/{campaign_id}/preview").body["items"]
    tried = sender(ada).post(f"/campaigns/{campaign_id}/test").body["results"]

    assert len({each["text"] for each in preview} & {f"Hello Person {number}!" for number in range(5)}) == 3
    assert tried == [{"to": "ada@example.org", "variant": None, "outcome": "accepted", "reason": None}]
    assert [each["to"] for each in campaigning.provider.calls] == ["ada@example.org"]


def test_the_link_in_a_preview_unsubscribes_nobody(ada: Person, campaigning: Stage) -> None:
    (lead_id,) = has_leads(ada, 1)
    has_provider(ada, campaigning.provider.url)
    template = {"message_template": "{{ unsubscribe_url }}", "test_recipients": ["ada@example.org"]}
    campaign_id = has_campaign(ada, **template)
    (previewed,) = sender(ada).post(f"/campaigns/{campaign_id}/preview").body["items"]
    sender(ada).post(f"/campaigns/{campaign_id}/test")
    (tried,) = campaigning.provider.calls
    token = previewed["text"].partition("?token=")[2]

    assert len(previewed["text"]) == len(tried["text"])
    assert posts(token).code == "MessageLinkNotFound"
    assert "<form" not in opens(token).body
    assert ada.reads(lead_id)["version"] == 1
    assert ada.get("/suppressions").body["items"] == []
    assert posts(tried["text"].partition("?token=")[2]).status == 200


def test_a_campaign_of_nobody_is_completed(ada: Person, campaigning: Stage) -> None:
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, segment_id=has_segment(ada, EVERYBODY))
    starts(ada, campaign_id)
    campaigning.run()

    assert (stored(ada, campaign_id).status, stored(ada, campaign_id).audience) == ("completed", 0)


def test_an_audience_that_is_larger_than_was_expected_is_not_written_to(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 3)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada, max_audience=2)
    starts(ada, campaign_id)
    campaigning.run()

    assert stored(ada, campaign_id).reason == "audience_too_large"
    assert campaigning.provider.calls == []


def test_a_campaign_in_which_most_messages_fail_pauses(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 130)
    has_provider(ada, campaigning.provider.url)
    campaigning.provider.otherwise = "refused"
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    campaigning.run()

    assert (stored(ada, campaign_id).status, stored(ada, campaign_id).reason) == ("paused", "too_many_errors")
    assert 100 <= len(campaigning.provider.calls) <= 120


def test_a_message_on_the_queue_that_nobody_can_read_is_left_to_the_dead_letters(campaigning: Stage) -> None:
    for body in ("{}", '{"tenant_id": 1}', "[]", f'{{"campaign_id": "{ids.new("goal")}"}}'):
        assert campaigning.bring(Waiting(0, CHUNKS, body, "x"))


@pytest.mark.parametrize("field", ["name", "segment_id", "message_template", "test_recipients"])
def test_what_every_campaign_has_is_not_taken_away(ada: Person, field: str) -> None:
    campaign_id = has_campaign(ada)

    answer = sender(ada).patch(f"/campaigns/{campaign_id}", {field: None})

    assert (answer.status, answer.fields) == (422, [field])
