"""What asking for a consent, and confirming it, may be refused for."""

from shared.errors import NotAllowed


class NobodyToAsk(NotAllowed):
    """422: the lead has no address for this channel, or the channel has no address that could be asked."""

    def __init__(self) -> None:
        super().__init__("The lead has no address on this channel. Consents are asked for by e-mail, SMS and WhatsApp.")


class NotToBeAsked(NotAllowed):
    """422: the address is suppressed for more than an unsubscription, or the lead left the whole channel of a topic."""

    def __init__(self) -> None:
        super().__init__(
            "The address is suppressed for another reason than an unsubscription, or the lead has left the whole "
            "channel. Remove the suppression, or ask for the channel."
        )


class OptInNotSent(NotAllowed):
    """422: the channel has no delivery provider."""

    def __init__(self) -> None:
        super().__init__("The channel has no delivery provider, so nobody was asked. Create one, and ask again.")


class OptInOver(Exception):
    """The link is older than seven days, or what it asks for has changed since; its page says so."""
