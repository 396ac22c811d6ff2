"""Coming into a tenant by an invitation, on the dashboard in Chromium."""

import secrets

from playwright.sync_api import Browser, Page, expect

from infra.stage.client import call
from tests.e2e.dashboard import Person, opened, window


def invited(by: Person, email: str) -> str:
    """Return the part of the page's address that an invitation leads to."""
    token = by.ask("POST", "invitations", {"email": email, "role": "member"})["token"]
    return f"#/invitation/{token}"


def somebody() -> str:
    return f"{secrets.token_hex(8)}@milepost.example"


def joins(page: Page) -> None:
    page.get_by_label("Your name").fill("Grace")
    page.get_by_label("Password").fill(secrets.token_urlsafe(18))
    page.get_by_role("button", name="Create my account").click()


def test_who_follows_an_invitation_joins_the_tenant_that_invites(chromium: Browser, ada: Person) -> None:
    email = somebody()
    page = opened(window(chromium, ada), ada, invited(ada, email))

    expect(page.get_by_role("heading", level=1)).to_have_text("Join Newcomer")
    expect(page.get_by_text("Newcomer invites you as a member.")).to_be_visible()
    expect(page.get_by_label("E-mail address")).to_have_value(email)
    expect(page.get_by_label("E-mail address")).not_to_be_editable()

    joins(page)

    expect(page.get_by_text("Set your first goal")).to_be_visible()
    assert page.url.endswith("#/")
    members = {member["email"]: member["role"] for member in ada.ask("GET", "members")["items"]}
    assert members == {email: "member", ada.signed_in.email: "owner"}


def test_who_has_an_account_is_told_what_to_do(chromium: Browser, ada: Person) -> None:
    email = somebody()
    taken = {"email": email, "password": secrets.token_urlsafe(18), "display_name": "Grace"}
    assert call("POST", f"{ada.api_url}/api/v1/auth/register", body=taken).status == 201
    page = opened(window(chromium, ada), ada, invited(ada, email))
    joins(page)

    expect(page.get_by_role("alert")).to_contain_text("Sign in to it, then accept the invitation")
    expect(page.get_by_label("Your name")).to_have_value("Grace")


def test_an_invitation_that_is_over_says_so_and_leads_to_the_sign_in(chromium: Browser, ada: Person) -> None:
    page = opened(window(chromium, ada), ada, "#/invitation/none")

    expect(page.get_by_text("ask for a new one")).to_be_visible()

    page.get_by_role("button", name="I have an account").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.url.endswith("#/")


def test_who_is_signed_in_signs_out_to_see_the_invitation(chromium: Browser, ada: Person) -> None:
    part = invited(ada, somebody())
    page = opened(window(chromium, ada, ada.session()), ada, part)

    expect(page.get_by_text("You are signed in as Ada Lovelace")).to_be_visible()

    page.get_by_role("button", name="Sign out and look at it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Join Newcomer")
