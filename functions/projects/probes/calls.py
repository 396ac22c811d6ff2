"""What a probe calls instead of asking people: an address, what it expects of the answer, and a sealed secret.

The secret is sealed with a secret of the stage, and bound to its probe. Nothing but the call itself unseals it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal, NamedTuple

from functions.projects.probes.comparison import Comparison
from functions.projects.probes.pointer import LONGEST
from shared import config, sealing
from shared.stage_secrets import StageSecret

Method = Literal["GET", "POST"]
Answered = Literal["on_track", "at_risk", "blocked", "done"]

ADDRESS: Final = "address"
"""Whom a probe asks that calls an address."""
LONGEST_FOUND: Final = LONGEST
"""How many characters are kept of what was compared."""

secret = StageSecret(lambda: config.secret_id("PROBE"))


class Call(NamedTuple):
    """What is called, as it is stored with a probe.

    `expected` is JSON. `set_by` is who has said so last: what the answer moves, it moves in their name.
    """

    method: Method
    url: str
    pointer: str
    comparison: Comparison
    expected: str
    if_true: Answered
    if_false: Answered
    set_by: str
    headers: Sequence[Mapping[str, str]] = ()
    body: str | None = None
    progress_pointer: str | None = None
    secret_header: str | None = None
    sealed: str | None = None


class Called(NamedTuple):
    """What came of a call, as it is stored with its run.

    `failure` is why there is nothing to compare, `found` what was compared, `unmoved` why the milestone stays as it is.
    """

    took_ms: int
    status: int | None = None
    failure: str | None = None
    found: str | None = None
    is_true: bool | None = None
    unmoved: str | None = None


def made(fields: Mapping[str, Any], *, probe_id: str, set_by: str) -> dict[str, Any]:
    """Return how a call is stored that somebody has sent, with its secret sealed. Raises Unavailable."""
    rest = {name: value for name, value in fields.items() if name not in ("expected", "secret")}
    stored = rest | {"expected": json.dumps(fields["expected"]), "set_by": set_by}
    given = fields.get("secret")
    if given is not None:
        sealed = sealing.seal(secret, given["value"], owner=_owner(probe_id))
        stored |= {"secret_header": given["header"], "sealed": sealed}
    return stored


def of(stored: Mapping[str, Any]) -> Call:
    """Return a call as it is stored."""
    return Call(**stored)


def without_secret(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return a call as it is stored when it will be made no more."""
    return {name: value for name, value in stored.items() if name != "sealed"}


def secret_of(call: Call, *, probe_id: str) -> str | None:
    """Return the secret of a call, None without one. Raises Unavailable."""
    return None if call.sealed is None else sealing.unseal(secret, call.sealed, owner=_owner(probe_id))


def view(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is shown of a call: of its secret only the header, and whether there is one."""
    call = of(stored)
    shown = {name: value for name, value in call._asdict().items() if name not in ("secret_header", "sealed")}
    named = None if call.secret_header is None else {"header": call.secret_header, "is_set": call.sealed is not None}
    headers = [{**each} for each in call.headers]
    return shown | {"headers": headers, "expected": json.loads(call.expected), "secret": named}


def _owner(probe_id: str) -> str:
    return f"probe {probe_id}"
