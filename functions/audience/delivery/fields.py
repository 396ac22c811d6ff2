"""The delivery providers of a tenant over GraphQL, on the functions that REST calls too; for its admins and owners."""

from collections.abc import Mapping
from typing import Any, Final

from functions.audience.delivery import lifecycle, providers
from functions.audience.graphql import claim, graphql, if_match, parsed, written
from functions.audience.resolver import ADMIN
from shared.api.graphql import connection, limit_of
from shared.callers.step_up import RECENT_SECOND_FACTOR

View = dict[str, Any]

_JSON: Final = ("settings", "secrets", "variables")

# The shapes, and what sends, are imported where they are needed: no read waits for them on a cold start.


def _shown(view: Mapping[str, Any]) -> View:
    """Return a provider as AppSync wants it: AWSJSON is a text."""
    return {**view, "settings": written(view["settings"])}


def _sent(given: Mapping[str, Any]) -> View:
    """Return an input whose AWSJSON is a value. Raises InvalidInput."""
    return {name: parsed(name, value) if name in _JSON else value for name, value in given.items()}


def _without_nulls(given: Mapping[str, Any]) -> View:
    return {name: value for name, value in given.items() if value is not None}


@graphql.field("Query", "deliveryProvider", scope=ADMIN)
def delivery_provider(provider_id: str) -> View:
    """Resolve one provider."""
    return _shown(lifecycle.show(graphql.caller, provider_id))


@graphql.field("Query", "deliveryProviders", scope=ADMIN)
def delivery_providers(limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the providers of the caller's tenant."""
    found, cursor = lifecycle.page(graphql.caller, limit=limit_of(limit), cursor=next_token)
    return connection(([_shown(each) for each in found], cursor))


@graphql.field("Mutation", "createDeliveryProvider", scope=ADMIN, assurance=RECENT_SECOND_FACTOR)
def create_delivery_provider(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Create a provider."""
    from functions.audience.delivery import shapes  # noqa: PLC0415

    draft = shapes.ProviderDraft.model_validate(_sent(_without_nulls(input))).draft()
    return _shown(lifecycle.create(graphql.caller, draft, claim=claim()))


@graphql.field("Mutation", "updateDeliveryProvider", scope=ADMIN, assurance=RECENT_SECOND_FACTOR)
def update_delivery_provider(
    provider_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change fields of a provider."""
    from functions.audience.delivery import shapes  # noqa: PLC0415

    patch = shapes.ProviderPatch.model_validate(_sent(input))
    change = patch.change(providers.get(graphql.caller.tenant_id, provider_id, consistent=False).kind)
    return _shown(lifecycle.patch(graphql.caller, provider_id, change, if_match=if_match(expected_version)))


@graphql.field("Mutation", "deleteDeliveryProvider", scope=ADMIN, assurance=RECENT_SECOND_FACTOR)
def delete_delivery_provider(provider_id: str, expected_version: int | None = None) -> View:
    """Delete a provider."""
    lifecycle.delete(graphql.caller, provider_id, if_match=if_match(expected_version))
    return {"provider_id": provider_id}


@graphql.field("Mutation", "rotateReceiptSecret", scope=ADMIN, assurance=RECENT_SECOND_FACTOR)
def rotate_receipt_secret(provider_id: str, grace_seconds: int | None = None) -> View:
    """Give a provider a new secret of its receipts."""
    from functions.audience.delivery import shapes  # noqa: PLC0415

    asked = shapes.ReceiptSecretRotation.model_validate(_without_nulls({"grace_seconds": grace_seconds}))
    given = lifecycle.rotate(graphql.caller, provider_id, grace_seconds=asked.grace_seconds, claim=claim())
    return _shown(given)


@graphql.field("Mutation", "testDeliveryProvider", scope=ADMIN)
def test_delivery_provider(provider_id: str, input: dict[str, Any]) -> View:  # noqa: A002 - as above
    """Send a test message through a provider."""
    from functions.audience.delivery import shapes, testing  # noqa: PLC0415

    asked = shapes.TestAsked.model_validate(_sent(_without_nulls(input))).asked()
    return testing.send(graphql.caller, provider_id, asked)
