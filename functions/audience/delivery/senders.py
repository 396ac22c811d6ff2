"""One attempt at sending a message through a provider. What follows from the answer is the caller's."""

from collections.abc import Callable, Mapping
from typing import Final

from functions.audience.delivery import stage_senders, twilio, webhook, whatsapp
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Kind, Provider
from shared.sending.answers import Answer

_SENDERS: Final[Mapping[Kind, Callable[[Provider, Message], Answer]]] = {
    "ses": stage_senders.send_mail,
    "sns": stage_senders.send_sms,
    "push": stage_senders.send_push,
    "twilio": twilio.send,
    "whatsapp": whatsapp.send,
    "webhook": webhook.send,
}


def send(provider: Provider, message: Message) -> Answer:
    """Send a message once, and return what the provider's answer means, or that none came.

    Raises Unavailable, before anything is sent, where the stage cannot unseal the provider's secrets.
    """
    return _SENDERS[provider.kind](provider, message)
