"""A refused sign-in with Google is in the audit log of whose account it is, once in 15 minutes."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine

from functions.identity.oidc import refusals
from shared.clock import SECOND
from tests.identity.audit.logs import FAILED, audited, written
from tests.identity.oidc.browsers import Browser
from tests.identity.oidc.oidc_provider import Provider
from tests.identity.oidc.signed_in import colleague, signed_in
from tests.identity.people import Person

__all__ = ["written"]


@pytest.fixture
def browser(noon: time_machine.Traveller, written: list[dict[str, Any]], provider: Provider) -> Browser:
    return Browser(provider)


def failures(written: list[dict[str, Any]], person: Person) -> list[dict[str, Any]]:
    return [entry["data"] for entry in audited(written, person) if entry["event_type"] == FAILED]


def test_a_sign_in_that_was_not_linked_is_told_to_the_tenant_of_the_account(
    browser: Browser, written: list[dict[str, Any]], ada: Person
):
    answer = browser.signs_in()

    told = {"user_id": ada.user_id, "reason": "address_not_linked", "source_address": "203.0.113.7"}
    assert answer.code == "AddressNotLinked"
    assert failures(written, ada) == [told]


def test_a_sign_in_of_who_is_disabled_is_told_to_their_tenant(browser: Browser, written: list[dict[str, Any]]):
    owner = signed_in(browser.signs_in())
    colleague(owner).patch(owner.person.path, {"disabled": True})
    answer = browser.signs_in()

    told = {"user_id": owner.person.user_id, "reason": "user_disabled", "source_address": "203.0.113.7"}
    assert answer.code == "UserDisabled"
    assert failures(written, owner.person) == [told]


def test_who_comes_again_and_again_is_told_once_in_15_minutes(
    browser: Browser, written: list[dict[str, Any]], ada: Person, noon: time_machine.Traveller
):
    codes = [browser.signs_in().code for _ in range(6)]
    told_of_six = len(failures(written, ada))
    noon.shift(timedelta(seconds=refusals.QUIET / SECOND))
    codes.append(browser.signs_in().code)

    assert codes == ["AddressNotLinked"] * 7
    assert told_of_six == 1
    assert len(failures(written, ada)) == 2


def test_refusals_do_not_lock_the_password(browser: Browser, ada: Person):
    for _ in range(6):
        browser.signs_in()

    assert ada.signs_in().enters().status == 200


def test_who_gets_in_is_in_no_failure(browser: Browser, written: list[dict[str, Any]]):
    owner = signed_in(browser.signs_in())
    browser.signs_in()

    assert failures(written, owner.person) == []
