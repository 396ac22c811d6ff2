"""Providers and messages as tests have them, without an operation that makes them."""

from typing import Any, Final

from functions.audience.delivery import providers
from functions.audience.delivery.messages import Message
from functions.audience.delivery.providers import Catalogue, Provider, ReceiptSecret
from shared import ids
from shared.egress import signature
from shared.storage import table
from shared.storage.writes import ABSENT

TENANT: Final = "tenant_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"
AT: Final = "2026-11-20T12:00:00.000Z"
TEXT: Final = "Grace, your order is on its way."
TO: Final = "grace.hopper@example.org"


def provider(secrets: dict[str, str] | None = None, **fields: Any) -> tuple[Provider, str]:
    """Return a provider, the generic one unless it says otherwise, and its secret of receipts."""
    provider_id, secret = ids.new("prv"), signature.new_secret()
    made = Provider(
        tenant_id=TENANT,
        provider_id=provider_id,
        kind="webhook",
        channel="email",
        name="Test",
        settings={},
        sealed_secrets={name: providers.sealed(provider_id, text) for name, text in (secrets or {}).items()},
        receipt_secrets=[ReceiptSecret("secret_1", providers.sealed(provider_id, secret), AT, None)],
        created_by="user_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
        created_at=AT,
        updated_at=AT,
        version=1,
    )
    return made._replace(**fields), secret


def stored(made: Provider, *, is_default: bool = False) -> Provider:
    """Put a provider into the table, as the default of its channel if that is said."""
    before = providers.catalogue(made.tenant_id)
    chosen = {made.channel: made.provider_id} if is_default else {}
    after = Catalogue({**before.defaults, **chosen}, before.providers + 1, before.version)
    writes = [providers.written(made, ABSENT), providers.pointed(made)]
    table.transact([*writes, providers.catalogued(made.tenant_id, before, after)])
    return made


def message(**fields: Any) -> Message:
    made = Message(
        send_id="A1b2C3d4E5f0000000000000000000000",
        campaign_id="campaign_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
        lead_id="lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
        channel="email",
        to=TO,
        text=TEXT,
    )
    return made._replace(**fields)
