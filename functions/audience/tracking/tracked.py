"""Messages of a campaign that counts opens or clicks: its links lead past us, and a picture says that it was opened."""

from collections.abc import Sequence
from typing import NamedTuple

from functions.audience.delivery.messages import Message
from functions.audience.settings.settings import Audience
from functions.audience.tracking import markup, tokens
from functions.audience.tracking.tokens import Kind, Token


class Tracking(NamedTuple):
    """What is counted of the messages of a campaign: opens, and clicks on these links."""

    opens: bool = False
    links: Sequence[str] = ()


def tracked(message: Message, tracking: Tracking, audience: Audience, tenant_id: str) -> Message:
    """Return a message in which is counted what there is to count; what has no HTML is as it was."""

    def url(kind: Kind, place: int = 0) -> str:
        return tokens.url(audience, Token(kind, tenant_id, message.campaign_id, message.lead_id, place))

    html = message.html
    if html is None:
        return message
    if tracking.links:
        html = markup.with_links(html, tracking.links, lambda place: url("click", place))
    if tracking.opens:
        html = markup.with_picture(html, url("open"))
    return message._replace(html=html)
