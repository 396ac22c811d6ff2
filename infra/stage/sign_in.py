"""The demo user: registered and signed in through the API, like everybody else."""

import secrets
from dataclasses import dataclass
from pathlib import Path

from infra.stage.client import call

EMAIL = "demo@milepost.example"


class SignInFailed(Exception):
    """The API did not let the demo user in; the message holds its answer."""


@dataclass(frozen=True, kw_only=True)
class SignIn:
    """A user who is signed in."""

    email: str
    password: str
    access_token: str


def demo_password(state: Path) -> str:
    """Return the password of the demo's people: made once, kept with the data it belongs to, readable for you alone."""
    path = state / "demo-password"
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(18))
    return path.read_text()


def sign_in(*, api_url: str, email: str, password: str, display_name: str) -> SignIn:
    """Return a fresh access token for a user, who is registered when there is none of this e-mail.

    Raises:
        SignInFailed: registered with another password, with a second factor, or the API is not well.
    """
    registration = {"email": email, "password": password, "display_name": display_name}
    registered = call("POST", f"{api_url}/api/v1/auth/register", body=registration)
    if registered.status not in {201, 409}:
        raise SignInFailed(f"register: {registered.status} {registered.text}")
    answer = call("POST", f"{api_url}/api/v1/auth/login", body={"email": email, "password": password})
    if answer.status != 200:
        raise SignInFailed(f"login: {answer.status} {answer.text}")
    if "access_token" not in answer.json():
        raise SignInFailed(f"{email} has enrolled a second factor; remove it, or begin anew: make reset, make up")
    return SignIn(email=email, password=password, access_token=answer.json()["access_token"])
