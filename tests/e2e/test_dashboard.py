"""The dashboard, used by somebody in Chromium on the deployed stage."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from infra.local.deployment import Addresses
from infra.local.sign_in import SignIn
from tests.browser import started
from tests.e2e.dashboard import Person, enter, fill_in


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with started() as browser:
        yield browser


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, timezone_id="UTC")
    context.set_default_timeout(20_000)
    yield context
    context.close()


@pytest.fixture
def ada(stack: Addresses, sign_up: Callable[[], SignIn]) -> Person:
    return Person(sign_up(), stack.api_url)


def test_a_wrong_password_is_said_and_what_was_typed_stays(
    context: BrowserContext, stack: Addresses, ada: Person
) -> None:
    page = context.new_page()
    page.goto(f"{stack.api_url}/")
    fill_in(page, ada, password="not this one, surely")

    expect(page.get_by_role("alert")).to_contain_text("password")
    expect(page.get_by_label("E-mail address")).to_have_value(ada.signed_in.email)

    page.get_by_label("Password").fill(ada.signed_in.password)
    page.get_by_role("button", name="Sign in").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your goals")


def test_goals_are_shown_with_their_progress_and_how_they_are_doing(
    context: BrowserContext, stack: Addresses, ada: Person
) -> None:
    goal_id = ada.goal("Run a marathon", tasks=("Buy shoes", "Run 20 km"), done=1, deadline="2030-01-30")
    page = enter(context, stack, ada)
    said = ada.ask("GET", f"goals/{goal_id}")
    card = page.locator(".card", has_text="Run a marathon")

    expect(card).to_contain_text("On track")
    expect(card).to_contain_text("1 of 2 tasks done")
    expect(card).to_contain_text("Due 30 Jan 2030")
    assert float(card.get_by_role("progressbar").get_attribute("value") or "") == pytest.approx(
        said["progress"]["progress_percentage"], abs=0.1
    )
