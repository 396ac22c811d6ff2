"""Who has signed a request: a provider of a tenant, or nobody whom anybody knows.

The generic provider and WhatsApp's sign as Standard Webhooks says, with a secret of ours. Twilio signs with its token
the address that it was told, query and all, and after it what it sends.
https://www.twilio.com/docs/usage/security#validating-requests
"""

import base64
import hmac
from collections.abc import Sequence
from typing import Final, NamedTuple
from urllib.parse import parse_qsl

from functions.audience.delivery import providers
from functions.audience.delivery.kinds import TRAITS
from functions.audience.delivery.providers import Provider, ProviderNotFound
from shared import clock, config
from shared.api import bodies
from shared.api.request import Request
from shared.callers.challenges import Unauthenticated
from shared.egress import signature
from shared.egress.signature import NotVerified
from shared.errors import UnsupportedMedia

_TWILIO: Final = "x-twilio-signature"
_TWILIO_MESSAGE: Final = "MessageSid"
_JSON: Final = "application/json"
_FORM: Final = "application/x-www-form-urlencoded"
_MOST_FIELDS: Final = 100
_SAID: Final = "Sign the request with a secret of the provider that it names, at the time at which it is sent."


class ReceiptNotVerified(Unauthenticated):
    """401: the request is not signed with a secret of a provider that it names, or not now."""

    def __init__(self) -> None:
        super().__init__(_SAID)


class Signed(NamedTuple):
    """A request that a provider has signed. `form` is what came as a form, `body` the bytes of any other.

    `message_id` is the same however often the provider repeats the request.
    """

    provider: Provider
    body: bytes
    message_id: str
    form: Sequence[tuple[str, str]] = ()


def verified(request: Request, provider_id: str) -> Signed:
    """Return what a provider has signed, as it came.

    A provider that there is not is refused as one that has not signed: nobody learns which ids there are.
    Raises ReceiptNotVerified, UnsupportedMedia, Malformed, Unavailable.
    """
    body = bodies.raw(request)
    try:
        provider = providers.of_receipt(provider_id)
    except ProviderNotFound:
        raise ReceiptNotVerified from None
    if provider.kind == "twilio":
        form = _form(request, provider, body)
        _require_media(request, _FORM)
        return Signed(provider, body, dict(form).get(_TWILIO_MESSAGE, ""), form)
    if not TRAITS[provider.kind].has_receipt_secret:
        raise ReceiptNotVerified
    now = clock.now()
    try:
        message_id = signature.verified(
            body, request.headers, secrets=providers.receipt_secrets(provider, now), now=now
        )
    except NotVerified:
        raise ReceiptNotVerified from None
    _require_media(request, _JSON)
    return Signed(provider, body, message_id)


def _require_media(request: Request, expected: str) -> None:
    """Raise UnsupportedMedia for a body that says to be something else than is read."""
    sent = request.headers.get("content-type", expected).split(";")[0].strip().lower()
    if sent != expected:
        raise UnsupportedMedia(f"Send it as {expected}, not as {sent}.")


def _form(request: Request, provider: Provider, body: bytes) -> Sequence[tuple[str, str]]:
    """Return the fields of a form that Twilio has signed. Raises ReceiptNotVerified, Unavailable."""
    try:
        form = parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise ReceiptNotVerified from None
    token = providers.secret_of(provider, "auth_token")
    given = request.headers.get(_TWILIO, "").encode(errors="replace")
    if not hmac.compare_digest(given, twilio_signature(token, _address(request), form).encode()):
        raise ReceiptNotVerified
    return form


def twilio_signature(token: str, url: str, form: Sequence[tuple[str, str]]) -> str:
    """Return what Twilio signs a form with that it sends to an address."""
    signed = url + "".join(name + value for name, value in sorted(form))
    return base64.b64encode(hmac.digest(token.encode(), signed.encode(), "sha1")).decode()


def _address(request: Request) -> str:
    """Return the address that the provider was told, whatever stands before the API: ours, and the query as it came."""
    query = f"?{request.raw_query}" if request.raw_query else ""
    return f"{config.api_url()}{request.path}{query}"
