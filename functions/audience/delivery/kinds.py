"""What each kind of provider is: its channels, its secrets, and what may be said of it."""

from collections.abc import Mapping
from typing import Final, NamedTuple, get_args

from functions.audience.delivery.messages import Channel
from functions.audience.delivery.providers import Kind

RECEIPT: Final = "/api/v1/delivery/receipt"
"""Where receipts go, behind the address of the API."""


class Traits(NamedTuple):
    """What is true of a kind, whatever its settings.

    `secrets` are those of the vendor, which are required. `has_receipt_secret` says that its receipts are signed with a
    secret of Milepost's, and `tells_itself` that a provider says by itself whether it dedupes and how receipts name.
    """

    channels: tuple[Channel, ...]
    secrets: tuple[str, ...] = ()
    has_receipt_secret: bool = False
    receipts_by_vendor_id: bool = False
    tells_itself: bool = False
    has_receipts: bool = False


TRAITS: Final[Mapping[Kind, Traits]] = {
    "ses": Traits(("email",)),
    "sns": Traits(("sms",)),
    "push": Traits(("push",)),
    "twilio": Traits(("sms",), ("auth_token",), has_receipts=True),
    "whatsapp": Traits(
        ("whatsapp",),
        ("access_token",),
        has_receipt_secret=True,
        receipts_by_vendor_id=True,
        has_receipts=True,
    ),
    "webhook": Traits(get_args(Channel), has_receipt_secret=True, tells_itself=True, has_receipts=True),
}
