"""Access tokens: JWTs of 15 minutes that say who calls and what they may do (RFC 9068, RFC 8725)."""

import base64
import json
import secrets
from collections.abc import Sequence
from typing import Any

from functions.identity.access_tokens import signing_keys
from functions.identity.accounts.users import Account
from functions.identity.scopes import SCOPES
from shared import config
from shared.callers import access_tokens
from shared.clock import SECOND, Instant

LIFETIME_SECONDS = 900


def mint(
    account: Account,
    *,
    session_id: str,
    amr: Sequence[str],
    auth_time: int,
    now: Instant,
    lifetime_seconds: int = LIFETIME_SECONDS,
) -> str:
    """Return a signed access token of a session; `auth_time` is when its user proved who they are, in seconds.

    `mfa` tells that a second factor is asked of them, since they have enrolled one or their tenant demands it; `amr`
    whether they have used one. Raises Unavailable.
    """
    issued_at = now // SECOND
    claims = {
        "iss": config.token_issuer(),
        "aud": config.token_audience(),
        "sub": account.user_id,
        "tid": account.tenant_id,
        "sid": session_id,
        "roles": [account.role],
        "scope": " ".join(sorted(SCOPES[account.role])),
        "iat": issued_at,
        "exp": issued_at + lifetime_seconds,
        "jti": secrets.token_urlsafe(16),
        "amr": list(amr),
        "auth_time": auth_time,
        "mfa": account.owes_second_factor,
        "epoch": account.epoch.number,
    }
    key = signing_keys.active(now=now)
    signed = f"{_part(access_tokens.header(key.key_id))}.{_part(claims)}"
    return f"{signed}.{_encoded(key.sign(signed.encode()))}"


def _part(content: dict[str, Any]) -> str:
    return _encoded(json.dumps(content, separators=(",", ":")).encode())


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()
