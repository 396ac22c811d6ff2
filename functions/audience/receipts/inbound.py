"""What people answer to a number of a tenant: STOP ends messages there at once, START brings them back, HELP explains.

What was asked for is done in one transaction with the notice that says so, which then goes out once. A message that
comes twice does nothing more, but goes on where a consumer died in between. A START is known for good: it must not
bring messages back after a later STOP, however late it is repeated.
"""

import hashlib
from typing import Final, NamedTuple

from functions.audience import values
from functions.audience.delivery import notices, providers
from functions.audience.delivery.messages import Message
from functions.audience.delivery.notices import Notice, Prepared
from functions.audience.delivery.providers import Provider, ProviderNotFound
from functions.audience.leads import suppression
from functions.audience.leads.suppression import Cause
from functions.audience.receipts import wording
from functions.audience.receipts.reading import Inbound
from functions.audience.respect import suppressions, words
from functions.audience.respect.words import Action
from functions.audience.settings import settings
from shared import clock, ids
from shared.callers import tenant_settings
from shared.observability import logger
from shared.storage import changes, records, table
from shared.storage.attributes import Key
from shared.storage.changes import Plan
from shared.storage.writes import ABSENT, Put, Write

SOURCE: Final = "inbound message"
_NONE: Final = "inbound"


class _Heard(NamedTuple):
    """That a message was heard whose answer has this id."""

    tenant_id: str
    send_id: str


def take(came: Inbound, *, is_last_try: bool) -> None:
    """Do what a message asks for, and say so to whoever sent it. Raises Unavailable: it is to come again."""
    action = words.action(came.text)
    try:
        provider = providers.get(came.tenant_id, came.provider_id)
        address = values.email(came.sender) if provider.channel == "email" else values.phone(came.sender, region=None)
    except (ProviderNotFound, ValueError):
        logger.info("nobody can be answered", provider_id=came.provider_id)
        return
    if action is None:
        return
    notice = _done(provider, address, action, _send_id(came, address, action))
    if notice is not None:
        prepared = Prepared(provider, _message(provider, address, action, notice.send_id))
        notices.send(notice, lambda: prepared, is_last_try=is_last_try)


def _done(provider: Provider, address: str, action: Action, send_id: str) -> Notice | None:
    """Do what is asked for, and return the notice that says so; None where nothing has changed and nobody is told."""
    tenant_id, channel = provider.tenant_id, provider.channel
    digest = suppressions.digest(settings.of(tenant_id), channel, address)
    now = clock.now()

    def plan() -> Plan[Notice | None]:
        known = notices.find(tenant_id, send_id)
        is_repeated = known is not None or _was_heard(tenant_id, send_id)
        # What comes twice may be behind what somebody has said since: it brings no messages back.
        change = [] if is_repeated and action != "stop" else _change(tenant_id, channel, digest, action)
        heard = [_heard(tenant_id, send_id)] if action == "start" and not is_repeated else []
        if known is not None or (action != "help" and not change):
            return Plan(known, [*change, *heard])
        notice = notices.new(tenant_id, send_id, about={"provider_id": provider.provider_id}, at=now)
        return Plan(notice, [*change, *heard, notices.intended(notice)])

    return changes.make(plan)


def _was_heard(tenant_id: str, send_id: str) -> bool:
    return table.get(_heard_key(tenant_id, send_id), consistent=True) is not None


def _heard(tenant_id: str, send_id: str) -> Put:
    """Return the write that a START was heard. It stays: a request that Twilio has signed is good for ever."""
    return Put(records.to_item(_heard_key(tenant_id, send_id), "InboundHeard", _Heard(tenant_id, send_id)), ABSENT)


def _heard_key(tenant_id: str, send_id: str) -> Key:
    """Return the key of what says that a START was heard, beside its notice, which expires."""
    return notices.key(tenant_id, send_id)._replace(sk="HEARD")


def _change(tenant_id: str, channel: str, digest: str, action: Action) -> list[Write]:
    """Return the write that a message asks for, none where it is so already."""
    now = clock.now()
    before = suppressions.stored(tenant_id, channel, digest)
    if action == "stop":
        known = before or suppression.new(tenant_id, channel, digest, now)
        after = suppression.with_reason(known, "unsubscribed", Cause(clock.to_rfc3339(now), SOURCE))
        return [] if after is before else [suppression.written(before, after)]
    if action == "start" and before is not None:
        after = suppression.without(before, frozenset({"unsubscribed"}), at=clock.to_rfc3339(now))
        return [] if after is before else [suppression.written(before, after)]
    return []


def _send_id(came: Inbound, address: str, action: Action) -> str:
    """Return the id of the answer to a message; a message without an id of its provider's is like no other."""
    message_id = came.message_id or ids.new(_NONE)
    said = f"{came.provider_id} {message_id} {address} {action}"
    return f"{_NONE}{hashlib.sha256(said.encode()).hexdigest()[:26]}"


def _message(provider: Provider, address: str, action: Action, send_id: str) -> Message:
    audience, tenant = settings.of(provider.tenant_id), tenant_settings.of(provider.tenant_id)
    text = wording.answer(action, audience.settings.sender_name, audience.settings.language, tenant.locale)
    return Message(
        send_id=send_id,
        campaign_id=_NONE,
        lead_id=_NONE,
        channel=provider.channel,
        to=address,
        text=text,
        subject=text,
    )
