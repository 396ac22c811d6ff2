"""Signing in with a password: the call, the claims of the token, and the work it takes."""

import base64
import json

import pytest
from argon2 import PasswordHasher, extract_parameters

from tests.aws import hooks
from tests.aws.entries import Answer
from tests.identity.entries import rest
from tests.identity.people import SignedIn
from tests.identity.second_factor.authenticators import Authenticator


def login(email: str, password: str) -> Answer:
    return rest("POST", "/api/v1/auth/login", {"email": email, "password": password})


def claims_of(token: str) -> dict:
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))


@pytest.fixture
def work(in_earnest: None, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What DynamoDB and argon2 are asked to do, in order."""
    done: list[str] = []
    verify = PasswordHasher.verify

    def verify_and_note(hasher: PasswordHasher, stored: str, password: str) -> bool:
        cost = extract_parameters(stored)
        done.append(f"argon2id m={cost.memory_cost} t={cost.time_cost} p={cost.parallelism}")
        return verify(hasher, stored, password)

    monkeypatch.setattr(PasswordHasher, "verify", verify_and_note)
    hooks.register("before-call.dynamodb", lambda model, **_: done.append(model.name))
    return done


def stepped_up(here: SignedIn, authenticator: Authenticator) -> SignedIn:
    answer = here.post("/api/v1/auth/verify", {"username": here.person.email, "code": authenticator.code()})
    assert answer.status == 200, answer.body
    return SignedIn(here.person, answer.body["access_token"], here.refresh_token)
