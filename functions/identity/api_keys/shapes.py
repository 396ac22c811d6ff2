"""What callers may send and are answered about API keys."""

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, Field, model_validator

from functions.identity.api_keys import keys, records
from functions.identity.examples import MOMENT, USER_ID
from functions.identity.scopes import SCOPES
from functions.identity.shapes import answered, sent
from shared import clock
from shared.api.whole_numbers import WHOLE
from shared.rates import Rate

_GRANTABLE = sorted(frozenset[str]().union(*SCOPES.values()))
_KEY = {
    "key_id": "4kQzT0bX9aLm",
    "last_four": "0Rz1",
    "created_at": MOMENT,
    "valid_until": None,
    "last_used_on": "2026-11-20",
}
_SERVICE = {
    "service_name": "nightly-report",
    "user_id": USER_ID,
    "scopes": ["goals:read"],
    "disabled": False,
    "rate_limit": None,
    "expires_at": None,
    "created_by": USER_ID,
    "created_at": MOMENT,
    "version": 1,
    "keys": [_KEY],
}


def _known(scope: str) -> str:
    if scope not in _GRANTABLE:
        raise ValueError(f"must be one of {', '.join(_GRANTABLE)}")
    return scope


def _instant(text: str | None) -> str | None:
    if text is not None:
        clock.from_rfc3339(text)
    return text


Scope = Annotated[str, AfterValidator(_known), Field(json_schema_extra={"enum": _GRANTABLE})]


class RateLimit(BaseModel):
    """How many requests a second the keys of a service may send, each for itself, and how many at once."""

    model_config = sent({"requests_per_second": 100, "burst": 500})

    requests_per_second: Annotated[int, Field(strict=True, ge=1, le=1000), WHOLE]
    burst: Annotated[int, Field(strict=True, ge=1, le=5000), WHOLE]

    def rate(self) -> Rate:
        """Return the rate that this is."""
        return Rate(self.requests_per_second, self.burst)


class KeyDraft(BaseModel):
    """Which service, and what its keys may do: nothing that you may not do yourself."""

    model_config = sent({"service_name": "nightly-report", "scopes": ["goals:read"]})

    service_name: Annotated[str, Field(pattern=f"^{records.NAME.pattern}$", description="Letters, digits and hyphens.")]
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(_GRANTABLE))]
    expires_at: Annotated[str | None, AfterValidator(_instant), Field(description="RFC 3339; never without.")] = None
    rate_limit: Annotated[RateLimit | None, Field(description="Of each key; by default that of every caller.")] = None


class Rotation(BaseModel):
    """For how long the keys there are stay good beside the new one."""

    model_config = sent({"grace_seconds": 3600})

    grace_seconds: Annotated[int, Field(strict=True, ge=0, le=keys.MAX_GRACE_SECONDS), WHOLE] = keys.GRACE_SECONDS


class KeyChange(BaseModel):
    """Whether the keys of the service are refused for now, and their rate; what is not sent stays as it is."""

    model_config = sent({"disabled": True})

    disabled: Annotated[bool | None, Field(strict=True)] = None
    rate_limit: RateLimit | None = None

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        if self.disabled is None and self.rate_limit is None:
            raise ValueError("say what to change: disabled, rate_limit")
        return self


class Key(BaseModel):
    """A key, without what it takes to use it."""

    key_id: str
    last_four: str
    created_at: str
    valid_until: str | None
    last_used_on: str | None


class ServiceKeys(BaseModel):
    """A service, the user it acts as, and the keys that are good."""

    model_config = answered(_SERVICE)

    service_name: str
    user_id: str
    scopes: list[str]
    disabled: bool
    rate_limit: RateLimit | None
    expires_at: str | None
    created_by: str
    created_at: str
    version: int
    keys: list[Key]


class KeyGiven(ServiceKeys):
    """The service with its new key, which is shown once: a repeated request answers the service without it."""

    # Cut short, or every scanner for secrets would find one here.
    model_config = answered({**_SERVICE, "key_id": "4kQzT0bX9aLm", "key": "mlp_prod_4kQzT0bX9aLm_Jd8…"})

    key_id: str
    key: str | None


class ServicesPage(BaseModel):
    """A page of services with their keys."""

    model_config = answered({"items": [_SERVICE], "next_cursor": None})

    items: list[ServiceKeys]
    next_cursor: str | None
