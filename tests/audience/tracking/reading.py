"""Readers of messages, and programs: they open pictures and follow links, and what they do comes by the queue."""

from typing import Any, Final

from functions.audience import api, resolver
from functions.audience.recipients import outcomes, send_ids
from functions.audience.recipients.state import Recipient, Status
from functions.audience.settings import settings
from functions.audience.tracking import frozen_links, tokens
from functions.audience.tracking.tokens import Kind, Token
from shared import clock, ids
from shared.storage import table
from tests.audience.people import Person
from tests.aws.entries import Answer, call, http_event

BROWSER: Final = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
ADDRESSES: Final = ["https://shop.example/spring?a=1&b=2", "https://shop.example/"]


def sent_to(ada: Person, lead_id: str, *, status: Status = "sent") -> Token:
    """Send a lead a message of a new campaign with two links; return the token of its picture."""
    campaign_id, now = ids.new("campaign"), clock.to_rfc3339(clock.now())
    send_id = send_ids.make(send_ids.new_label(), lead_id)
    sent_at = now if status == "sent" else None
    row = Recipient(ada.tenant_id, campaign_id, lead_id, status, send_id, "email", now, 1, sent_at=sent_at)
    outcomes.record([(None, row)])
    table.transact([frozen_links.frozen(ada.tenant_id, campaign_id, ADDRESSES)])
    return Token("open", ada.tenant_id, campaign_id, lead_id)


def written(token: Token, *, kind: Kind | None = None, index: int = 0) -> str:
    """Return the token of a picture or a link, as a message has it."""
    named = token._replace(kind=kind or token.kind, place=index)
    return tokens.url(settings.of(token.tenant_id), named).partition("token=")[2]


def gets(path: str, token: str, *, method: str = "GET", query: str = "", **headers: str) -> Answer:
    told: dict[str, Any] = {"user-agent": BROWSER, **{name.replace("_", "-"): each for name, each in headers.items()}}
    return call(api.handler, resolver.api, http_event(method, path, headers=told, query=f"token={token}{query}"))
