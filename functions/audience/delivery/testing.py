"""A test message: one attempt, at once, with a text that is always the same: nobody sends anything else by it."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from functions.audience.delivery import addresses, providers, senders
from functions.audience.delivery.messages import Channel, Message
from shared import ids
from shared.callers.auth import Caller
from shared.errors import InvalidInput

TEXT: Final = "This is a test message of Milepost. Nothing has to be done."
_SUBJECT: Final = "Test message of Milepost"
_NONE: Final = "test"


class Asked(NamedTuple):
    """To whom a test message goes; a template and its variables are for WhatsApp."""

    to: str
    template_name: str | None = None
    variables: Mapping[str, str] = {}


def send(caller: Caller, provider_id: str, asked: Asked) -> dict[str, Any]:
    """Send a test message through a provider, and return what its answer means.

    Raises ProviderNotFound, InvalidInput for an address that the channel does not have, Unavailable.
    """
    provider = providers.get(caller.tenant_id, provider_id)
    message = Message(
        send_id=ids.new(_NONE),
        campaign_id=_NONE,
        lead_id=_NONE,
        channel=provider.channel,
        to=_address(provider.channel, asked.to),
        text=TEXT,
        subject=_SUBJECT,
        template_name=asked.template_name,
        variables=asked.variables,
    )
    return senders.send(provider, message)._asdict()


def _address(channel: Channel, to: str) -> str:
    """Return an address as messages go to it. Raises InvalidInput."""
    try:
        return addresses.read(to, channel)
    except ValueError as error:
        raise InvalidInput.of("to", str(error)) from error
