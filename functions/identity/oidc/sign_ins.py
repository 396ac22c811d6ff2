"""Signing in with Google, or with whichever provider of OpenID Connect the stage names: code flow with PKCE.

The first sign-in of somebody unknown makes a user without a password and a tenant of their own. An address that
somebody has registered is refused and never linked (accounts/identities.py).
"""

from dataclasses import dataclass
from typing import Literal, NoReturn

from functions.identity.accounts import accounts, emails, identities, memberships, tenants, users
from functions.identity.accounts.epochs import Epoch
from functions.identity.accounts.identities import Identity
from functions.identity.accounts.users import Account, Membership, Owner
from functions.identity.audit.failures import Failure
from functions.identity.oidc import attempts, clients, id_tokens, providers, refusals
from functions.identity.oidc.attempts import Attempt
from functions.identity.oidc.clients import Client
from functions.identity.oidc.id_tokens import InvalidIdToken
from functions.identity.oidc.providers import Provider
from functions.identity.sign_in import entries, pending_sign_ins, sessions, sign_ins
from functions.identity.sign_in.entries import Entry
from functions.identity.sign_in.pending_sign_ins import CodeDue
from functions.identity.tenancy import registrations
from shared import config, ids
from shared.clock import Instant
from shared.errors import Conflict, Forbidden, Refusal, Unavailable
from shared.storage import changes, table
from shared.storage.changes import Plan

CALLBACK = "/api/v1/auth/google/callback"
AMR = ("fed",)
"""How a session says that another provider vouches. None of the values that are registered for RFC 8176 does: they name
what the user has shown, which only the provider knows. `fed` is what Microsoft Entra ID says of the same."""
_NEW = Epoch(0, 0, 0)


class GoogleSignInDenied(Forbidden):
    """403: you, or the provider, did not agree to this sign-in."""


class AddressNotLinked(Conflict):
    """409: there is an account with this e-mail address already; sign in to it as it was made."""


@dataclass(frozen=True, slots=True)
class Callback:
    """What the provider sends the browser back with, and from where it comes."""

    state: str
    code: str | None
    error: str | None
    issuer: str | None
    source_address: str | None = None


def begin(*, now: Instant) -> tuple[str, Attempt]:
    """Return where to send the browser, and the attempt whose secret it must keep.

    Raises oidc_clients.GoogleSignInNotConfigured, oidc_fetching.ProviderUnavailable, Unavailable.
    """
    client = clients.configured(now=now)
    provider = providers.current(now=now)
    attempt = attempts.begin(now=now)
    location = provider.authorization(
        client_id=client.client_id,
        redirect_uri=_redirect_uri(),
        state=attempt.state,
        nonce=attempt.nonce,
        code_challenge=attempt.challenge,
        code_challenge_method="S256",
    )
    return location, attempt


def finish(callback: Callback, *, browser_secret: str | None, now: Instant) -> Entry | CodeDue:
    """Begin a session and return its tokens, or `mfa_required` and `mfa_token` when a second factor is enrolled.

    Raises google_attempts.InvalidSignInState, GoogleSignInDenied, AddressNotLinked, sign_ins.UserDisabled,
    sign_ins.SignInLocked, and what `begin`, oidc_providers.redeem and oidc_id_tokens.verify do.
    """
    client = clients.configured(now=now)
    attempt = attempts.use_up(state=callback.state, browser_secret=browser_secret, now=now)
    identity = attempt.identity
    try:
        identity = identity or _named(callback, attempt, client, now)
        return _enter(identity, source_address=callback.source_address, now=now)
    except Unavailable:
        attempts.put_back(attempt, identity)
        raise


def _named(callback: Callback, attempt: Attempt, client: Client, now: Instant) -> Identity:
    """Return who the provider says has signed in. Raises what `finish` does."""
    provider = providers.current(now=now)
    if not _is_from(provider, callback):
        raise GoogleSignInDenied("The answer comes from another provider than the one that was asked.")
    if callback.error is not None or not callback.code:
        raise GoogleSignInDenied("The provider did not agree to this sign-in; begin again if you want to.")
    token = providers.redeem(
        provider, client, code=callback.code, verifier=attempt.verifier, redirect_uri=_redirect_uri()
    )
    return id_tokens.verify(token, provider=provider, client_id=client.client_id, nonce=attempt.nonce, now=now)


def _is_from(provider: Provider, callback: Callback) -> bool:
    """Tell whether the provider that was asked has answered (RFC 9207, section 2.4)."""
    return callback.issuer == provider.issuer or (callback.issuer is None and not provider.names_itself)


def _redirect_uri() -> str:
    return f"{config.token_issuer().rstrip('/')}{CALLBACK}"


def _enter(identity: Identity, *, source_address: str | None, now: Instant) -> Entry | CodeDue:
    """Let somebody in whom the provider has named, as a new user if need be."""
    key = identities.key(identities.digest(identity))

    def plan() -> Plan[Entry | CodeDue]:
        known = table.get(key, consistent=True)
        if known is None and table.get(users.email_key(identity.email), consistent=True) is not None:
            # Address and identity come in one transaction: what was not there before the address is there after it.
            known = table.get(key, consistent=True) or _refuse_to_link()
        if known is None:
            return _founding(identity, source_address, now)
        return _returning(users.owner_of(known), source_address, now)

    try:
        return changes.make(plan)
    except (AddressNotLinked, sign_ins.UserDisabled) as refusal:
        _tell_of(refusal, identity, source_address, now)
        raise


def _tell_of(refusal: Refusal, identity: Identity, source_address: str | None, now: Instant) -> None:
    """Let the tenant of who was refused hear of it, that which they used last; who has left meanwhile has none."""
    is_disabled = isinstance(refusal, sign_ins.UserDisabled)
    key = identities.key(identities.digest(identity)) if is_disabled else users.email_key(identity.email)
    item = table.get(key, consistent=True)
    if item is not None:
        whose = _last_used(users.owner_of(item))
        reason: Literal["user_disabled", "address_not_linked"] = (
            "user_disabled" if is_disabled else "address_not_linked"
        )
        failure = Failure("sign_in", reason, whose.user_id, whose.tenant_id, source_address)
        refusals.tell(failure, email=identity.email, now=now)


def _last_used(owner: Owner) -> Membership:
    item = table.get(users.key(owner.user_id), consistent=True)
    return Membership(owner.user_id, owner.tenant_id) if item is None else users.from_item(item).places[0]


def _refuse_to_link() -> NoReturn:
    raise AddressNotLinked(
        "There is an account with this e-mail address that was not made by this sign-in; sign in to it as before."
    )


def _returning(known: Owner, source_address: str | None, now: Instant) -> Plan[Entry | CodeDue]:
    """Return the plan that lets a user in whose second factor, if any, must follow."""
    user, standing = users.read(known.user_id, known.tenant_id)
    open_ones = [] if user is None else accounts.open_ones(user, standing)
    if user is None or not open_ones:
        raise sign_ins.disabled()
    account = open_ones[0]
    if account.epoch.second_factors:
        email, token = user.email, pending_sign_ins.new_token()
        waiting = pending_sign_ins.begun(token, account, email=email, amr=AMR, now=now)
        return Plan(pending_sign_ins.due(token), [sign_ins.held(email, now=now), waiting])
    beginning = sessions.begin(account, amr=AMR, now=now, source_address=source_address)
    return Plan(entries.of(beginning.grant, account, open_ones), beginning.writes)


def _founding(identity: Identity, source_address: str | None, now: Instant) -> Plan[Entry | CodeDue]:
    """Return the plan that makes a user, the lock of their address, a tenant that they own, and their first session.

    Raises InvalidIdToken for an address that nobody new may have.
    """
    try:
        emails.checked(identity.email)
    except ValueError as error:
        raise InvalidIdToken(
            "What the provider says is your e-mail address is none; ask them to correct it."
        ) from error
    user_id, tenant_id = ids.new("user", at=now), ids.new("tenant", at=now)
    who = {"user_id": user_id, "tenant_id": tenant_id}
    account = Account(user_id, user_id, tenant_id, identity.display_name, role="owner", is_disabled=False, epoch=_NEW)
    beginning = sessions.begin(account, amr=AMR, now=now, source_address=source_address)
    writes = [
        *users.new(
            user_id=user_id,
            tenant_id=tenant_id,
            email=identity.email,
            display_name=identity.display_name,
            password_hash=None,
            identity=identities.digest(identity),
            at=now,
        ),
        identities.new(identity, **who, at=now),
        *tenants.founded(tenant_id=tenant_id, name=identity.display_name, at=now),
        memberships.joined(**who, role="owner", at=now),
        registrations.registered(**who, role="owner", at=now),
        *beginning.writes,
    ]
    return Plan(entries.of(beginning.grant, account, [account]), writes)
