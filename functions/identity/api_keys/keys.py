"""API keys of the services of a tenant: made, rotated with an overlap, switched off and on, revoked.

A service acts as a user of its own, which has a name instead of a password (docs/decisions/0010-services-are-users.md).
The key is answered once and stored as its HMAC. Nobody gives a key what they may not do themselves.
"""

from collections.abc import Sequence
from typing import Any

from functions.identity.accounts import tenants
from functions.identity.api_keys import records as key_records
from functions.identity.api_keys.records import View
from functions.identity.scopes import SCOPES, Role
from functions.identity.tenancy import members
from shared import clock
from shared.callers import api_keys, auth
from shared.callers.api_keys import ApiKey
from shared.callers.auth import Caller
from shared.clock import SECOND, Instant
from shared.errors import Conflict, Forbidden, InvalidInput, NotFound
from shared.rates import Rate
from shared.storage import changes, events, table, versions
from shared.storage.attributes import Item
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import ABSENT, Check, Delete, Put, Write, unchanged

MAX_LIVE = 5
_READ_TOGETHER = 100
_SWITCHED = {True: "identity.key.disabled", False: "identity.key.enabled"}
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
        existing, principal, actor = table.get_many(keys, consistent=True)
        governed = _granting(caller, actor, scopes)
        if existing is not None:
            raise ServiceNameTaken(f"The service {service_name} has keys; rotate or revoke them.")
        first_time = [] if principal else [key_records.principal(caller.tenant_id, service_name, at=now)]
        user_id = (principal or first_time[0].item)["user_id"]
        service = key_records.service(
            caller, service_name, user_id=user_id, scopes=scopes, expires_at=expires_at, rate_limit=rate_limit, at=now
        )
        service["keys"] = [key_records.entry(made, service, at=now)]
        writes: list[Write] = [governed, *first_time, Put(service, ABSENT), *_beginning(service, made, caller, now)]
        return Plan(_given(service, made, [None], now), writes)

    return _shown_once(changes.make(plan, claim=claim), made)


def get(caller: Caller, service_name: str) -> View:
    """Return a service of the caller's tenant with its keys. Raises ServiceNotFound."""
    _require_name(service_name)
    service = table.get(key_records.key(caller.tenant_id, service_name))
    if service is None:
        raise _not_found()
    now = clock.now()
    return key_records.view(service, table.get_many(key_records.use_keys(service, now)), now)


def page(caller: Caller, *, limit: int, cursor: str | None) -> tuple[list[View], str | None]:
    """Return a page of the services of the caller's tenant by name; one query, and a call per 100 keys."""
    found = table.query(tenants.key(caller.tenant_id).pk, key_records.PREFIX, limit=limit, cursor=cursor)
    now = clock.now()
    asked = [key for service in found.items for key in key_records.use_keys(service, now)]
    parts = [asked[start : start + _READ_TOGETHER] for start in range(0, len(asked), _READ_TOGETHER)]
    uses = {key: use for part in parts for key, use in zip(part, table.get_many(part), strict=True)}
    shown = [
        key_records.view(service, [uses[key] for key in key_records.use_keys(service, now)], now)
        for service in found.items
    ]
    return shown, found.next_cursor


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
        governed = _granting(caller, actor, service["scopes"])
        if service["expires_at"] is not None and service["expires_at"] <= now:
            raise ServiceExpired(f"The keys of {service_name} have expired; revoke them, then make a new one.")
        earlier = _ending(service, ends_at, now)
        after = service | {"keys": [*earlier, key_records.entry(made, service, at=now)]}
        ended = zip(records, earlier, strict=True)
        writes: list[Write] = [
            governed,
            _next(service, after),
            key_records.recorded(made, service),
            *(key_records.changed(record, now=now, valid_until=each["valid_until"]) for record, each in ended),
            *_forgotten(service, now),
            _happened("identity.key.rotated", service, caller, now, key_id=made.key_id, grace_seconds=grace_seconds),
        ]
        uses = table.get_many(key_records.use_keys(after, now), consistent=True)
        return Plan(_given(after | {"version": service["version"] + 1}, made, uses, now), writes)

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
    stated = {"disabled": disabled, "rate_limit": key_records.stored_rate(rate_limit)}
    wanted = {name: value for name, value in stated.items() if value is not None}

    def plan() -> Plan[View]:
        service, actor, records = _read(caller, service_name, now)
        versions.require(if_match, service["version"])
        governed = _granting(caller, actor, service["scopes"])
        uses = table.get_many(key_records.use_keys(service, now), consistent=True)
        made = {name: value for name, value in wanted.items() if service.get(name) != value}
        if not made:
            return Plan(key_records.view(service, uses, now))
        after = service | made
        writes: list[Write] = [
            governed,
            _next(service, after),
            *(key_records.changed(record, now=now, **made) for record in records),
            *_announced(made, service, caller, now),
        ]
        return Plan(key_records.view(after | {"version": service["version"] + 1}, uses, now), writes)

    return changes.make(plan)


def revoke(caller: Caller, service_name: str, *, now: Instant) -> None:
    """Revoke every key of a service; its name is free again, and what it owns waits for who takes it.

    Raises ServiceNotFound, members.BeyondYourRole.
    """

    def plan() -> Plan[None]:
        service, actor, records = _read(caller, service_name, now)
        governed = members.governing(caller, actor, _LEAST)
        user_id = service["user_id"]
        writes: list[Write] = [
            *([] if user_id == caller.user_id else [governed]),
            Delete(key_records.key(caller.tenant_id, service_name), unchanged(service["version"])),
            Delete(auth.membership_key(caller.tenant_id, user_id)),
            *(key_records.changed(record, now=now, revoked=True) for record in records),
            *(Delete(api_keys.use_key(each["key_id"])) for each in service["keys"]),
            _happened("identity.key.revoked", service, caller, now),
        ]
        return Plan(None, writes)

    changes.make(plan)


def _read(caller: Caller, service_name: str, now: Instant) -> tuple[Item, Item | None, list[Item]]:
    """Return a service, the caller's membership, and the records of the keys that are good; two calls."""
    _require_name(service_name)
    names = [key_records.key(caller.tenant_id, service_name), auth.membership_key(caller.tenant_id, caller.user_id)]
    service, actor = table.get_many(names, consistent=True)
    if service is None:
        raise _not_found()
    asked = [api_keys.record_key(each["key_id"]) for each in key_records.live(service, now)]
    return service, actor, [record for record in table.get_many(asked, consistent=True) if record is not None]


def _require_name(service_name: str) -> None:
    """Return when the text may become part of a key. Raises ServiceNotFound."""
    if not key_records.NAME.fullmatch(service_name):
        raise _not_found()


def _granting(caller: Caller, actor: Item | None, scopes: Sequence[str]) -> Check:
    """Return the check that the caller still is the member that was read, who may do all that these scopes allow."""
    governed = members.governing(caller, actor, _LEAST)
    held = caller.scopes & SCOPES[actor["role"]] if actor else frozenset[str]()
    beyond = sorted(set(scopes) - held)
    if beyond:
        raise BeyondYourScopes(f"You may not do this yourself: {', '.join(beyond)}.")
    return governed


def _beginning(service: Item, made: ApiKey, caller: Caller, now: Instant) -> list[Write]:
    """Return the writes of the first key of a service: its record, the membership, and the event."""
    return [
        key_records.recorded(made, service),
        key_records.joined(service, at=now),
        _happened("identity.key.created", service, caller, now, key_id=made.key_id, scopes=service["scopes"]),
    ]


def _ending(service: Item, ends_at: Instant, now: Instant) -> list[Item]:
    """Return the good keys of a service as they are when they end then, if not before. Raises TooManyKeys."""
    earlier = [each | {"valid_until": _sooner(each["valid_until"], ends_at)} for each in key_records.live(service, now)]
    if len([each for each in earlier if now < each["valid_until"]]) >= MAX_LIVE:
        raise TooManyKeys(f"The service has {MAX_LIVE} keys that are good; end one first.")
    return earlier


def _next(service: Item, after: Item) -> Put:
    return Put(after | {"version": service["version"] + 1}, unchanged(service["version"]))


def _forgotten(service: Item, now: Instant) -> list[Write]:
    """Return the writes that remove what is noted of keys that have ended."""
    kept = {each["key_id"] for each in key_records.live(service, now)}
    return [Delete(api_keys.use_key(each["key_id"])) for each in service["keys"] if each["key_id"] not in kept]


def _sooner(valid_until: Instant | None, ends_at: Instant) -> Instant:
    return ends_at if valid_until is None else min(valid_until, ends_at)


def _given(service: Item, made: ApiKey, uses: Sequence[Item | None], now: Instant) -> Answer:
    return key_records.view(service, uses, now) | {"key_id": made.key_id, "key": None}


def _shown_once(given: Answer, made: ApiKey) -> Answer:
    """Return the answer with the key, unless it is the answer of an earlier request: what is recorded has no key."""
    return given | {"key": made.text} if given["key_id"] == made.key_id else given


def _not_found() -> ServiceNotFound:
    return ServiceNotFound("Your tenant has no service of this name that has keys.")


def _announced(made: Item, service: Item, caller: Caller, now: Instant) -> list[Write]:
    """Return the events of what was changed of a service."""
    if "rate_limit" not in made:
        return [_happened(_SWITCHED[made["disabled"]], service, caller, now)]
    rated = _happened("identity.key.changed", service, caller, now, rate_limit=made["rate_limit"])
    return [rated, *_announced({"disabled": made["disabled"]}, service, caller, now)] if "disabled" in made else [rated]


def _happened(event_type: str, service: Item, caller: Caller, at: Instant, **more: Any) -> Put:
    return events.occurred(
        event_type,
        partition=tenants.key(service["tenant_id"]).pk,
        subject_id=service["user_id"],
        tenant_id=service["tenant_id"],
        at=at,
        data={"service_name": service["service_name"], "by": caller.user_id, **more},
    )
