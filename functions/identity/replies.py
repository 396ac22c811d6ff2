"""What callers are answered."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from functions.identity.channels import Channel
from functions.identity.scopes import Role

USER_ID = "user_01KAEY3VJ0G3Q6M0R5T9W2X4Z8"
TENANT_ID = "tenant_01KAEY3VJ0N7B4C1D8E5F2G9H6"
MOMENT = "2026-11-20T09:30:00.000Z"
MASKED = "+**********678"

_GRANT = {
    "access_token": "eyJhbGciOiJFUzI1NiIs…",
    "refresh_token": "session_01KAEY3VJ0G3Q6M0R5T9W2X4Z8.0GzI6qW3…",
    "token_type": "Bearer",
    "expires_in": 900,
}
_PROFILE = {"user_id": USER_ID, "tenant_id": TENANT_ID, "email": "ada@example.com", "display_name": "Ada Lovelace"}
_CODES: dict[str, Any] = {"phone_number": None, "otp_channel": "email"}
_PERSON: dict[str, Any] = {
    **_PROFILE,
    **_CODES,
    "roles": ["owner"],
    "scopes": ["goals:read", "goals:write", "identity:admin", "identity:read", "identity:write"],
    "created_at": MOMENT,
    "version": 1,
}
_SERVICE: dict[str, Any] = {
    "user_id": "user_01KAFWZZ2C4E6G8J0K3M5N7PQR",
    "tenant_id": TENANT_ID,
    "service_name": "nightly-report",
    "key_id": "4fK0zQ9xL2bT",
    "scopes": ["goals:read", "identity:read"],
}
_INVITATION = {
    "invitation_id": "invite_01KAEY3VJ0R8S4T0V6W2X9Y5Z1",
    "email": "grace@example.com",
    "role": "member",
    "invited_by": USER_ID,
    "created_at": MOMENT,
    "expires_at": "2026-11-27T09:30:00.000Z",
}
_MEMBER = {
    "user_id": USER_ID,
    "email": "ada@example.com",
    "display_name": "Ada Lovelace",
    "role": "owner",
    "disabled": False,
    "created_at": MOMENT,
    "version": 1,
}


def config_of(example: dict[str, Any]) -> ConfigDict:
    """Return the configuration of a model that the reference shows an example of."""
    return ConfigDict(json_schema_extra={"examples": [example]})


class Registered(BaseModel):
    """The user and their tenant."""

    model_config = config_of({**_PROFILE, "role": "owner"})

    user_id: str
    tenant_id: str
    email: str
    display_name: str
    role: Role


class SignedIn(BaseModel):
    """An access token, for how many seconds it is good, and the refresh token that gets the next one, once."""

    model_config = config_of(_GRANT)

    access_token: str
    refresh_token: str
    token_type: Literal["Bearer"]
    expires_in: int


class Person(BaseModel):
    """Somebody who has signed in, and what they may do; of their number, if they have one, the last digits."""

    model_config = config_of(_PERSON)

    user_id: str
    tenant_id: str
    email: str
    display_name: str
    phone_number: str | None
    otp_channel: Channel
    roles: list[str]
    scopes: list[str]
    created_at: str
    version: int


class ServiceCalling(BaseModel):
    """A service that calls with an API key, and what it may do."""

    model_config = config_of(_SERVICE)

    user_id: str
    tenant_id: str
    service_name: str
    key_id: str
    scopes: list[str]


class Me(RootModel[Person | ServiceCalling]):
    """Who calls, and what they may do: a person, or a service with an API key."""

    model_config = ConfigDict(json_schema_extra={"examples": [_PERSON, _SERVICE]})


class Profile(BaseModel):
    """The profile as it is now; after a change of the password, the tokens of the one session that is left."""

    model_config = config_of({**_PROFILE, **_CODES, "created_at": MOMENT, "version": 2, "session": _GRANT})

    user_id: str
    tenant_id: str
    email: str
    display_name: str
    phone_number: str | None
    otp_channel: Channel
    created_at: str
    version: int
    session: SignedIn | None


class Invitation(BaseModel):
    """An open invitation."""

    model_config = config_of(_INVITATION)

    invitation_id: str
    email: str
    role: Role
    invited_by: str
    created_at: str
    expires_at: str


class InvitationGiven(Invitation):
    """The invitation with its token, which is shown once: a repeated request answers the invitation without it."""

    model_config = config_of(
        {**_INVITATION, "token": "kJ2sV9…", "url": "https://api.milepost.example/#/invitation/kJ2sV9…"}
    )

    token: str | None
    url: str | None = Field(
        description="The page to send on, where the invitation is accepted; null with the token, and where the stage "
        "does not know the address of its page: there, add `#/invitation/` and the token to that of the dashboard."
    )


class Invitations(BaseModel):
    """A page of open invitations."""

    model_config = config_of({"items": [_INVITATION], "next_cursor": None})

    items: list[Invitation]
    next_cursor: str | None


class Member(BaseModel):
    """A member of your tenant."""

    model_config = config_of(_MEMBER)

    user_id: str
    email: str
    display_name: str
    role: Role
    disabled: bool
    created_at: str
    version: int


class Members(BaseModel):
    """A page of the members of your tenant."""

    model_config = config_of({"items": [_MEMBER], "next_cursor": None})

    items: list[Member]
    next_cursor: str | None


class Tenant(BaseModel):
    """Your tenant, and whether it demands a second factor of everybody in it."""

    model_config = config_of(
        {
            "tenant_id": TENANT_ID,
            "name": "Analytical Engines",
            "require_second_factor": False,
            "created_at": MOMENT,
            "version": 1,
        }
    )

    tenant_id: str
    name: str
    require_second_factor: bool
    created_at: str
    version: int


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
    model_config = config_of(
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
    )

    keys: list[Jwk]


class Discovery(BaseModel):
    """Where the keys are and what they sign with. There is no authorization endpoint: sign in at /api/v1/auth/login."""

    model_config = config_of(
        {
            "issuer": "https://api.example.com",
            "jwks_uri": "https://api.example.com/.well-known/jwks.json",
            "response_types_supported": [],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
        }
    )

    issuer: str
    jwks_uri: str
    response_types_supported: list[str]
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]
