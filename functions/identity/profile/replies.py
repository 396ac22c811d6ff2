"""What the routes of one's own account answer."""

from typing import Any

from pydantic import BaseModel, ConfigDict, RootModel

from functions.identity import examples
from functions.identity.codes.channels import Channel
from functions.identity.examples import MOMENT, TENANT_ID, USER_ID
from functions.identity.shapes import answered
from functions.identity.sign_in.replies import _GRANT, SignedIn


class PhoneChallenge(BaseModel):
    """Where a code was sent, most of the number hidden, and until when it is good; the code is not in it."""

    model_config = answered({"phone_number": examples.MASKED, "expires_at": MOMENT})

    phone_number: str
    expires_at: str


class Phone(BaseModel):
    """The number that your codes are sent to, most of it hidden, and how: by e-mail still, if no SMS goes there."""

    model_config = answered({"phone_number": examples.MASKED, "otp_channel": "sms", "version": 2})

    phone_number: str
    otp_channel: Channel
    version: int


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


class Person(BaseModel):
    """Somebody who has signed in, and what they may do; of their number, if they have one, the last digits."""

    model_config = answered(_PERSON)

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

    model_config = answered(_SERVICE)

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

    model_config = answered({**_PROFILE, **_CODES, "created_at": MOMENT, "version": 2, "session": _GRANT})

    user_id: str
    tenant_id: str
    email: str
    display_name: str
    phone_number: str | None
    otp_channel: Channel
    created_at: str
    version: int
    session: SignedIn | None
