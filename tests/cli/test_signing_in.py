"""Signing in on a machine: where secrets are, and what becomes of a session."""

import json
import stat

import pytest
import time_machine

from milepost_cli import sessions
from milepost_cli.account import open_account
from tests.cli.shell import URL, Shell
from tests.identity.people import Person
from tests.identity.second_factor.authenticators import enrolled


def test_signing_in_is_remembered_for_the_next_command(shell: Shell, ada: Person):
    shell.signs_in(ada.email, ada.password)

    ran = shell.types("whoami", "--json")

    assert ran.exit_code == 0
    assert (ran.json["email"], ran.json["roles"], ran.json["url"]) == (ada.email, ["owner"], URL)


def test_a_wrong_password_is_refused_and_nothing_is_kept(shell: Shell, ada: Person):
    ran = shell.signs_in(ada.email, "not the one")

    assert (ran.exit_code, ran.out) == (3, "")
    assert "InvalidCredentials" in ran.err
    assert shell.types("whoami").exit_code == 3


def test_what_is_kept_only_its_owner_may_read(adas: Shell):
    mode = (adas.home / "session.json").stat().st_mode

    assert stat.S_IMODE(mode) == 0o600


def test_no_secret_is_printed(shell: Shell, ada: Person):
    ran = [shell.signs_in(ada.email, ada.password), shell.types("whoami"), shell.types("whoami", "--json")]

    kept = json.loads((shell.home / "session.json").read_text())
    secrets = [ada.password, kept["access_token"], kept["refresh_token"]]
    assert [each for each in secrets if each in str(ran)] == []


def test_the_password_cannot_be_an_argument(shell: Shell):
    ran = shell.types("login", "--url", URL, "--password", "secret")

    assert ran.exit_code == 2


def test_the_password_is_not_sent_in_the_clear_over_a_network(shell: Shell, ada: Person):
    ran = shell.types("login", "--url", "http://api.example.com", "--email", ada.email, stdin="x\n")

    assert ran.exit_code == 2
    assert shell.requests == []


@pytest.mark.parametrize("proof", ["code", "recovery code"])
def test_a_second_factor_is_asked_for(shell: Shell, ada: Person, proof: str):
    authenticator = enrolled(ada.signs_in())
    shown = authenticator.code(steps=1) if proof == "code" else authenticator.recovery_codes[0]
    ran = shell.types("login", "--url", URL, "-e", ada.email, stdin=f"{ada.password}\n{shown}\n")

    assert ran.exit_code == 0
    assert shell.types("whoami").exit_code == 0


def test_a_session_renews_itself_when_its_access_token_has_ended(adas: Shell, ada: Person):
    before = sessions.load(adas.home)
    with time_machine.travel(before.expires_at + 60, tick=False):
        ran = adas.types("whoami")

    after = sessions.load(adas.home)
    assert ran.exit_code == 0
    assert after.refresh_token != before.refresh_token


def test_two_commands_at_once_spend_the_refresh_token_once(adas: Shell):
    """The second has read the session before the first renewed it; sent again, the token would end the session."""
    with time_machine.travel(sessions.load(adas.home).expires_at + 60, tick=False):
        early, late = open_account(adas.surroundings), open_account(adas.surroundings)
        names = [account.get("/auth/me")["email"] for account in (early, late)]

    assert names == ["ada@example.com"] * 2
    assert adas.asked.count("POST /api/v1/auth/refresh") == 1


def test_signing_out_ends_the_session_here_and_there(adas: Shell):
    kept = (adas.home / "session.json").read_text()
    ran = adas.types("logout")
    gone = adas.types("whoami")
    (adas.home / "session.json").write_text(kept)

    assert (ran.exit_code, gone.exit_code) == (0, 3)
    with time_machine.travel(json.loads(kept)["expires_at"] + 60, tick=False):
        assert adas.types("whoami").exit_code == 3


def test_whoever_is_not_signed_in_is_told_how(shell: Shell):
    ran = shell.types("goals", "list")

    assert (ran.exit_code, ran.out) == (3, "")
    assert "milepost login" in ran.err


@pytest.mark.parametrize(
    "url", ["api.example.com", "ftp://api.example.com", "https://", "https://ada:secret@example.com"]
)
def test_what_is_no_address_of_a_stage_is_refused(shell: Shell, url: str):
    assert shell.types("login", "--url", url, "--email", "ada@example.com", stdin="x\n").exit_code == 2


def test_a_broken_session_file_is_no_session(adas: Shell):
    (adas.home / "session.json").write_text("{")

    assert adas.types("whoami").exit_code == 3


def test_an_api_key_of_the_environment_goes_before_the_session(adas: Shell, ada: Person, pepper: str):
    draft = {"service_name": "weekly-report", "scopes": ["goals:read", "identity:read"]}
    key = ada.signs_in().post("/api/v1/keys", draft).body["key"]
    adas.environment["MILEPOST_API_KEY"] = key

    ran = adas.types("whoami")

    assert ["service", "weekly-report"] in ran.rows
    assert key not in f"{ran.out}{ran.err}"
    assert adas.types("goals", "add", "Run a marathon").exit_code == 6
