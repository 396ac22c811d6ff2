"""Who gets messages: they open links, press buttons and have mail programs; nobody knows who they are."""

from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from functions.audience import api, resolver
from functions.audience.recipients import outcomes, send_ids
from functions.audience.recipients.send_ids import Owner
from functions.audience.recipients.state import Recipient
from functions.audience.respect import links, suppressions
from functions.audience.settings import settings
from shared import clock, ids
from shared.storage import table
from tests.audience.people import Person
from tests.aws.entries import Answer, call, http_event

EMAIL: Final = "grace@example.org"
FORM: Final = "application/x-www-form-urlencoded"
ONE_CLICK: Final = "List-Unsubscribe=One-Click"


class Sent(NamedTuple):
    """A message to a lead of a campaign: the link in it, and what it is about."""

    url: str
    digest: str
    campaign_id: str
    label: str

    @property
    def token(self) -> str:
        return self.url.partition("token=")[2]


def sent_to(ada: Person, lead_id: str, *, topic: str | None = None, channel: str = "email", to: str = EMAIL) -> Sent:
    """Send a lead a message of a new campaign; its link can be followed."""
    audience, label, campaign_id = settings.of(ada.tenant_id), send_ids.new_label(), ids.new("campaign")
    table.transact([send_ids.pointer(label, Owner(ada.tenant_id, campaign_id))])
    send_id, now = send_ids.make(label, lead_id), clock.now()
    moment = clock.to_rfc3339(now)
    recipient = Recipient(ada.tenant_id, campaign_id, lead_id, "sent", send_id, channel, moment, 1)
    outcomes.record([(None, recipient)])
    digest = suppressions.digest(audience, channel, to)
    url = links.unsubscribe_url(
        audience,
        tenant_id=ada.tenant_id,
        channel=channel,
        digest=digest,
        topic=topic,
        send_id=send_id,
        at=now,
    )
    return Sent(url, digest, campaign_id, label)


def opens(token: str, *, page: str = "unsubscribe", method: str = "GET") -> Answer:
    return call(api.handler, resolver.api, http_event(method, f"/api/v1/{page}", query=f"token={token}"))


def posts(token: str, body: str | None = ONE_CLICK, *, page: str = "unsubscribe", media_type: str = FORM) -> Answer:
    """Post a body as it is written, as nobody who is known."""
    event = http_event("POST", f"/api/v1/{page}", headers={"content-type": media_type}, query=f"token={token}")
    event["headers"].pop("content-length", None)
    return call(api.handler, resolver.api, event | {"body": body, "isBase64Encoded": False})


def form(**fields: Any) -> str:
    return urlencode(fields, doseq=True)
