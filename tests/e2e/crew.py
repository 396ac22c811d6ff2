"""People of one tenant on the deployed stage, each with a browser of their own."""

import secrets

from infra.stage.client import call
from infra.stage.sign_in import sign_in
from tests.e2e.dashboard import Person


def invited(ada: Person, name: str, role: str = "member") -> Person:
    """Return somebody whom Ada has invited to her tenant."""
    email, password = f"{secrets.token_hex(8)}@milepost.example", secrets.token_urlsafe(18)
    token = ada.ask("POST", "invitations", {"email": email, "role": role})["token"]
    sent = {"email": email, "password": password, "display_name": name, "invitation_token": token}
    assert call("POST", f"{ada.api_url}/api/v1/auth/register", body=sent).status == 201
    return Person(sign_in(api_url=ada.api_url, email=email, password=password, display_name=name), ada.api_url)


def user_id(person: Person) -> str:
    """Return who somebody is to the API."""
    return str(person.ask("GET", "auth/me")["user_id"])
