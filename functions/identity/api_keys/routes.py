"""API keys of the services of a tenant, over REST; for its admins and owners."""

from typing import TYPE_CHECKING, Annotated

from functions.identity import resolver
from functions.identity.api_keys import keys
from functions.identity.api_keys.keys import (
    BeyondYourScopes,
    ServiceExpired,
    ServiceNameTaken,
    ServiceNotFound,
    TooManyKeys,
)
from functions.identity.resolver import ADMIN, BODY, api
from functions.identity.tenancy.members import BeyondYourRole
from shared import clock
from shared.api.declarations import Body
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, IdempotencyKey, IfMatch, Limit, answer
from shared.callers.step_up import RECENT_SECOND_FACTOR
from shared.errors import InvalidInput, Malformed
from shared.storage.idempotency import IdempotencyKeyReused
from shared.storage.versions import VersionChanged

if TYPE_CHECKING:
    from functions.identity.api_keys.shapes import KeyChange, KeyDraft, Rotation


replies = Replies("functions.identity.api_keys.shapes")

SENT = Body("functions.identity.api_keys.shapes")

KEYS = "/api/v1/keys"
KEY = f"{KEYS}/<service_name>"
GRANTING = (BeyondYourRole, BeyondYourScopes)


@api.operation(
    "POST",
    KEYS,
    scope=ADMIN,
    summary="Make an API key for a service",
    answers={201: replies.KeyGiven},
    refusals=(*BODY, *GRANTING, ServiceNameTaken, IdempotencyKeyReused),
    assurance=RECENT_SECOND_FACTOR,
)
def create_key(draft: Annotated["KeyDraft", SENT], idempotency_key: IdempotencyKey = None) -> Response:
    """Give a service a key. It is shown only now: store it where the service finds it.

    The service acts as a user of its own in your tenant: it has its own goals, and others can be shared with it by
    `user_id`. A request repeated with its `Idempotency-Key` answers the same service without the key, which is not
    kept anywhere.
    """
    claim = resolver.claim(api.caller, "keys.create", draft.model_dump(), idempotency_key)
    expires_at = None if draft.expires_at is None else clock.from_rfc3339(draft.expires_at)
    given = keys.create(
        api.caller,
        service_name=draft.service_name,
        scopes=sorted(set(draft.scopes)),
        expires_at=expires_at,
        rate_limit=None if draft.rate_limit is None else draft.rate_limit.rate(),
        now=clock.now(),
        claim=claim,
    )
    return answer(201, given)


@api.operation(
    "GET",
    KEYS,
    scope=ADMIN,
    summary="List services and their keys",
    answers={200: replies.ServicesPage},
    refusals=(Malformed, InvalidInput),
)
def list_keys(limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the services of your tenant by name, with the last four characters and the last day of use of each key."""
    return resolver.page(keys.page(api.caller, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    KEY,
    scope=ADMIN,
    summary="Show a service and its keys",
    answers={200: replies.ServiceKeys},
    refusals=(ServiceNotFound,),
)
def show_key(service_name: str) -> Response:
    """Show one service of your tenant. A key itself cannot be shown again; rotate to get another one."""
    return answer(200, keys.get(api.caller, service_name))


@api.operation(
    "PATCH",
    KEY,
    scope=ADMIN,
    summary="Disable or enable the keys of a service, or change their rate",
    answers={200: replies.ServiceKeys},
    refusals=(*BODY, *GRANTING, ServiceNotFound, VersionChanged),
    assurance=RECENT_SECOND_FACTOR,
)
def change_key(service_name: str, change: Annotated["KeyChange", SENT], if_match: IfMatch = None) -> Response:
    """Let the keys of a service be refused, within 60 seconds, until you enable them again; or change their rate."""
    rate_limit = None if change.rate_limit is None else change.rate_limit.rate()
    changed = keys.change(
        api.caller,
        service_name,
        disabled=change.disabled,
        rate_limit=rate_limit,
        if_match=if_match,
        now=clock.now(),
    )
    return answer(200, changed)


@api.operation(
    "POST",
    f"{KEY}/rotate",
    scope=ADMIN,
    summary="Rotate the key of a service",
    answers={201: replies.KeyGiven},
    refusals=(*BODY, *GRANTING, ServiceNotFound, ServiceExpired, TooManyKeys, IdempotencyKeyReused),
    assurance=RECENT_SECOND_FACTOR,
)
def rotate_key(
    service_name: str, rotation: Annotated["Rotation | None", SENT] = None, idempotency_key: IdempotencyKey = None
) -> Response:
    """Give a service a new key, shown only now; the keys it has stay good for a day, or for `grace_seconds`.

    With 0 they end within 60 seconds: do that when one has leaked.
    """
    grace_seconds = keys.GRACE_SECONDS if rotation is None else rotation.grace_seconds
    request = {"service_name": service_name, "grace_seconds": grace_seconds}
    claim = resolver.claim(api.caller, "keys.rotate", request, idempotency_key)
    given = keys.rotate(api.caller, service_name, grace_seconds=grace_seconds, now=clock.now(), claim=claim)
    return answer(201, given)


@api.operation(
    "DELETE",
    KEY,
    scope=ADMIN,
    summary="Revoke the keys of a service",
    answers={204: None},
    refusals=(ServiceNotFound, BeyondYourRole),
    assurance=RECENT_SECOND_FACTOR,
)
def revoke_key(service_name: str) -> Response:
    """Revoke every key of a service, within 60 seconds. Its name is free again at once.

    Its goals stay: a service made with the same name later acts as the same user.
    """
    keys.revoke(api.caller, service_name, now=clock.now())
    return answer(204)
