"""Addresses on a channel, as messages go to them."""

from functions.audience import values
from functions.audience.delivery.messages import Channel


def read(text: str, channel: Channel, *, region: str | None = None) -> str:
    """Return an address that somebody has written. Raises ValueError, whose text says what it must be."""
    if channel == "email":
        return values.email(text)
    return values.phone(text, region=region) if channel in {"sms", "whatsapp"} else values.text(text)
