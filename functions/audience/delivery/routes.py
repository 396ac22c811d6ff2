"""The delivery providers of a tenant, over REST; for its admins and owners."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Final

from functions.audience import resolver
from functions.audience.delivery import lifecycle, providers
from functions.audience.delivery.lifecycle import NoReceiptSecret, ProviderInUse, TooManyProviders
from functions.audience.delivery.providers import ProviderNotFound
from functions.audience.resolver import ADMIN, BODY, KEYED, PROVIDER, PROVIDERS, api
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.api.routes import ProblemForm
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import InvalidInput, Malformed, Refusal
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.audience.delivery.shapes import ProviderDraft, ProviderPatch, ReceiptSecretRotation, TestAsked

replies = Replies("functions.audience.delivery.replies")

SENT: Final = Body("functions.audience.delivery.shapes")


def _more(refusal: Refusal) -> Mapping[str, Any]:
    return {"campaign_ids": list(refusal.campaign_ids)} if isinstance(refusal, ProviderInUse) else {}


PROBLEMS: Final = ProblemForm(_more, replies.ProviderProblem)
"""A provider that cannot be deleted says which campaigns send through it."""


@api.operation(
    "POST",
    PROVIDERS,
    scope=ADMIN,
    summary="Create a delivery provider",
    answers={201: replies.DeliveryProviderGiven},
    refusals=(*BODY, TooManyProviders, *KEYED),
    assurance=RECENT_SECOND_FACTOR,
)
def create_delivery_provider(
    draft: Annotated["ProviderDraft", SENT], idempotency_key: IdempotencyKey = None
) -> Response:
    """Create a provider. The first one of a channel becomes its default. The secret of its receipts is shown only now.

    A request repeated with its `Idempotency-Key` answers the same provider without the secret; rotate to get another.
    """
    claim = resolver.claim(idempotency_key, draft)
    return answer(201, lifecycle.create(api.caller, draft.draft(), claim=claim))


@api.operation(
    "GET",
    PROVIDERS,
    scope=ADMIN,
    summary="List the delivery providers",
    answers={200: replies.DeliveryProviders},
    refusals=(Malformed, InvalidInput),
)
def list_delivery_providers(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the delivery providers of your tenant, oldest first."""
    return resolver.page(lifecycle.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    PROVIDER,
    scope=ADMIN,
    summary="Show a delivery provider",
    answers={200: replies.DeliveryProvider},
    refusals=(ProviderNotFound,),
)
def show_delivery_provider(provider_id: str) -> Response:
    """Show a delivery provider. Its secrets are named, and never shown."""
    return answer(200, lifecycle.show(api.caller, provider_id))


@api.operation(
    "PATCH",
    PROVIDER,
    scope=ADMIN,
    summary="Change a delivery provider",
    answers={200: replies.DeliveryProvider},
    refusals=(*BODY, ProviderNotFound, VersionChanged),
    assurance=RECENT_SECOND_FACTOR,
)
def change_delivery_provider(
    provider_id: str, patch: Annotated["ProviderPatch", SENT], if_match: IfMatch = None
) -> Response:
    """Change a delivery provider. Settings that are sent replace all there are, a secret the one of its name."""
    kind = providers.get(api.caller.tenant_id, provider_id, consistent=False).kind
    return answer(200, lifecycle.patch(api.caller, provider_id, patch.change(kind), if_match=if_match))


@api.operation(
    "DELETE",
    PROVIDER,
    scope=ADMIN,
    summary="Delete a delivery provider",
    answers={204: None},
    refusals=(Malformed, ProviderNotFound, ProviderInUse, VersionChanged),
    problems=PROBLEMS,
    assurance=RECENT_SECOND_FACTOR,
)
def delete_delivery_provider(provider_id: str, if_match: IfMatch = None) -> Response:
    """Delete a delivery provider. One that a campaign sends through stays until the campaign is over."""
    lifecycle.delete(api.caller, provider_id, if_match=if_match)
    return answer(204)


@api.operation(
    "POST",
    f"{PROVIDER}/rotate-secret",
    scope=ADMIN,
    summary="Rotate the secret of a delivery provider's receipts",
    answers={201: replies.DeliveryProviderGiven},
    refusals=(*BODY, ProviderNotFound, NoReceiptSecret, *KEYED),
    assurance=RECENT_SECOND_FACTOR,
)
def rotate_receipt_secret(
    provider_id: str,
    rotation: Annotated["ReceiptSecretRotation | None", SENT] = None,
    idempotency_key: IdempotencyKey = None,
) -> Response:
    """Give a provider a new secret, shown only now. The one before is good for a day too, or for `grace_seconds`.

    With 0 it ends at once: do that when it has leaked. At most two are good: a second rotation ends the oldest.
    """
    from functions.audience.delivery.shapes import ReceiptSecretRotation  # noqa: PLC0415 - only this waits for it

    asked = rotation or ReceiptSecretRotation()
    claim = resolver.claim(idempotency_key, asked)
    given = lifecycle.rotate(api.caller, provider_id, grace_seconds=asked.grace_seconds, claim=claim)
    return answer(201, given)


@api.operation(
    "POST",
    f"{PROVIDER}/test",
    scope=ADMIN,
    summary="Send a test message through a delivery provider",
    answers={200: replies.DeliveryAnswer},
    refusals=(*BODY, ProviderNotFound),
)
def test_delivery_provider(provider_id: str, asked: Annotated["TestAsked", SENT]) -> Response:
    """Send a message at once, and say what the provider's answer means. Its text is always the same."""
    from functions.audience.delivery import testing  # noqa: PLC0415 - for a cold start: few requests send something

    return answer(200, testing.send(api.caller, provider_id, asked.asked()))
