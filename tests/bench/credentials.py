"""What it costs to know who calls: reads of the table, and processor time, in process on moto.

moto answers for the table and is not measured: what is refused asks nothing of it, and a token is verified with a key
that is already known.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import jwt
import pytest
from moto import mock_aws

from shared import clock, config
from shared.callers import access_tokens, auth
from shared.errors import Refusal
from tests.aws import hooks
from tests.bench.figures import Figure, quick
from tests.identity.access_tokens.issuer import Issuer
from tests.identity.api_keys.key_holders import service_of
from tests.identity.people import registered
from tests.platform.tenants import deploy
from tests.shared.callers.malformed import malformed

REQUESTS = 50
TURNS = 400
READS = {"GetItem", "BatchGetItem", "Query"}

READS_A_MINUTE = 1
REFUSAL_MICROSECONDS = 50
VERIFICATION_MICROSECONDS = 300
VERIFICATION_TO_PYJWT = 0.65


def measure() -> list[Figure]:
    """Return the figures of good credentials, and of those that are refused without asking anybody."""
    with _stage() as (issuer, reads):
        good = {"bearer token": _bearer(issuer.token()), "API key": {"x-api-key": _api_key()}}
        auth.from_headers(_bearer(issuer.token()))  # the signing keys are read once in five minutes, whoever calls
        figures = [_known(name, headers, reads) for name, headers in good.items()]
        figures += [figure for name, headers in _refused(issuer).items() for figure in _refusal(name, headers, reads)]
        return [*figures, *_verification(issuer)]


@contextmanager
def _stage() -> Iterator[tuple[Issuer, list[str]]]:
    """Yield an issuer that a stage trusts, and the reads of its table, in order."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        deploy(patch)
        reads: list[str] = []
        hooks.register("before-call.dynamodb", lambda model, **_: reads.append(model.name))
        yield Issuer().publish(), reads
        hooks.forget()
        auth.forget()


def _known(name: str, headers: dict[str, str], reads: list[str]) -> Figure:
    reads.clear()
    for _ in range(REQUESTS):
        auth.from_headers(headers)
    count = sum(each in READS for each in reads)
    return Figure(f"{name}, {REQUESTS} requests in a minute: reads", count, "", READS_A_MINUTE)


def _refused(issuer: Issuer) -> dict[str, dict[str, str]]:
    return {
        "malformed token": _bearer("not-a-token"),
        "unsigned token": _bearer(issuer.token(header=issuer.header(alg="none"), sign=lambda _: b"")),
        "token with a header not ours": _bearer(issuer.token(header=issuer.header(jku="https://attacker.example"))),
        **{f"API key, {kind}": {"x-api-key": text} for kind, text in malformed().items()},
    }


def _refusal(name: str, headers: dict[str, str], reads: list[str]) -> list[Figure]:
    reads.clear()
    taken = [_microseconds(lambda: _refuse(headers), time.perf_counter_ns) for _ in range(TURNS)]
    return [
        Figure(f"{name}: reads", sum(each in READS for each in reads), "", 0),
        Figure(f"{name}: until refused", quick(taken[TURNS // 4 :]), "µs", REFUSAL_MICROSECONDS),
    ]


def _refuse(headers: dict[str, str]) -> None:
    # A token that was refused is not remembered, so each is looked at anew.
    try:
        auth.from_headers(headers)
    except Refusal:
        return
    raise RuntimeError("the credential was taken")


def _verification(issuer: Issuer) -> list[Figure]:
    """Return what verifying a token takes, and what part of the time that PyJWT takes for the same tokens."""
    tokens = [issuer.token(claims=issuer.claims(jti=str(number))) for number in range(TURNS)]
    key, now = jwt.PyJWK(issuer.jwk, "ES256"), clock.now()
    ours, theirs = [], []
    for token in tokens:
        ours.append(_microseconds(lambda token=token: access_tokens.read(token, now=now), time.process_time_ns))
        theirs.append(_microseconds(lambda token=token: _by_pyjwt(token, key), time.process_time_ns))
    name = "verifying an access token, its key known: processor time"
    return [
        Figure(name, median(ours), "µs", VERIFICATION_MICROSECONDS),
        Figure("verifying an access token: to PyJWT", median(ours) / median(theirs), "x", VERIFICATION_TO_PYJWT),
    ]


def _by_pyjwt(token: str, key: jwt.PyJWK) -> None:
    audience, issuer = config.token_audience(), config.token_issuer()
    jwt.decode(token, key, algorithms=["ES256"], audience=audience, issuer=issuer, options={"strict_aud": True})


def _microseconds(act: Callable[[], Any], clock_ns: Callable[[], int]) -> float:
    start = clock_ns()
    act()
    return (clock_ns() - start) / 1000


def _bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def _api_key() -> str:
    return service_of(registered("ada").signs_in()).key
