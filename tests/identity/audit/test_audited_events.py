"""Every security event gets into the audit log, what was guessed and what was shown do not, and a flood is bounded."""

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from functions.identity.event_types import EVENT_TYPES
from functions.identity.sign_in import sign_ins
from functions.identity.sign_in.sign_ins import InvalidCredentials, SignInLocked
from shared import clock
from shared.storage import table
from tests.identity.audit.logs import AUDIT, FAILED, audited, faults, written
from tests.identity.people import Person, SignedIn, registered
from tests.identity.security_flows import FLOWS, Flow, guess_the_code, guess_the_password, guess_until_locked

__all__ = ["written"]

LOCKED = "identity.sign_in.locked"
UNPROVED = {FAILED, LOCKED, "identity.session.reuse_detected"}
"""What somebody does who has not proved who they are."""


@pytest.fixture
def owner(noon, written: list, ada: Person) -> SignedIn:
    return ada.signs_in()


def types(log: list[dict[str, Any]]) -> list[str]:
    return [item["event_type"] for item in log]


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_it_is_in_the_log_and_no_secret_is(owner: SignedIn, written: list, caplog, capsys, flow: Flow):
    secrets = [*flow(owner), owner.person.password]
    log = audited(written, owner.person)
    events = [item for item in written if item["entity"] in {"Event", "Audit"}]

    told = json.dumps([events, caplog.text, *capsys.readouterr()])
    assert {f"identity.{name}" for name in FLOWS[flow]} <= set(types(log))
    assert [secret for secret in secrets if secret in told or secret[-16:] in told] == []
    assert faults(owner.person) == []


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.__name__)
def test_it_says_who_did_it_and_names_nobody_of_another_tenant(owner: SignedIn, written: list, flow: Flow):
    flow(owner)
    events = [item for item in written if item["entity"] == "Event"]
    profiles = {item["user_id"]: item["tenant_id"] for item in written if item["entity"] == "User"}
    profiles[owner.person.user_id] = owner.person.tenant_id
    acting = [(event["actor"]["id"], event["tenant_id"]) for event in events if event["actor"]["kind"] == "user"]

    assert {event["actor"]["kind"] for event in events} <= {"user", "anonymous"}
    assert {event["event_type"] for event in events if event["actor"] == {"kind": "anonymous"}} <= UNPROVED
    assert UNPROVED.isdisjoint(event["event_type"] for event in events if event["actor"]["kind"] == "user")
    assert [tenant_id for user_id, tenant_id in acting if profiles.get(user_id, tenant_id) != tenant_id] == []


def test_every_type_of_event_is_audited_or_left_out_on_purpose():
    audited = {f"identity.{name}" for names in FLOWS.values() for name in names}

    assert audited == {name for name, event_type in EVENT_TYPES.items() if event_type.is_audited}
    restated = {"identity.key.stated", "identity.member.stated"}
    assert EVENT_TYPES.keys() - audited == {"identity.user.renamed"} | restated


@pytest.mark.parametrize(("flow", "reason"), [(guess_the_password, "wrong_password"), (guess_the_code, "wrong_code")])
def test_a_failure_says_whose_it_was_why_and_from_where(owner: SignedIn, written: list, flow: Flow, reason: str):
    flow(owner)

    failed = next(item for item in audited(written, owner.person) if item["event_type"] == FAILED)
    assert failed["data"] == {"user_id": owner.person.user_id, "reason": reason, "source_address": "203.0.113.7"}


def test_a_sign_in_says_how_and_from_where(owner: SignedIn, written: list):
    (started,) = [item for item in audited(written, owner.person) if item["event_type"] == "identity.session.started"]

    assert started["data"]["amr"] == ["pwd"]
    assert started["data"]["source_address"] == "203.0.113.7"


@pytest.mark.usefixtures("one_call_at_a_time")
def test_a_flood_of_guesses_is_five_failures_and_one_lock(owner: SignedIn, written: list):
    def guess(number: int) -> None:
        with pytest.raises((InvalidCredentials, SignInLocked)):
            sign_ins.sign_in(email=owner.person.email, password=f"guess number {number}", now=clock.now())

    with ThreadPoolExecutor(32) as threads:
        list(threads.map(guess, range(32)))

    # What a transaction was to write that another was faster than is not there, so the log is read from the table.
    partition = sign_ins.users.email_partition(owner.person.email)
    events = [item["event_type"] for item in table.query_all(partition, "EVENT#")]
    assert sorted(events) == [FAILED] * 5 + [LOCKED]


def test_guessing_goes_on_after_the_lock_and_is_audited_again(owner: SignedIn, written: list, noon):
    guess_until_locked(owner)
    noon.shift(sign_ins.LOCK / clock.SECOND)
    guess_the_password(owner)

    log = types(audited(written, owner.person))
    assert (log.count(FAILED), log.count(LOCKED)) == (6, 1)


def test_an_address_that_nobody_has_costs_the_same_writes_and_is_in_no_log(owner: SignedIn, written: list):
    stranger = Person("nobody", owner.person.tenant_id, "nobody@example.com", "nothing")
    written.clear()
    guess_until_locked(owner)
    of_somebody = written.copy()
    written.clear()
    guess_until_locked(SignedIn(stranger, "", ""))

    assert [sorted(item) for item in written] == [sorted(item) for item in of_somebody]
    assert {item["entity"] for item in written} == {"SignInFailures", "Decoy"}
    assert audited(written, owner.person) == []


def test_nobody_else_sees_the_failures_of_a_tenant(owner: SignedIn, written: list):
    guess_the_password(owner)
    audited(written, owner.person)
    eve = registered("eve").signs_in()

    assert eve.get(AUDIT).body["items"] == []
    assert FAILED in [item["event_type"] for item in owner.get(AUDIT).body["items"]]
