"""What suppresses one address, looked up by an e-mail address or a telephone number."""

from functions.audience.respect import listing
from functions.audience.respect.listing import View
from shared.errors import InvalidInput


def look_up(tenant_id: str, *, email: str | None, phone: str | None, cursor: str | None) -> list[View]:
    """Return what suppresses an address: an e-mail address, or a number for SMS and WhatsApp.

    Raises InvalidInput for both of them, for one that none can have, and for a cursor: there is one page.
    """
    from functions.audience.respect import shapes  # noqa: PLC0415 - no other read waits for pydantic

    if cursor is not None or (email is not None and phone is not None):
        raise InvalidInput.of("email", "look up one of e-mail address and telephone number, without a cursor")
    channels = ("email",) if email is not None else ("sms", "whatsapp")
    return listing.look_up(tenant_id, channels, shapes.address(tenant_id, channels[0], email or phone or ""))
