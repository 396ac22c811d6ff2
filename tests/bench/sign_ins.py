"""What a sign-in costs, in process against a table that answers at once: nearly all of it is to be argon2id.

And what an unknown address and a wrong password take, turn by turn: who measures from outside is to learn nothing.
"""

import base64
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from statistics import median
from typing import Any

import pytest
from moto import mock_aws

from functions.identity.access_tokens import signing_keys
from functions.identity.accounts import emails, passwords
from functions.identity.api import handler
from tests.aws import hooks
from tests.aws.entries import Context, http_event
from tests.bench import instant_table
from tests.bench.figures import Figure, quick
from tests.bench.scene import ENVIRONMENT
from tests.identity.access_tokens.issuer import Issuer, der
from tests.identity.people import PASSWORD, registered
from tests.platform.held import Stored, raw
from tests.platform.tenants import deploy

TURNS = 200
WARMING = 5
KNOWN, UNKNOWN, WRONG = "ada@example.com", "nobody@example.com", "not the password at all"
# A session is begun with so many passwords; more say nothing more of the share.
SIGN_INS = 60

ARGON2ID_SHARE_AT_LEAST = 0.8
DIFFERENCE_PERCENT = 5


def measure() -> list[Figure]:
    """Return the figures of signing in, and of failing to."""
    user_id, stored = _registered()
    keys = [item for (pk, _), item in stored.items() if pk == "SIGNINGKEYS"]
    signing_key_id = keys[0]["kms_key_id"]["S"]
    with instant_table.serving(_rules(user_id, stored, keys)) as endpoint, _pointed_at(endpoint, signing_key_id):
        for _ in range(WARMING):
            _login(KNOWN, PASSWORD, expected=200)
        hashing, whole, wrong, unknown = [], [], [], []
        with _watched(hashing):
            for _ in range(SIGN_INS):
                whole += _taken(lambda: _login(KNOWN, PASSWORD, expected=200), time.process_time)
        for _ in range(TURNS):
            wrong += _taken(lambda: _login(KNOWN, WRONG, expected=401), time.perf_counter)
            unknown += _taken(lambda: _login(UNKNOWN, WRONG, expected=401), time.perf_counter)
    return judged(hashing=hashing, whole=whole, wrong=wrong, unknown=unknown)


def judged(*, hashing: list[float], whole: list[float], wrong: list[float], unknown: list[float]) -> list[Figure]:
    """Return the figures of what the sign-ins took, in milliseconds; `hashing` is what argon2id took of each."""
    besides = quick([1 - part / took for part, took in zip(hashing, whole, strict=True)])
    difference = 100 * abs(median(wrong) - median(unknown)) / median(wrong)
    return [
        Figure("signing in: processor time", quick(whole), "ms"),
        Figure("signing in: share of it that is not argon2id", besides, "", 1 - ARGON2ID_SHARE_AT_LEAST),
        Figure("a wrong password: time", median(wrong), "ms"),
        Figure(f"an unknown address: difference to that, {len(wrong)} each", difference, "%", DIFFERENCE_PERCENT),
    ]


def _taken(act: Callable[[], Any], clock: Callable[[], float]) -> list[float]:
    start = clock()
    act()
    return [(clock() - start) * 1000]


@contextmanager
def _watched(hashing: list[float]) -> Iterator[None]:
    """Note what checking the password takes of each sign-in, where it is: what it leaves in the caches counts too."""
    check = passwords.is_right

    def watched(password: str, stored: str | None) -> bool:
        begun = time.process_time()
        is_right = check(password, stored)
        hashing.append((time.process_time() - begun) * 1000)
        return is_right

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "is_right", watched)
        yield


def _login(email: str, password: str, *, expected: int) -> None:
    body = {"email": email, "password": password}
    answer = handler(http_event("POST", "/api/v1/auth/login", body), Context())
    if answer["statusCode"] != expected:
        raise RuntimeError(f"answered {answer}")


@contextmanager
def _pointed_at(endpoint: str, signing_key_id: str) -> Iterator[None]:
    """Let this process ask the table and the keys at an address, and forget whom it asked before."""
    with pytest.MonkeyPatch.context() as patch:
        # One address sends hundreds here, and is to be treated as one that stays far below its rate.
        limits = (
            "ACCOUNT_RATE_LIMIT",
            "ADDRESS_RATE_LIMIT",
            "CREDENTIAL_RATE_LIMIT",
            "INVITED_RATE_LIMIT",
            "REGISTRATION_RATE_LIMIT",
        )
        environment = {**ENVIRONMENT, **dict.fromkeys(limits, "1000000/1000000"), "AWS_ENDPOINT_URL": endpoint}
        for name, value in {**environment, "SIGNING_KEY_ID": signing_key_id}.items():
            patch.setenv(name, value)
        _forget()
        yield
    _forget()


def _forget() -> None:
    hooks.forget()
    signing_keys.forget()


def _registered() -> tuple[str, Stored]:
    """Return the id of somebody who has registered, and what is stored then."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        deploy(patch)
        ada = registered("ada")
        ada.signs_in()
        return ada.user_id, raw()


def _rules(user_id: str, stored: Stored, keys: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return what table and keys answer when somebody signs in who is there, and when somebody does who is not."""
    account = [item for (pk, sk), item in stored.items() if user_id in pk + sk or sk == "TENANT"]
    lock = stored[f"EMAIL#{emails.digest(KNOWN)}", "EMAIL"]
    signature = base64.b64encode(der(Issuer().key)(b"a token")).decode()
    rules: list[tuple[str, Any]] = [
        ("TrentService.Sign", {"KeyId": "key", "Signature": signature, "SigningAlgorithm": "ECDSA_SHA_256"}),
        (".TransactWriteItems", {}),
        (emails.digest(KNOWN), {"Responses": {"milepost": [lock]}, "UnprocessedKeys": {}}),
        (emails.digest(UNKNOWN), {"Responses": {"milepost": []}, "UnprocessedKeys": {}}),
        (user_id, {"Responses": {"milepost": account}, "UnprocessedKeys": {}}),
        (".BatchGetItem", {"Responses": {"milepost": []}, "UnprocessedKeys": {}}),
        (".Query", {"Items": keys, "Count": len(keys), "ScannedCount": len(keys)}),
    ]
    return [(marker, json.dumps(answer)) for marker, answer in rules]
