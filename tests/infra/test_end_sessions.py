"""The command that ends all sessions of a stage, which a restored table needs: it says what was true at its instant."""

import json
from typing import Any

import boto3
import pytest

from functions.identity.access_tokens import consumers, signing_keys
from functions.identity.accounts import epochs
from infra.commands import end_sessions, restore
from infra.commands.end_sessions import Done
from infra.commands.migrate import Pace
from shared import clock
from shared.callers import auth
from shared.storage import table
from tests.aws.entries import Context
from tests.identity.conftest import ada, noon
from tests.identity.people import Person, refresh
from tests.infra.permissions import statements_in, used
from tests.infra.stages import Stage

__all__ = ["ada", "noon", "used"]


@pytest.fixture(autouse=True)
def _stage(otp: None) -> None:
    """Give every test a table, a signing key, and what second factors need."""


def end_all() -> Done:
    """Do what the command does."""
    consumers.handler({"action": "renew"}, Context())
    done = end_sessions.run(pace=Pace(1_000_000), wait=lambda _: None)
    forget()
    return done


def forget() -> None:
    """Let the next request meet an instance that remembers nothing, as after a deployment."""
    auth.forget()
    signing_keys.forget()


def restored() -> str:
    """Restore the table to what it is now, whatever happens to it later, and return the name of the new one."""
    return restore.begin(boto3.client("dynamodb"), "milepost", stage="dev", at=clock.now())


def adopt(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stage work on the table that was restored."""
    monkeypatch.setenv("TABLE_NAME", name)
    forget()


def test_nobody_stays_signed_in_and_everybody_can_sign_in(noon: Any, ada: Person) -> None:
    grace = ada.invites("grace", "member")
    before = [person.signs_in() for person in (ada, grace)]
    done = end_all()
    after = [person.signs_in() for person in (ada, grace)]

    assert done == Done(tenants=1, users=2)
    assert [each.enters().status for each in before] == [401, 401]
    assert [refresh(each.refresh_token).status for each in before] == [401, 401]
    assert [each.enters().status for each in after] == [200, 200]
    assert [refresh(each.refresh_token).status for each in after] == [200, 200]


def test_a_session_that_was_ended_after_the_instant_of_a_restore_stays_ended(
    noon: Any, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stolen = ada.signs_in()
    name = restored()
    stolen.post("/api/v1/auth/logout")
    adopt(name, monkeypatch)
    alive_again = stolen.enters().status
    end_all()

    # Without the command, the table knows nothing of the end.
    assert alive_again == 200
    assert stolen.enters().status == 401
    assert refresh(stolen.refresh_token).status == 401


def test_a_refresh_token_that_was_used_after_the_instant_is_not_good_again(
    noon: Any, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = ada.signs_in()
    name = restored()
    refresh(session.refresh_token)
    adopt(name, monkeypatch)
    end_all()

    assert refresh(session.refresh_token).status == 401


def test_a_token_of_the_time_that_was_lost_is_refused_whatever_its_epoch(
    noon: Any, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = ada.signs_in()
    name = restored()
    session.post("/api/v1/auth/logout-all")
    lost = ada.signs_in()
    adopt(name, monkeypatch)
    end_all()
    epoch = epochs.of(table.get(epochs.key(ada.user_id)))

    # The epoch is the one that the token names: only its key tells that it is of another time.
    assert (epoch.number, epoch.sign_outs) == (1, 1)
    assert lost.enters().status == 401


def test_a_key_that_kms_has_deleted_since_the_instant_keeps_nobody_out(noon: Any, ada: Person) -> None:
    ada.signs_in()
    consumers.handler({"action": "rotate"}, Context())
    noon.shift(20 * 60)
    forget()
    active = signing_keys.active(now=clock.now())
    boto3.client("kms").schedule_key_deletion(KeyId=active.kms_key_id, PendingWindowInDays=7)
    end_all()

    assert ada.signs_in().enters().status == 200


def test_the_role_reads_who_there_is_and_raises_counters_and_nothing_else(prod: Stage) -> None:
    role = prod.templates["stateless"]["Outputs"]["EndSessionsRoleArn"]["Value"]["Fn::GetAtt"][0]
    (policy,) = [each for each in prod.of_type("AWS::IAM::Policy") if each["Roles"] == [{"Ref": role}]]
    reading, raising = statements_in(policy)

    assert (reading["Action"], raising["Action"]) == ("dynamodb:Query", "dynamodb:UpdateItem")
    assert reading["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["TENANTS#*", "TENANT#*"]}}
    assert raising["Condition"] == {
        "ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["USER#*"]},
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["PK", "SK", "epoch", "sign_outs"]},
    }
    assert "index" not in json.dumps([reading["Resource"], raising["Resource"]])


def test_what_it_does_with_the_table_its_role_may(used: set[str], ada: Person) -> None:
    ada.signs_in()
    used.clear()
    end_sessions.run(pace=Pace(1_000_000), wait=lambda _: None)

    assert used == {"Query", "UpdateItem"}
