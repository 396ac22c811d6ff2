"""Everything that can be asked of an audience, asked once."""

import itertools
from collections.abc import Callable
from typing import Any

import boto3
import pytest

from functions.audience.activity import contacts
from functions.audience.campaigns import consumers as campaign_consumers
from functions.audience.delivery import providers, uses, vendor_messages
from functions.audience.delivery.messages import Message
from functions.audience.files import sweeping
from functions.audience.imports import imports
from functions.audience.leads import leads, mergers
from functions.audience.querying import consumers, watching
from functions.audience.receipts import parking
from functions.audience.recipients import send_ids
from functions.audience.respect import frequency, links, suppressions
from functions.audience.respect.links import Kind, Link
from functions.audience.settings import settings
from functions.audience.tracking import tokens
from functions.audience.tracking.tokens import Token
from shared import clock
from shared.callers import tenant_settings
from shared.clock import Instant
from shared.errors import Unavailable
from shared.storage import files, table
from tests.audience.campaigns import provider, staging
from tests.audience.damaged import damage
from tests.audience.following import follow_up, happened, make_queue
from tests.audience.imports.working import QUEUE, begun, does, rounds, works
from tests.audience.people import Person
from tests.audience.querying.publishing import publish, stored
from tests.audience.receipts.telling import INBOUND, Post, brought, has_provider, questions
from tests.audience.recipients import rows
from tests.audience.respect.getting import ONE_CLICK, opens, posts
from tests.audience.tracking.reading import gets, written
from tests.aws import hooks
from tests.aws.buckets import make_files_bucket
from tests.aws.entries import Context
from tests.aws.messages import delivered

AT = "2026-11-01T10:00:00Z"
MESSAGE = Message("send_1", "campaign_1", "lead_1", "sms", "+442079460958", "Hello")
CONSENT = {"subject": "email/news", "state": "granted", "source": "shop", "text": "Yes."}


def every_audience_call(ada: Person, patch: pytest.MonkeyPatch) -> None:
    """Use every operation of the audience, and everything behind them."""
    url = make_queue()
    patch.setenv("LEAD_FOLLOW_UPS_QUEUE_URL", url)
    settings.forget()
    tenant_settings.forget()
    ada.get("/audience/settings")
    for key in ("importing", "importing again"):
        ada.imports({"external_id": "two", "emails": ["two@example.org"]}, {"external_id": "three"}, key=key)
    for _ in range(2):
        one = ada.post("/leads", {"external_id": "one", "consent": {"email": "pending"}}, key="creating").body
    two = found(ada, "email=two@example.org")
    path = f"/leads/{two['lead_id']}"
    ada.patch(path, {"phones": ["+442079460958"]})
    found(ada, "phone=%2B442079460958")
    order = {"order_id": "o-1", "amount_minor_units": 100, "currency": "EUR", "ordered_at": AT}
    ada.post(f"{path}/orders", order)
    ada.post(f"{path}/orders", order | {"order_id": "r-1", "refund_of": "o-1"})
    for _ in range(2):
        ada.post(f"{path}/visits", {"visit_id": "v-1", "visited_at": AT})
    ada.post(f"{path}/consents", CONSENT)
    for read in ("", "/orders", "/timeline"):
        ada.get(f"{path}{read}")
    ada.get("/leads")
    ada.get("/leads", "sort=name")
    use_segments(ada, two["lead_id"])
    use_providers(ada)
    use_suppressions(ada, two["lead_id"])
    use_imports(ada, patch)
    ada.post(f"{path}/recount", {"repair": True})
    ada.post(f"/leads/{one['lead_id']}/merge", {"lead_id": two["lead_id"]})
    follow_up(url)
    use_campaigns(ada, patch)
    sweeping.run(lambda: True)
    use_receipts(ada, patch)
    ada.patch("/audience/settings", {"phones_identify": False})
    ada.delete(f"/leads/{one['lead_id']}")
    follow_up(url)


def use_suppressions(ada: Person, lead_id: str) -> None:
    """Use every operation of suppressions, and the pages of a lead who was written to and asked for a consent."""
    link = token_of(ada, lead_id, "unsubscribe", about=send_ids.make(send_ids.new_label(), lead_id), at=clock.now())
    opens(link)
    for body in (ONE_CLICK, "all=1"):
        posts(link, body)
    ada.post("/suppressions", {"channel": "email", "address": "four@example.org"}, key="suppressing")
    ada.post("/suppressions/import", {"rows": [{"channel": "email", "address": "five@example.org"}]})
    ada.get("/suppressions", "email=four@example.org")
    ada.get("/suppressions/export")
    for each in ada.get("/suppressions").body["items"]:
        ada.rest("DELETE", f"/suppressions/{each['suppression_id']}", query="reason=asked")
    # The channel has no provider; what it would have recorded is recorded by hand.
    ada.post(f"/leads/{lead_id}/opt-in", {"subject": "email", "source": "shop", "text": "Yes."})
    pending = ada.post(f"/leads/{lead_id}/consents", CONSENT | {"subject": "email", "state": "pending"}).body
    asked = token_of(ada, lead_id, "opt_in", about=lead_id, at=clock.from_rfc3339(pending["at"]))
    opens(asked, page="opt-in")
    posts(asked, page="opt-in")
    put = frequency.reserve(contacts.get(ada.tenant_id, lead_id), "a" * 33, "marketing", None, now=clock.now())
    assert put is not None
    table.transact([put])


def token_of(ada: Person, lead_id: str, kind: Kind, *, about: str, at: Instant) -> str:
    """Return the token of a link to the first e-mail address of a lead."""
    lead, audience = leads.get(ada.tenant_id, lead_id), settings.of(ada.tenant_id)
    digest = suppressions.digest(audience, "email", lead.emails[0])
    topic = "news" if kind == "unsubscribe" else None
    return links.token(audience, Link(kind, ada.tenant_id, "email", digest, topic, about, at))


def use_imports(ada: Person, patch: pytest.MonkeyPatch) -> None:
    """Import a file, whose part is killed before it is recorded and then comes twice, and export all leads."""
    patch.setenv("LEAD_IMPORTS_QUEUE_URL", boto3.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"])
    patch.setattr(imports, "LONGEST_PAUSE_SECONDS", 0)
    import_id = begun(ada, "external_id,name\none,One\nfour,Four\n")
    for batches in rounds(ada, import_id):
        for each in batches:
            with hooks.registered("before-call.dynamodb.TransactWriteItems", killing_at_the_second()):
                does(each)
        for each in [*batches, *batches]:
            does(each)
    for read in ("", f"/{import_id}", f"/{import_id}/report"):
        ada.get(f"/lead-imports{read}")
    exported = ada.post("/leads/export", {}).body["job_id"]
    works(ada, exported)
    damage(ada, ada.creates(external_id="damaged")["lead_id"])
    works(ada, ada.post("/leads/recount", {"repair": True}).body["job_id"])


def killing_at_the_second() -> Callable[..., None]:
    """Return a hook at whose second call the function is gone."""
    calls = itertools.count(1)

    def kill(**_: object) -> None:
        if next(calls) == 2:
            raise Unavailable("killed")

    return kill


def use_segments(ada: Person, lead_id: str) -> None:
    """Use every operation of segments, one of which names the other."""
    rule = {"type": "condition", "field": "created_at", "operator": "WITHIN", "value": "1 day"}
    first = ada.post("/segments", {"name": "Known", "rule_ast": rule}).body["segment_id"]
    naming = {"type": "condition", "field": "segment", "operator": "=", "value": first}
    second = ada.post("/segments", {"name": "Known as well", "rule_ast": naming}).body["segment_id"]
    ada.post("/segments/preview", {"rule_ast": naming})
    ada.rest("PUT", f"/segments/{first}", {"name": "Known", "rule_ast": rule})
    for read in ("", f"/{second}", f"/{second}/members", f"/{second}/members/{lead_id}"):
        ada.get(f"/segments{read}")
    ada.post(f"/segments/{second}/export")
    look_at_segments(ada, second)
    ada.get(f"/segments/{second}/chart")
    ada.delete(f"/segments/{second}")
    watching.forget(ada.tenant_id, second)


def look_at_segments(ada: Person, segment_id: str) -> None:
    """Have the members of a segment noted, one of them told of, and segments that are due looked at."""
    publish(ada.tenant_id, [])
    watching.look(ada.tenant_id, segment_id)
    publish(ada.tenant_id, stored(ada.tenant_id))
    watching.look(ada.tenant_id, segment_id)
    queue_url = boto3.client("sqs").create_queue(QueueName="milepost-local-AudienceQueries-Queue")["QueueUrl"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUDIENCE_QUERIES_QUEUE_URL", queue_url)
        consumers.handler({"shard": 0}, Context())
        consumers.handler(delivered(happened("audience.files.published")[:1]), Context())


def use_providers(ada: Person) -> None:
    """Use every operation of delivery providers, with a campaign that sends through one and is over then."""
    gateway = {"kind": "webhook", "channel": "sms", "name": "Ours", "settings": {"url": "https://sms.example.com/"}}
    for _ in range(2):
        path = f"/delivery-providers/{ada.post('/delivery-providers', gateway, key='making').body['provider_id']}"
    ada.post("/delivery-providers", {"kind": "ses", "name": "Of the stage"})
    ada.patch(path, {"per_minute": 60})
    ada.post(f"{path}/rotate-secret")
    mail = ada.get("/delivery-providers").body["items"][-1]["provider_id"]
    ada.post(f"/delivery-providers/{mail}/test", {"to": "grace@example.org"})
    ada.get(path)
    found = providers.of_receipt(path.rpartition("/")[2])
    assert providers.for_channel(ada.tenant_id, "sms") == found
    table.transact(uses.begun(found, "campaign_1"))
    ada.delete(path)
    table.transact(uses.ended(ada.tenant_id, found.provider_id, "campaign_1"))
    receipt = vendor_messages.pointed(found._replace(receipts_by_vendor_id=True), MESSAGE, "wamid.1", at=clock.now())
    assert receipt is not None
    table.put_many([receipt.item])
    vendor_messages.find(found.provider_id, "wamid.1")
    ada.delete(path)


def use_campaigns(ada: Person, patch: pytest.MonkeyPatch) -> None:
    """Use every operation of campaigns, and everything behind them."""
    patch.setenv("FILES_BUCKET", make_files_bucket())
    patch.setenv("CAMPAIGNS_QUEUE_URL", staging.CAMPAIGNS)
    patch.setenv("CAMPAIGN_CHUNKS_QUEUE_URL", staging.CHUNKS)
    patch.setenv("ALLOW_LOOPBACK_WEBHOOKS", "true")
    files.client.cache_clear()
    with provider.running() as server:
        stage = staging.Stage(server)
        staging.has_provider(ada, server.url, per_minute=60_000)
        server.otherwise = "refused"
        asked = ada.creates(emails=["asked@example.org"])["lead_id"]
        assert ada.post(f"/leads/{asked}/opt-in", {"subject": "email", "source": "shop", "text": "Yes."}).status == 200
        assert brought(questions()) == 0
        segment_id = staging.has_segment(ada)
        later = staging.has_campaign(ada, segment_id=segment_id)
        staging.sender(ada).patch(f"/campaigns/{later}", {"scheduled_at": "2040-01-01T00:00:00Z"})
        staging.puts(ada, later, "scheduled")
        staging.sender(ada).delete(f"/campaigns/{later}")
        counted = {"html_template": '<a href="https://shop.example/">Shop</a>', "track_clicks": True}
        tried = {"test_recipients": ["ada@example.org"]}
        campaign_id = staging.has_campaign(ada, segment_id=segment_id, **tried, **counted)
        for asked in ("preview", "test"):
            staging.sender(ada).post(f"/campaigns/{campaign_id}/{asked}")
        staging.starts(ada, campaign_id)
        stage.step_until_idle()
        campaign_consumers.handler({"action": "sweep"}, stage.context())
        several = [{"name": "A", "share": 50}, {"name": "B", "share": 50}]
        winner = {"by": "clicks", "after_minutes": 1, "test_percent": 50}
        varied = staging.has_campaign(ada, segment_id=segment_id, variants=several, winner=winner)
        staging.starts(ada, varied)
        stage.step_until_idle()
        staging.sender(ada).post(f"/campaigns/{varied}/winner", {"variant": "B"})
        stage.step_until_idle()
        for read, query in (("", ""), ("", "status=completed"), (f"/{campaign_id}", ""), (f"/{campaign_id}/stats", "")):
            ada.get(f"/campaigns{read}", query)
        ada.get(f"/campaigns/{campaign_id}/logs", "status=failed")
        ada.post(f"/campaigns/{campaign_id}/recount", {"repair": True})
        send_ids.campaign_of(staging.stored(ada, campaign_id).label)
    files.client.cache_clear()


def use_receipts(ada: Person, patch: pytest.MonkeyPatch) -> None:
    """Use every operation of receipts, of messages that are known and of one that is not yet."""
    post = Post(patch)
    made, secret = has_provider(ada.tenant_id, receipts_by_vendor_id=True)
    row = rows.stored(tenant_id=ada.tenant_id, address_digest="ab" * 32, provider_id=made.provider_id)
    named = {"campaign_id": row.campaign_id, "lead_id": row.lead_id, "raw_payload": 1}
    for said in ({"vendor_message_id": "m-1"}, named):
        for status in ("soft_bounced", "complained", "unsubscribed"):
            post.tells(made, secret, {**said, "status": status})
    post.tells(made, secret, {"from": "start@example.org", "text": "START"}, path=INBOUND)
    picture = Token("open", ada.tenant_id, row.campaign_id, row.lead_id)
    gets(tokens.OPENS, written(picture))
    gets(tokens.CLICKS, written(picture, kind="click"))
    post.brings()
    parking.waiting(made.provider_id, "m-1")
    mergers.into(ada.tenant_id, row.lead_id)
    ada.get(f"/campaigns/{row.campaign_id}/recipients/{row.lead_id}")


def found(ada: Person, query: str) -> dict[str, Any]:
    lead: dict[str, Any] = ada.get("/leads", query).body["items"][0]
    return lead
