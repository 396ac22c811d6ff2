"""What people answer to a number of a tenant: STOP ends messages there at once, START brings them back, HELP explains.

Who has stopped is told so once. A worker that dies between the two leaves somebody without that answer, which is better
than two.
"""

import hashlib
from typing import Final

from functions.audience import values
from functions.audience.delivery import providers, senders
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Provider, ProviderNotFound
from functions.audience.receipts import wording
from functions.audience.receipts.reading import Inbound
from functions.audience.respect import suppressions, words
from functions.audience.respect.words import Action
from functions.audience.settings import settings
from shared.callers import tenant_settings
from shared.observability import logger

SOURCE: Final = "inbound message"
_NONE: Final = "inbound"


def take(came: Inbound) -> None:
    """Do what a message asks for, and say so to whoever sent it. Raises Unavailable."""
    action = words.action(came.text)
    try:
        provider = providers.get(came.tenant_id, came.provider_id)
        address = values.email(came.sender) if provider.channel == "email" else values.phone(came.sender, region=None)
    except (ProviderNotFound, ValueError):
        logger.info("nobody can be answered", provider_id=came.provider_id)
        return
    if action is not None and _is_done(provider, address, action):
        _answer(provider, address, action)


def _is_done(provider: Provider, address: str, action: Action) -> bool:
    """Do it, and return whether it changed anything; help always does."""
    tenant_id, channel = provider.tenant_id, provider.channel
    digest = suppressions.digest(settings.of(tenant_id), channel, address)
    if action == "stop":
        before = suppressions.stored(tenant_id, channel, digest)
        suppressions.add(tenant_id, channel, digest, "unsubscribed", source=SOURCE)
        return before is None or "unsubscribed" not in before.reasons
    if action == "start":
        return suppressions.remove(tenant_id, channel, digest, reasons=["unsubscribed"])
    return True


def _answer(provider: Provider, address: str, action: Action) -> None:
    audience, tenant = settings.of(provider.tenant_id), tenant_settings.of(provider.tenant_id)
    text = wording.answer(action, audience.settings.sender_name, audience.settings.language, tenant.locale)
    digest = hashlib.sha256(f"{provider.provider_id} {address} {action}".encode()).hexdigest()
    message = Message(
        send_id=f"{_NONE}{digest[:26]}",
        campaign_id=_NONE,
        lead_id=_NONE,
        channel=provider.channel,
        to=address,
        text=text,
        subject=text,
    )
    answer = senders.send(provider, message)
    logger.info("somebody was answered", provider_id=provider.provider_id, action=action, outcome=answer.outcome)
