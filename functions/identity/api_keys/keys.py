"""API keys of the services of a tenant: made, rotated with an overlap, switched off and on, revoked.

A service acts as a user of its own, which has a name instead of a password (docs/decisions/0010-services-are-users.md).
The key is answered once and stored as its HMAC. Nobody gives a key what they may not do themselves.
"""

from collections.abc import Sequence

from functions.identity.accounts import memberships
from functions.identity.accounts.memberships import Member
from functions.identity.api_keys import happenings as key_happenings
from functions.identity.api_keys import records as key_records
from functions.identity.api_keys.records import KeyEntry, KeyRecord, Service, View
from functions.identity.scopes import SCOPES, Role
from functions.identity.tenancy import members
from shared import clock
from shared.callers import api_keys, auth
from shared.callers.api_keys import ApiKey
from shared.callers.auth import Caller
from shared.clock import DAY, SECOND, Instant
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.rates import Rate
from shared.storage import changes, table, versions
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Check, Delete, Put, Write, unchanged

MAX_LIVE = 5
GRACE_SECONDS = DAY // SECOND
MAX_GRACE_SECONDS = 30 * GRACE_SECONDS
_READ_TOGETHER = 100
# Who governs anybody governs at least viewers; keys are for those who govern.
_LEAST: Role = "viewer"


class ServiceNotFound(NotFound):
    """404: your tenant has no service of this name, or its keys have been revoked."""


class ServiceNameTaken(Conflict):
    """409: a service of this name has keys; rotate them, or revoke them first."""


class TooManyKeys(Conflict):
    """409: the service has five keys that are good; wait until one has ended, or rotate with `grace_seconds` 0."""


class ServiceExpired(Conflict):
    """409: the keys of the service have expired, and a new one would have too; revoke them, then make a new one."""


class BeyondYourScopes(Forbidden):
    """403: a key cannot be given what you may not do yourself."""


def create(
    caller: Caller,
    *,
    service_name: str,
    scopes: Sequence[str],
    expires_at: Instant | None,
    rate_limit: Rate | None,
    now: Instant,
    claim: Claim | None = None,
) -> Answer:
    """Make a service with its first key; return it, with `key` the first time only.

    A name that was in use before acts as the same user again. Raises InvalidInput, ServiceNameTaken,
    BeyondYourScopes, members.BeyondYourRole, Unavailable.
    """
    made = api_keys.new()

    def plan() -> Plan[View]:
        if expires_at is not None and expires_at <= now:
            raise InvalidInput.of("expires_at", "must be in the future")
        keys = [
            key_records.key(caller.tenant_id, service_name),
            key_records.principal_key(caller.tenant_id, service_name),
            auth.membership_key(caller.tenant_id, caller.user_id),
        ]
        existing, known, member = table.get_many(keys, consistent=True)
        governed = _granting(caller, memberships.found(member), scopes)
        if existing is not None:
            raise ServiceNameTaken(f"The service {service_name} has keys; rotate or revoke them.")
        principal = key_records.principal_of(known, at=now)
        first_time = [] if known else [key_records.acting(caller.tenant_id, service_name, principal)]
        service = key_records.new(
            caller, service_name, principal, scopes=scopes, expires_at=expires_at, rate_limit=rate_limit, at=now
        )
        service = service._replace(keys=[key_records.entry(made, service, at=now)])
        added = Put(key_records.to_item(service), ABSENT)
        writes: list[Write] = [governed, *first_time, added, *_beginning(service, made, caller, now)]
        return Plan(_given(service, made, [None], now), writes)

    return _shown_once(changes.make(plan, claim=claim), made)


def get(caller: Caller, service_name: str) -> View:
    """Return a service of the caller's tenant with its keys. Raises ServiceNotFound."""
    _require_name(service_name)
    item = table.get(key_records.key(caller.tenant_id, service_name))
    if item is None:
        raise _not_found()
    service, now = key_records.from_item(item), clock.now()
    return key_records.view(service, table.get_many(key_records.use_keys(service, now)), now)


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the services of the caller's tenant by name; one query, and a call per 100 keys."""
    services, further = key_records.listed(caller.tenant_id, limit=limit, cursor=cursor)
    now = clock.now()
    asked = [key for service in services for key in key_records.use_keys(service, now)]
    parts = [asked[start : start + _READ_TOGETHER] for start in range(0, len(asked), _READ_TOGETHER)]
    uses = {key: use for part in parts for key, use in zip(part, table.get_many(part), strict=True)}
    shown = [
        key_records.view(service, [uses[key] for key in key_records.use_keys(service, now)], now)
        for service in services
    ]
    return shown, further


def rotate(
    caller: Caller, service_name: str, *, grace_seconds: int, now: Instant, claim: Claim | None = None
) -> Answer:
    """Give a service a new key; those it has end after the grace, if not before. Returns what `create` does.

    Raises ServiceNotFound, ServiceExpired, TooManyKeys, BeyondYourScopes, members.BeyondYourRole, Unavailable.
    """
    made = api_keys.new()
    ends_at = now + grace_seconds * SECOND

    def plan() -> Plan[View]:
        service, actor, records = _read(caller, service_name, now)
        governed = _granting(caller, actor, service.scopes)
        if service.expires_at is not None and service.expires_at <= now:
            raise ServiceExpired(f"The keys of {service_name} have expired; revoke them, then make a new one.")
        earlier = _ending(service, ends_at, now)
        keys = [*earlier, key_records.entry(made, service, at=now)]
        after = service._replace(keys=keys, version=service.version + 1)
        ended = zip(records, earlier, strict=True)
        writes: list[Write] = [
            governed,
            key_records.written(service, after),
            key_records.recorded(made, service),
            *(key_records.changed(record._replace(valid_until=each.valid_until)) for record, each in ended),
            *_forgotten(service, now),
            key_happenings.happened("rotated", after, caller, now, key_id=made.key_id, grace_seconds=grace_seconds),
        ]
        uses = table.get_many(key_records.use_keys(after, now), consistent=True)
        return Plan(_given(after, made, uses, now), writes)

    return _shown_once(changes.make(plan, claim=claim), made)


def change(
    caller: Caller,
    service_name: str,
    *,
    disabled: bool | None,
    rate_limit: Rate | None,
    if_match: str | None,
    now: Instant,
) -> View:
    """Let the keys of a service be refused, or not any more, or change their rate; None leaves it. Returns the service.

    Raises ServiceNotFound, BeyondYourScopes, members.BeyondYourRole, versions.VersionChanged.
    """

    def plan() -> Plan[View]:
        service, actor, records = _read(caller, service_name, now)
        versions.require(if_match, service.version)
        governed = _granting(caller, actor, service.scopes)
        uses = table.get_many(key_records.use_keys(service, now), consistent=True)
        after = service._replace(
            disabled=service.disabled if disabled is None else disabled,
            rate_limit=service.rate_limit if rate_limit is None else rate_limit,
        )
        if after == service:
            return Plan(key_records.view(service, uses, now))
        after = after._replace(version=service.version + 1)
        writes: list[Write] = [
            governed,
            key_records.written(service, after),
            *(
                key_records.changed(record._replace(disabled=after.disabled, rate_limit=after.rate_limit))
                for record in records
            ),
            *key_happenings.announced(service, after, caller, now),
        ]
        return Plan(key_records.view(after, uses, now), writes)

    return changes.make(plan)


def revoke(caller: Caller, service_name: str, *, now: Instant) -> None:
    """Revoke every key of a service; its name is free again, and what it owns waits for who takes it.

    Raises ServiceNotFound, members.BeyondYourRole.
    """

    def plan() -> Plan[None]:
        service, actor, records = _read(caller, service_name, now)
        governed = members.governing(caller, actor, _LEAST)
        user_id = service.user_id
        writes: list[Write] = [
            *([] if user_id == caller.user_id else [governed]),
            Delete(key_records.key(caller.tenant_id, service_name), unchanged(service.version)),
            Delete(auth.membership_key(caller.tenant_id, user_id)),
            *(key_records.revoked(record, now=now) for record in records),
            *(Delete(api_keys.use_key(each.key_id)) for each in service.keys),
            key_happenings.revoked(service, caller, now),
        ]
        return Plan(None, writes)

    changes.make(plan)


def _read(caller: Caller, service_name: str, now: Instant) -> tuple[Service, Member | None, list[KeyRecord]]:
    """Return a service, the caller's membership, and the records of the keys that are good; two calls."""
    _require_name(service_name)
    names = [key_records.key(caller.tenant_id, service_name), auth.membership_key(caller.tenant_id, caller.user_id)]
    item, member = table.get_many(names, consistent=True)
    if item is None:
        raise _not_found()
    service = key_records.from_item(item)
    asked = [api_keys.record_key(each.key_id) for each in key_records.live(service, now)]
    records = [key_records.record_of(each) for each in table.get_many(asked, consistent=True) if each is not None]
    return service, memberships.found(member), records


def _require_name(service_name: str) -> None:
    """Return when the text may become part of a key. Raises ServiceNotFound."""
    if not key_records.NAME.fullmatch(service_name):
        raise _not_found()


def _granting(caller: Caller, actor: Member | None, scopes: Sequence[str]) -> Check:
    """Return the check that the caller still is the member that was read, who may do all that these scopes allow."""
    governed = members.governing(caller, actor, _LEAST)
    held = caller.scopes & SCOPES[actor.role] if actor else frozenset[str]()
    beyond = sorted(set(scopes) - held)
    if beyond:
        raise BeyondYourScopes(f"You may not do this yourself: {', '.join(beyond)}.")
    return governed


def _beginning(service: Service, made: ApiKey, caller: Caller, now: Instant) -> list[Write]:
    """Return the writes of the first key of a service: its record, the membership, and the event."""
    return [
        key_records.recorded(made, service),
        key_records.joined(service, at=now),
        key_happenings.happened("created", service, caller, now, key_id=made.key_id, scopes=service.scopes),
    ]


def _ending(service: Service, ends_at: Instant, now: Instant) -> list[KeyEntry]:
    """Return the good keys of a service as they are when they end then, if not before. Raises TooManyKeys."""
    ending = [(each, min(each.valid_until or ends_at, ends_at)) for each in key_records.live(service, now)]
    if len([end for _, end in ending if now < end]) >= MAX_LIVE:
        raise TooManyKeys(f"The service has {MAX_LIVE} keys that are good; end one first.")
    return [each._replace(valid_until=end) for each, end in ending]


def _forgotten(service: Service, now: Instant) -> list[Write]:
    """Return the writes that remove what is noted of keys that have ended."""
    kept = {each.key_id for each in key_records.live(service, now)}
    return [Delete(api_keys.use_key(each.key_id)) for each in service.keys if each.key_id not in kept]


def _given(service: Service, made: ApiKey, uses: Sequence[Item | None], now: Instant) -> Answer:
    return key_records.view(service, uses, now) | {"key_id": made.key_id, "key": None}


def _shown_once(given: Answer, made: ApiKey) -> Answer:
    """Return the answer with the key, unless it is the answer of an earlier request: what is recorded has no key."""
    return given | {"key": made.text} if given["key_id"] == made.key_id else given


def _not_found() -> ServiceNotFound:
    return ServiceNotFound("Your tenant has no service of this name that has keys.")
