"""What a caller can do with a delivery provider."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

from functions.audience.delivery import kinds, providers, uses
from functions.audience.delivery.messages import Channel
from functions.audience.delivery.providers import Catalogue, Kind, Provider, ReceiptSecret
from shared import clock, config, ids
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.egress import signature
from shared.errors import Conflict
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Write, unchanged

View = dict[str, Any]

MOST: Final = 20


class TooManyProviders(Conflict):
    """409: a tenant may have 20 delivery providers; delete one first."""


class ProviderInUse(Conflict):
    """409: campaigns that are not over send through this provider; `campaign_ids` says which."""

    def __init__(self, campaign_ids: Sequence[str]) -> None:
        super().__init__("Campaigns that are not over send through this provider. End them first.")
        self.campaign_ids = campaign_ids


class NoReceiptSecret(Conflict):
    """409: receipts of this kind are signed with the vendor's own secret, or do not come by themselves."""

    def __init__(self) -> None:
        super().__init__("This kind of provider has no secret of receipts. Change its own secret at the vendor.")


class Draft(NamedTuple):
    """A provider as it was sent."""

    kind: Kind
    channel: Channel
    name: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str]
    dedupes: bool
    receipts_by_vendor_id: bool
    per_minute: int | None
    is_default: bool


class Change(NamedTuple):
    """What is to change; `fields` are those of the record. A secret is replaced, and None leaves the default alone."""

    fields: Mapping[str, Any]
    secrets: Mapping[str, str]
    is_default: bool | None


def create(caller: Caller, draft: Draft, *, claim: Claim | None = None) -> Answer:
    """Create a provider and return it, with `receipt_secret` the first time only. Raises TooManyProviders, Unavailable.

    The first one of a channel becomes its default.
    """
    now, text = clock.now(), signature.new_secret()
    provider = _new(caller, draft, now)
    made = providers.sealed_receipt_secret(provider.provider_id, text, at=now)
    if kinds.TRAITS[draft.kind].has_receipt_secret:
        provider = provider._replace(receipt_secrets=[made])

    def plan() -> Plan[View]:
        before = providers.catalogue(caller.tenant_id)
        if before.providers >= MOST:
            raise TooManyProviders(f"Your tenant has {MOST} delivery providers; delete one first.")
        is_default = draft.is_default or draft.channel not in before.defaults
        after = _chosen(before, provider, is_default=is_default)._replace(providers=before.providers + 1)
        writes: list[Write] = [
            providers.written(provider, ABSENT),
            providers.pointed(provider),
            providers.catalogued(caller.tenant_id, before, after),
            providers.happened("created", provider, now),
        ]
        return Plan(_given(provider, after, now), writes)

    return _shown_once(changes.make(plan, claim=claim), made, text)


def patch(caller: Caller, provider_id: str, change: Change, *, if_match: str | None) -> View:
    """Change a provider and return it. Raises ProviderNotFound, versions.VersionChanged, Unavailable."""
    now = clock.now()
    sealed = {name: providers.sealed(provider_id, text) for name, text in change.secrets.items()}

    def plan() -> Plan[View]:
        before = providers.get(caller.tenant_id, provider_id)
        known = providers.catalogue(caller.tenant_id)
        versions.require(if_match, before.version)
        after = before._replace(**change.fields, sealed_secrets={**before.sealed_secrets, **sealed})
        is_default = _is_default(known, before) if change.is_default is None else change.is_default
        chosen = _chosen(known, before, is_default=is_default)
        if (after, chosen) == (before, known):
            return Plan(view(before, known, now))
        after = _next(after, now)
        writes: list[Write] = [
            providers.written(after, unchanged(before.version)),
            providers.happened("updated", after, now),
        ]
        if chosen != known:
            writes.append(providers.catalogued(caller.tenant_id, known, chosen))
        return Plan(view(after, chosen, now), writes)

    return changes.make(plan)


def rotate(caller: Caller, provider_id: str, *, grace_seconds: int, claim: Claim | None = None) -> Answer:
    """Give a provider a new secret of receipts; the one before is good until the grace is over, and no other.

    Returns what `create` does. Raises ProviderNotFound, NoReceiptSecret, Unavailable.
    """
    now, text = clock.now(), signature.new_secret()
    made = providers.sealed_receipt_secret(provider_id, text, at=now)

    def plan() -> Plan[View]:
        before = providers.get(caller.tenant_id, provider_id)
        if not kinds.TRAITS[before.kind].has_receipt_secret:
            raise NoReceiptSecret
        newest, *_ = before.receipt_secrets
        kept = [newest._replace(ends_at=now + grace_seconds * SECOND)] if grace_seconds else []
        after = _next(before._replace(receipt_secrets=[made, *kept]), now)
        writes: list[Write] = [
            providers.written(after, unchanged(before.version)),
            providers.happened("secret_rotated", after, now),
        ]
        return Plan(_given(after, providers.catalogue(caller.tenant_id), now), writes)

    return _shown_once(changes.make(plan, claim=claim), made, text)


def delete(caller: Caller, provider_id: str, *, if_match: str | None) -> None:
    """Delete a provider. Raises ProviderNotFound, ProviderInUse, versions.VersionChanged."""
    now = clock.now()

    def plan() -> Plan[None]:
        before = providers.get(caller.tenant_id, provider_id)
        known, used = providers.catalogue(caller.tenant_id), uses.read(caller.tenant_id, provider_id)
        versions.require(if_match, before.version)
        if used.campaign_ids:
            raise ProviderInUse(used.campaign_ids)
        after = _chosen(known, before, is_default=False)._replace(providers=known.providers - 1)
        writes: list[Write] = [
            *providers.removed(before),
            uses.none(caller.tenant_id, provider_id, used),
            providers.catalogued(caller.tenant_id, known, after),
            providers.happened("deleted", before._replace(version=before.version + 1), now),
        ]
        return Plan(None, writes)

    changes.make(plan)


def show(caller: Caller, provider_id: str) -> View:
    """Return a provider as callers see it. Raises ProviderNotFound."""
    found = providers.get(caller.tenant_id, provider_id, consistent=False)
    return view(found, providers.catalogue(caller.tenant_id), clock.now())


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the providers of the caller's tenant, oldest first."""
    found, further = providers.page(caller.tenant_id, limit=limit, cursor=cursor)
    known, now = providers.catalogue(caller.tenant_id), clock.now()
    return [view(each, known, now) for each in found], further


def view(provider: Provider, known: Catalogue, at: Instant) -> View:
    """Return what callers see of a provider: of secrets their names, never a secret itself."""
    shown = provider._asdict()
    for hidden in ("tenant_id", "sealed_secrets", "receipt_secrets"):
        del shown[hidden]
    has_receipts = kinds.TRAITS[provider.kind].has_receipts
    url = f"{config.api_url()}{kinds.RECEIPT}?provider={provider.provider_id}"
    return {
        **shown,
        "secrets": sorted(provider.sealed_secrets),
        "receipt_secrets": [_secret_view(each) for each in providers.live(provider, at)],
        "receipt_url": url if has_receipts else None,
        "is_default": _is_default(known, provider),
    }


def _new(caller: Caller, draft: Draft, at: Instant) -> Provider:
    """Return a new provider, without a secret of receipts yet."""
    provider_id, moment = ids.new(providers.ID, at=at), clock.to_rfc3339(at)
    return Provider(
        tenant_id=caller.tenant_id,
        provider_id=provider_id,
        kind=draft.kind,
        channel=draft.channel,
        name=draft.name,
        settings=draft.settings,
        sealed_secrets={name: providers.sealed(provider_id, secret) for name, secret in draft.secrets.items()},
        receipt_secrets=[],
        created_by=caller.user_id,
        created_at=moment,
        updated_at=moment,
        version=1,
        dedupes=draft.dedupes,
        receipts_by_vendor_id=draft.receipts_by_vendor_id,
        per_minute=draft.per_minute,
    )


def _next(provider: Provider, at: Instant) -> Provider:
    return provider._replace(updated_at=clock.to_rfc3339(at), version=provider.version + 1)


def _is_default(known: Catalogue, provider: Provider) -> bool:
    return known.defaults.get(provider.channel) == provider.provider_id


def _chosen(known: Catalogue, provider: Provider, *, is_default: bool) -> Catalogue:
    """Return the catalogue with or without a provider as the default of its channel."""
    if is_default:
        return known._replace(defaults={**known.defaults, provider.channel: provider.provider_id})
    others = {channel: each for channel, each in known.defaults.items() if each != provider.provider_id}
    return known._replace(defaults=others)


def _given(provider: Provider, known: Catalogue, at: Instant) -> Answer:
    return view(provider, known, at) | {"receipt_secret": None}


def _shown_once(given: Answer, made: ReceiptSecret, text: str) -> Answer:
    """Return the answer with the secret, unless it is that of an earlier request: what is recorded has no secret."""
    is_newest = any(each["secret_id"] == made.secret_id for each in given["receipt_secrets"])
    return given | {"receipt_secret": text} if is_newest else given


def _secret_view(secret: ReceiptSecret) -> View:
    ends_at = None if secret.ends_at is None else clock.to_rfc3339(secret.ends_at)
    return {"secret_id": secret.secret_id, "created_at": secret.created_at, "ends_at": ends_at}
