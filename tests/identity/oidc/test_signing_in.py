"""Signing in with Google, against a provider that runs here."""

from concurrent.futures import ThreadPoolExecutor

import boto3
import pytest

from functions.identity.oidc import attempts, sign_ins
from functions.identity.oidc.attempts import InvalidSignInState
from functions.identity.oidc.sign_ins import Callback
from shared import clock
from tests.aws import hooks
from tests.identity.entries import bearer, rest
from tests.identity.oidc.browsers import START, Browser
from tests.identity.oidc.oidc_provider import Provider
from tests.identity.oidc.signed_in import colleague, signed_in
from tests.identity.people import PASSWORD, Person, refresh
from tests.identity.second_factor.authenticators import enrolled, second_step
from tests.identity.sign_in.claims import claims_of, login, work

__all__ = ["work"]


@pytest.fixture
def browser(provider: Provider) -> Browser:
    return Browser(provider)


@pytest.fixture
def stored() -> list[str]:
    """What DynamoDB is sent, in order."""
    sent: list[str] = []
    hooks.register("before-call.dynamodb", lambda params, **_: sent.append(str(params["body"])))
    return sent


def test_a_stage_without_a_client_says_so():
    answers = [rest("GET", START), rest("GET", f"{START}/callback", query="state=any&code=any")]

    assert [(answer.status, answer.code) for answer in answers] == [(404, "GoogleSignInNotConfigured")] * 2
    assert answers[0].body["detail"].endswith("use e-mail address and password.")


@pytest.mark.parametrize("secret", ['{"client_id": "", "client_secret": "x"}', "not JSON", "[]", '{"client_id": "x"}'])
def test_a_secret_that_nobody_filled_in_leaves_it_off(provider: Provider, secret: str):
    boto3.client("secretsmanager").put_secret_value(SecretId="oidc", SecretString=secret)

    answer = rest("GET", START)

    assert (answer.status, answer.code) == (404, "GoogleSignInNotConfigured")


def test_it_begins_with_a_redirect_that_carries_state_nonce_and_challenge(browser: Browser):
    answer = browser.opens(START)
    other = Browser(browser.provider).opens(START)

    assert answer.status == 302
    assert browser.provider.agrees(answer.headers["Location"]).keys() == {"state", "code", "scope", "authuser"}
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Location"] != other.headers["Location"]


def test_the_cookie_is_kept_from_scripts_other_hosts_and_other_sites(browser: Browser):
    cookie = browser.opens(START).headers["Set-Cookie"]

    name, *attributes = cookie.split("; ")
    assert name.startswith("__Host-milepost-google=")
    assert attributes == ["Max-Age=600", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"]


def test_what_redeems_the_code_is_not_in_the_table(browser: Browser, stored: list[str]):
    browser.begins()
    (secret,) = browser.cookies.values()
    state = next(iter(browser.provider.codes.values())).query["state"]
    attempt = attempts.Attempt(state, secret, expires_at=0)

    assert any("GoogleSignIn" in text for text in stored)
    assert [text for text in stored for part in (secret, state, attempt.nonce, attempt.verifier) if part in text] == []


@pytest.mark.parametrize("algorithm", ["RS256", "ES256"])
def test_who_comes_for_the_first_time_gets_an_account_and_a_tenant(browser: Browser, algorithm: str):
    browser.provider.algorithm = algorithm
    answer = browser.signs_in()

    me = rest("GET", "/api/v1/auth/me", headers=bearer(answer.body["access_token"])).body
    own = {"tenant_id": me["tenant_id"], "user_id": me["user_id"]}
    assert answer.body.keys() == {"access_token", "refresh_token", "token_type", "expires_in", "memberships", *own}
    assert answer.body["memberships"] == [{**own, "tenant_name": "Ada Lovelace", "role": "owner"}]
    assert (me["email"], me["display_name"], me["roles"]) == ("ada@example.com", "Ada Lovelace", ["owner"])
    assert claims_of(answer.body["access_token"])["amr"] == ["fed"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Set-Cookie"].startswith("__Host-milepost-google=; Max-Age=0;")


def test_the_session_goes_on_as_any_other(browser: Browser):
    answer = refresh(signed_in(browser.signs_in()).refresh_token)

    assert answer.status == 200
    assert claims_of(answer.body["access_token"])["amr"] == ["fed"]


@pytest.mark.parametrize(
    ("name", "shown"), [(None, "ada"), ("  ", "ada"), ("A\u0000d\na", "Ada"), ("x" * 200, "x" * 100)]
)
def test_a_name_that_is_none_is_made_up_from_the_address(browser: Browser, name: str | None, shown: str):
    browser.provider.claims = {"name": name}

    me = signed_in(browser.signs_in()).enters().body

    assert me["display_name"] == shown


def test_who_comes_again_is_the_same_user_whatever_the_address_has_become(browser: Browser):
    first = signed_in(browser.signs_in())
    browser.provider.person |= {"email": "ada@elsewhere.example", "name": "Ada King"}
    again = signed_in(browser.signs_in())

    assert again.person == first.person
    assert again.enters().body["display_name"] == "Ada Lovelace"


def test_another_sub_of_another_address_is_another_user_in_another_tenant(browser: Browser):
    first = signed_in(browser.signs_in()).person
    browser.provider.person |= {"sub": "2", "email": "bob@example.com"}
    second = signed_in(browser.signs_in()).person

    assert (first.user_id != second.user_id, first.tenant_id != second.tenant_id) == (True, True)


def test_an_address_with_a_password_is_refused_and_not_linked(ada: Person, browser: Browser):
    answer = browser.signs_in()
    again = browser.signs_in()

    assert (answer.status, answer.code) == (409, "AddressNotLinked")
    assert again.status == 409
    assert "sign in to it as before" in answer.body["detail"]
    assert ada.signs_in().enters().status == 200


def test_an_address_that_another_identity_has_is_refused(browser: Browser):
    browser.signs_in()
    browser.provider.person["sub"] = "somebody-who-got-the-address-later"
    answer = browser.signs_in()

    assert (answer.status, answer.code) == (409, "AddressNotLinked")


def test_an_address_that_came_from_the_provider_cannot_be_registered(browser: Browser):
    browser.signs_in()
    registration = {"email": "ada@example.com", "password": PASSWORD, "display_name": "Eve"}
    answer = rest("POST", "/api/v1/auth/register", registration)

    assert (answer.status, answer.code) == (409, "EmailTaken")


def test_a_user_without_a_password_is_unknown_to_the_password_sign_in(browser: Browser):
    browser.signs_in()
    known, unknown = login("ada@example.com", PASSWORD), login("nobody@example.com", PASSWORD)

    assert (known.status, known.code) == (401, "InvalidCredentials")
    assert (known.body, known.headers) == (unknown.body, unknown.headers)


def test_a_password_for_a_user_without_one_costs_the_same_work(browser: Browser, work: list[str]):
    browser.signs_in()
    work.clear()
    login("ada@example.com", PASSWORD)
    of_a_user_without = work.copy()
    work.clear()
    login("nobody@example.com", PASSWORD)

    assert of_a_user_without == work
    assert "argon2id m=19456 t=2 p=1" in work


def test_who_has_no_password_cannot_change_it(browser: Browser):
    here = signed_in(browser.signs_in())
    answer = here.patch("/api/v1/auth/me", {"password": "another long sentence", "current_password": "none at all"})
    renamed = here.patch("/api/v1/auth/me", {"display_name": "Countess"})

    assert (answer.status, answer.code) == (409, "PasswordNotSet")
    assert renamed.status == 200


def test_wrong_passwords_of_strangers_do_not_lock_who_comes_from_the_provider(browser: Browser):
    browser.signs_in()
    for number in range(6):
        login("ada@example.com", f"guess number {number}")

    assert browser.signs_in().status == 200


def test_a_second_factor_is_asked_for(browser: Browser):
    authenticator = enrolled(signed_in(browser.signs_in()))
    answer = browser.signs_in()
    finished = second_step(answer.body["mfa_token"], recovery_code=authenticator.recovery_codes[0])

    assert answer.body.keys() == {"mfa_required", "mfa_token"}
    assert finished.status == 200
    assert claims_of(finished.body["access_token"])["amr"] == ["fed", "otp"]


def test_a_step_up_says_that_no_password_was_seen(browser: Browser):
    here = signed_in(browser.signs_in())
    authenticator = enrolled(here)
    fresh = refresh(here.refresh_token).body["access_token"]
    proof = {"username": here.person.email, "code": authenticator.code(steps=1)}
    answer = rest("POST", "/api/v1/auth/verify", proof, headers=bearer(fresh))

    assert answer.status == 200
    assert claims_of(answer.body["access_token"])["amr"] == ["fed", "otp"]


def test_who_is_disabled_stays_out(browser: Browser):
    owner = signed_in(browser.signs_in())
    disabled = colleague(owner).patch(owner.person.path, {"disabled": True})
    answer = browser.signs_in()

    assert disabled.status == 200
    assert (answer.status, answer.code) == (403, "UserDisabled")


def test_who_was_removed_begins_anew(browser: Browser):
    owner = signed_in(browser.signs_in())
    removed = colleague(owner).delete(owner.person.path)
    again = signed_in(browser.signs_in())

    assert removed.status == 204
    assert again.person.email == owner.person.email
    assert again.person.user_id != owner.person.user_id
    assert again.person.tenant_id != owner.person.tenant_id


@pytest.mark.usefixtures("one_call_at_a_time")
def test_of_32_callbacks_with_one_state_one_gets_through(browser: Browser):
    back = browser.begins()
    (secret,) = browser.cookies.values()

    def come_back(_: int) -> str:
        try:
            attempts.use_up(state=back["state"], browser_secret=secret, now=clock.now())
        except InvalidSignInState as refusal:
            return refusal.code
        return "through"

    with ThreadPoolExecutor(32) as threads:
        outcomes = list(threads.map(come_back, range(32)))

    assert outcomes.count("through") == 1
    assert outcomes.count("InvalidSignInState") == 31


@pytest.mark.usefixtures("one_call_at_a_time")
def test_two_first_sign_ins_at_once_make_one_user(browser: Browser):
    other = Browser(browser.provider)
    returns = [(each.begins(), next(iter(each.cookies.values()))) for each in (browser, other)]

    def come_back(returned: tuple[dict[str, str], str]) -> str:
        back, secret = returned
        callback = Callback(state=back["state"], code=back["code"], error=None, issuer=None)
        granted = sign_ins.finish(callback, browser_secret=secret, now=clock.now())
        return claims_of(granted["access_token"])["sub"]

    with ThreadPoolExecutor(2) as threads:
        users = list(threads.map(come_back, returns))

    assert users[0] == users[1]
