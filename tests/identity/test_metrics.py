"""What identity counts: refused requests, wrong credentials, and how late the audit log has what happened."""

from typing import Any

import pytest
import time_machine

from functions.identity.audit import consumers as audit_consumers
from shared.storage.events import stored
from tests.aws.emf import Measured, counted, written
from tests.aws.entries import Context
from tests.aws.messages import delivered
from tests.identity.access_tokens.issuer import Issuer
from tests.identity.audit.logs import written as items_written
from tests.identity.entries import appsync, rest
from tests.identity.people import Person

__all__ = ["items_written"]


def refused(service: str, status: str) -> Measured:
    return Measured(service, "RequestsRefused", status, [1.0])


def test_a_request_without_a_credential_is_counted(aws: None, capsys: Any):
    rest("GET", "/api/v1/members")

    assert written(capsys) == [refused("rest", "401")]


def test_a_caller_without_the_scope_is_counted(issuer: Issuer, capsys: Any):
    token = issuer.token(claims=issuer.claims(scope="goals:read"))
    rest("GET", "/api/v1/members", headers={"authorization": f"Bearer {token}"})

    assert written(capsys) == [refused("rest", "403")]


@pytest.mark.usefixtures("usual_limits")
def test_a_caller_who_asks_too_often_is_counted(issuer: Issuer, capsys: Any):
    with time_machine.travel("2026-11-20T12:00:00Z", tick=False):
        token = issuer.token(claims=issuer.claims(scope="identity:admin"))
        answers = [rest("GET", "/api/v1/keys", headers={"authorization": f"Bearer {token}"}) for _ in range(51)]

    assert answers[-1].status == 429
    assert written(capsys) == [refused("rest", "429")]


@pytest.mark.parametrize("path", ["/api/v1/members/user_01KAFWZZ2C4E6G8J0K3M5N7PQR", "/api/v1/auth/nowhere"])
def test_what_is_not_there_is_not_counted(issuer: Issuer, capsys: Any, path: str):
    token = issuer.token(claims=issuer.claims(scope="identity:admin"))
    answer = rest("GET", path, headers={"authorization": f"Bearer {token}"})

    assert answer.status in {404, 405}
    assert written(capsys) == []


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_a_wrong_password_is_counted_whoever_it_was_for(ada: Person, capsys: Any, email: str):
    written(capsys)
    rest("POST", "/api/v1/auth/login", {"email": email, "password": "not the one that it is"})

    assert written(capsys) == [Measured("rest", "WrongCredentials", None, [1.0]), refused("rest", "401")]


def test_a_token_that_the_authorizer_refuses_is_counted(aws: None, capsys: Any):
    answer = appsync("no token at all")

    assert answer == {"isAuthorized": False}
    assert written(capsys) == [refused("graphql", "401")]


def test_an_entry_of_the_audit_log_is_measured_from_when_it_happened(
    items_written: list, noon: time_machine.Traveller, ada: Person, capsys: Any
):
    happened = [stored(item) for item in items_written if item["entity"] == "Event"]
    noon.shift(3)
    audit_consumers.handler(delivered(happened), Context())

    assert counted(capsys, "AuditLag") == [Measured("identity", "AuditLag", None, [3000.0] * len(happened))]
