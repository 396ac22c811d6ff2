"""The settings of invoices over REST."""

from typing import TYPE_CHECKING, Annotated, Final

from functions.payments.resolver import ADMIN, BODY, api
from functions.payments.settings import changing
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import IfMatch, answer
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.payments.settings.shapes import PaymentSettingsPatch

replies = Replies("functions.payments.settings.replies")

SENT = Body("functions.payments.settings.shapes")
SETTINGS: Final = "/api/v1/payment-settings"


@api.operation(
    "GET",
    SETTINGS,
    scope=ADMIN,
    summary="Show the payment settings",
    answers={200: replies.PaymentSettings},
    refusals=(),
)
def show_payment_settings() -> Response:
    """Show who the invoices of your tenant are from, and how they are numbered and taxed."""
    return answer(200, changing.show(api.caller))


@api.operation(
    "PATCH",
    SETTINGS,
    scope=ADMIN,
    summary="Change the payment settings",
    answers={200: replies.PaymentSettings},
    refusals=(*BODY, VersionChanged),
)
def patch_payment_settings(sent: Annotated["PaymentSettingsPatch", SENT], if_match: IfMatch = None) -> Response:
    """Change settings of your tenant. They count from the next invoice on."""
    return answer(200, changing.change(api.caller, sent.fields(), if_match=if_match))
