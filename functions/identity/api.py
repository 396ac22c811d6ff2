"""What callers may ask of identity: register, sign in, who am I, and the keys that verify our tokens."""

from typing import Annotated, Any, Literal

from aws_lambda_powertools.event_handler import Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from functions.identity import passwords, sign_ins, signing_keys, tokens, users
from functions.identity.emails import Email, normalise
from functions.identity.scopes import Role
from functions.identity.sign_ins import InvalidCredentials, SignInLocked
from functions.identity.users import EmailTaken, UserNotFound
from shared import clock, config, idempotency, verification_keys
from shared.api import PUBLIC, Api, IdempotencyKey, answer
from shared.api import handler as lambda_handler
from shared.auth import AmbiguousCredential
from shared.errors import InvalidInput, Malformed, TooLarge, UnsupportedMedia
from shared.idempotency import Claim, IdempotencyKeyReused

BODY = (Malformed, TooLarge, UnsupportedMedia, InvalidInput)

api = Api()


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("must not contain control characters")
    return text


Name = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100), AfterValidator(_printable)
]


class Registration(BaseModel):
    """Who registers. The role is not asked for: whoever registers owns the tenant that is made for them."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "email": "ada@example.com",
                    "password": "a sentence is easy to remember",
                    "display_name": "Ada Lovelace",
                    "tenant_name": "Analytical Engines",
                }
            ]
        },
    )

    email: Email
    password: Annotated[
        str,
        Field(
            min_length=passwords.MIN_CHARACTERS,
            max_length=passwords.MAX_CHARACTERS,
            description="Not a common password, and without the part of the e-mail address before the @.",
        ),
    ]
    display_name: Name
    tenant_name: Annotated[Name | None, Field(description="The name of the tenant; without it, `display_name`.")] = None


class Registered(BaseModel):
    """The user and their tenant."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user_id": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
                    "tenant_id": "tenant_01KAEY3VJ0N7B4C1D8E5F2G9H6",
                    "email": "ada@example.com",
                    "display_name": "Ada Lovelace",
                    "role": "owner",
                }
            ]
        }
    )

    user_id: str
    tenant_id: str
    email: str
    display_name: str
    role: Role


class Credentials(BaseModel):
    """An e-mail address and a password."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"email": "ada@example.com", "password": "a sentence is easy to remember"}]},
    )

    email: Annotated[str, Field(max_length=254)]
    password: Annotated[str, Field(max_length=passwords.MAX_CHARACTERS)]


class SignedIn(BaseModel):
    """An access token, and for how many seconds it is good."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"access_token": "eyJhbGciOiJFUzI1NiIs…", "token_type": "Bearer", "expires_in": 900}]
        }
    )

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class Me(BaseModel):
    """Who calls, and what they may do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "user_id": "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8",
                    "tenant_id": "tenant_01KAEY3VJ0N7B4C1D8E5F2G9H6",
                    "email": "ada@example.com",
                    "display_name": "Ada Lovelace",
                    "roles": ["owner"],
                    "scopes": ["goals:read", "goals:write", "identity:read"],
                    "created_at": "2026-11-20T09:30:00.000Z",
                }
            ]
        }
    )

    user_id: str
    tenant_id: str
    email: str
    display_name: str
    roles: list[str]
    scopes: list[str]
    created_at: str


class Jwk(BaseModel):
    """A public key (RFC 7517)."""

    kty: str
    crv: str
    x: str
    y: str
    kid: str
    use: str
    alg: str


class Jwks(BaseModel):
    """The public keys that verify access tokens."""

    # The example key of RFC 7517, appendix A.1.
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "keys": [
                        {
                            "kty": "EC",
                            "crv": "P-256",
                            "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
                            "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
                            "kid": "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s",
                            "use": "sig",
                            "alg": "ES256",
                        }
                    ]
                }
            ]
        }
    )

    keys: list[Jwk]


class Discovery(BaseModel):
    """Where the keys are and what they sign with. There is no authorization endpoint: sign in at /api/v1/auth/login."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "issuer": "https://api.example.com",
                    "jwks_uri": "https://api.example.com/.well-known/jwks.json",
                    "response_types_supported": [],
                    "subject_types_supported": ["public"],
                    "id_token_signing_alg_values_supported": ["ES256"],
                }
            ]
        }
    )

    issuer: str
    jwks_uri: str
    response_types_supported: list[str]
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]


@api.operation(
    "POST",
    "/api/v1/auth/register",
    scope=PUBLIC,
    summary="Register",
    answers={201: Registered},
    refusals=(*BODY, EmailTaken, IdempotencyKeyReused),
)
def register(registration: Registration, idempotency_key: IdempotencyKey = None) -> Response[str]:
    """Make a user and a tenant of their own; the e-mail address must not have been used before."""
    registered = users.register(
        email=registration.email,
        password=registration.password,
        display_name=registration.display_name,
        tenant_name=registration.tenant_name or registration.display_name,
        now=clock.now(),
        claim=_claim(registration, idempotency_key) if idempotency_key else None,
    )
    return answer(201, registered)


@api.operation(
    "POST",
    "/api/v1/auth/login",
    scope=PUBLIC,
    summary="Sign in",
    answers={200: SignedIn},
    refusals=(*BODY, InvalidCredentials, SignInLocked),
)
def login(credentials: Credentials) -> Response[str]:
    """Exchange e-mail address and password for an access token; five failures in 15 minutes lock for 15 minutes."""
    token = sign_ins.sign_in(email=normalise(credentials.email), password=credentials.password, now=clock.now())
    return answer(200, {"access_token": token, "token_type": "Bearer", "expires_in": tokens.LIFETIME_SECONDS})


@api.operation(
    "GET",
    "/api/v1/auth/me",
    scope="identity:read",
    summary="Who am I",
    answers={200: Me},
    refusals=(AmbiguousCredential, UserNotFound),
)
def me() -> Response[str]:
    """Tell who calls, with the roles and scopes of the token that was sent."""
    caller = api.caller
    user = users.get(caller.user_id)
    shown = {name: user[name] for name in ("email", "display_name", "created_at")}
    granted = {"roles": caller.roles, "scopes": sorted(caller.scopes)}
    return answer(200, {"user_id": caller.user_id, "tenant_id": caller.tenant_id, **shown, **granted})


@api.operation(
    "GET", "/.well-known/jwks.json", scope=PUBLIC, summary="Public keys of the access tokens", answers={200: Jwks}
)
def jwks() -> Response[str]:
    """List every key that verifies access tokens; look again when a token names one that is not here."""
    signing_keys.active(now=clock.now())
    return _cacheable({"keys": signing_keys.public()})


@api.operation("GET", "/.well-known/openid-configuration", scope=PUBLIC, summary="Discovery", answers={200: Discovery})
def discovery() -> Response[str]:
    """Tell a verifier the issuer, where its keys are, and the algorithm they sign with."""
    issuer = config.token_issuer()
    document = {
        "issuer": issuer,
        "jwks_uri": f"{issuer.rstrip('/')}/.well-known/jwks.json",
        "response_types_supported": [],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": [verification_keys.ALGORITHM],
    }
    return _cacheable(document)


def _cacheable(document: dict[str, Any]) -> Response[str]:
    return answer(200, document, headers={"Cache-Control": "public, max-age=300"})


def _claim(registration: Registration, idempotency_key: str) -> Claim:
    """Return the claim of a caller who has no name yet but the address they bring."""
    purpose = f"{registration.email} {idempotency_key}"
    fingerprint = passwords.fingerprint(registration.password, purpose=purpose)
    return idempotency.claim(
        partition=users.email_partition(registration.email),
        idempotency_key=idempotency_key,
        operation="auth.register",
        request={**registration.model_dump(), "password": fingerprint},
    )


handler = lambda_handler(api)
