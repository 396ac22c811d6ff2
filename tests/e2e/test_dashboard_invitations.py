"""Coming into a tenant by an invitation, on the dashboard in Chromium."""

import secrets

from playwright.sync_api import Browser, Page, expect

from infra.stage.client import call
from tests.browsing.accessibility import faults
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


def account(by: Person) -> tuple[str, str]:
    """Return address and password of somebody who has an account and a tenant of their own."""
    email, password = somebody(), secrets.token_urlsafe(18)
    taken = {"email": email, "password": password, "display_name": "Grace"}
    assert call("POST", f"{by.api_url}/api/v1/auth/register", body=taken).status == 201
    return email, password


def signs_in(page: Page, email: str, password: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def test_who_has_an_account_signs_in_on_the_invitation_and_joins_and_switches_back(
    chromium: Browser, ada: Person
) -> None:
    email, password = account(ada)
    page = opened(window(chromium, ada), ada, invited(ada, email))
    joins(page)

    expect(page.get_by_role("alert")).to_contain_text("Sign in to it, then accept the invitation")

    page.get_by_role("button", name="I have an account").click()
    signs_in(page, email, password)
    expect(page.get_by_role("heading", level=1)).to_have_text("Join Newcomer")
    page.get_by_role("button", name="Join Newcomer").click()

    expect(page.get_by_text("Set your first goal")).to_be_visible()
    assert page.url.endswith("#/")
    here = page.get_by_role("navigation").get_by_role("link", name="Newcomer")
    here.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tenants")
    expect(here).to_have_attribute("aria-current", "page")
    expect(page.get_by_role("listitem").filter(has_text="You are here.")).to_contain_text("Newcomer")
    assert faults(page) == []

    page.get_by_role("button", name="Switch to Grace").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_role("navigation").get_by_role("link", name="Grace")).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="You are in Grace now.")).to_be_visible()
    assert page.url.endswith("#/")
    page.reload()
    expect(page.get_by_role("navigation").get_by_role("link", name="Grace")).to_be_visible()


def test_another_tab_follows_a_switch(chromium: Browser, ada: Person) -> None:
    email, password = account(ada)
    context = window(chromium, ada)
    first = opened(context, ada, invited(ada, email))
    first.get_by_role("button", name="I have an account").click()
    signs_in(first, email, password)
    first.get_by_role("button", name="Join Newcomer").click()
    expect(first.get_by_role("navigation").get_by_role("link", name="Newcomer")).to_be_visible()
    second = opened(context, ada, "#/tenants")

    second.get_by_role("button", name="Switch to Grace").click()

    expect(first.get_by_role("navigation").get_by_role("link", name="Grace")).to_be_visible()


def test_an_invitation_that_is_over_says_so_and_leads_to_the_sign_in(chromium: Browser, ada: Person) -> None:
    page = opened(window(chromium, ada), ada, "#/invitation/none")

    expect(page.get_by_text("ask for a new one")).to_be_visible()

    page.get_by_role("button", name="I have an account").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    assert page.url.endswith("#/")


def test_an_invitation_to_another_address_is_looked_at_after_signing_out(chromium: Browser, ada: Person) -> None:
    part = invited(ada, somebody())
    page = opened(window(chromium, ada, ada.session()), ada, part)

    expect(page.get_by_text("You are signed in as Ada Lovelace")).to_be_visible()
    page.get_by_role("button", name="Join Newcomer").click()
    expect(page.get_by_role("alert")).to_contain_text("If it is to another address, sign out first.")

    page.get_by_role("button", name="Sign out and look at it").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Join Newcomer")
    expect(page.get_by_label("Your name")).to_be_visible()
