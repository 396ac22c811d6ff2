"""A message to one lead, rendered and ready to be sent."""

from collections.abc import Mapping
from typing import Literal, NamedTuple

Channel = Literal["email", "sms", "whatsapp", "push", "webhook"]


class Message(NamedTuple):
    """A message. `send_id` is the same at every attempt; `to` is an address, a number, or what the channel knows.

    `headers` are those of an e-mail. `template_name` and `variables` are those of a template approved by WhatsApp;
    the names of variables are `1`, `2` and so on where the template numbers them.
    """

    send_id: str
    campaign_id: str
    lead_id: str
    channel: Channel
    to: str
    text: str
    html: str | None = None
    subject: str | None = None
    headers: Mapping[str, str] = {}
    template_name: str | None = None
    variables: Mapping[str, str] = {}
