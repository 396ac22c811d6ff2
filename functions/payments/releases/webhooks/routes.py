"""Webhooks of gateways over REST: open to everybody, believed by their signature."""

from typing import Final

from functions.payments.gateways.stripe import events, signature, webhook_secrets
from functions.payments.releases.webhooks import receiving
from functions.payments.resolver import api
from shared import actors, clock
from shared.actors import SYSTEM
from shared.api import bodies
from shared.api.admission import UNGUESSABLE
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import PUBLIC, answer
from shared.callers.challenges import Unauthenticated
from shared.errors import Malformed, NotFound, TooLarge, UnsupportedMedia

replies = Replies("functions.payments.releases.webhooks.replies")
shapes = Replies("functions.payments.releases.webhooks.shapes")

STRIPE: Final = "stripe"
MAX_BODY_BYTES: Final = 256 * 1024
"""Stripe's events have a few KB."""


class GatewayUnknown(NotFound):
    """404: no gateway of this name sends webhooks."""

    def __init__(self) -> None:
        super().__init__("No gateway of this name sends webhooks.")


class PaymentWebhookNotVerified(Unauthenticated):
    """401: the webhook is not signed with a secret of this stage, or more than five minutes old or early."""


@api.operation(
    "POST",
    "/api/v1/payment-webhooks/<gateway>",
    scope=PUBLIC,
    admission=UNGUESSABLE,
    summary="Tell what became of a payment",
    answers={200: replies.WebhookTaken},
    reads=shapes.StripeEvent,
    refusals=(Malformed, PaymentWebhookNotVerified, GatewayUnknown, TooLarge, UnsupportedMedia),
)
def receive_payment_webhook(gateway: str) -> Response:
    """Take an event of Stripe, signed over its body with a webhook secret of the stage (`Stripe-Signature`).

    An event counts once, and a payment only moves forward. Whose payment it is says what we wrote when we asked for it.
    """
    if gateway != STRIPE:
        raise GatewayUnknown
    headers = api.request.headers
    media_type = headers.get("content-type", "application/json").split(";")[0].strip().lower()
    if media_type != "application/json":
        raise UnsupportedMedia(f"Send the webhook as application/json, not as {media_type}.")
    raw = bodies.raw(api.request)
    if len(raw) > MAX_BODY_BYTES:
        raise TooLarge(f"A webhook may have {MAX_BODY_BYTES} bytes.")
    signed = headers.get(signature.HEADER, "")
    if not signature.is_good(raw, signed, secrets=webhook_secrets.known(), now=clock.now()):
        raise PaymentWebhookNotVerified("No signature of this webhook is good for one of our secrets at this time.")
    told = events.read(raw)
    if told is None:
        return answer(200, {"status": "ignored"})
    with actors.acting(SYSTEM):
        return answer(200, {"status": receiving.receive(gateway, told)})
