"""What the deployed stage sends to people, looked at on its page, and what comes back of it."""

import secrets
from collections.abc import Callable

from playwright.sync_api import Browser, expect

from infra.sent import publishing
from infra.stage.client import Answer, call
from infra.stage.deployment import Addresses
from infra.stage.sign_in import SignIn, sign_in
from tests.e2e.endpoints import until


def wants_code(stack: Addresses, who: SignIn) -> Answer:
    body = {"username": who.email}
    return call("POST", f"{stack.api_url}/api/v1/auth/generate", body=body, token=who.access_token)


def test_a_code_is_on_the_page_and_nothing_is_asked_elsewhere(
    stack: Addresses, sign_up: Callable[[], SignIn], chromium: Browser
) -> None:
    publishing.publish(stack)
    ada = sign_up()
    wants_code(stack, ada)
    page = chromium.new_context().new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{publishing.address(stack)}?to={ada.email}")
    code = page.locator("article")

    expect(code.locator("h3")).to_have_text("Your Milepost code")
    expect(code).to_contain_text(f"to {ada.email} from no-reply+identity.otp_")
    assert said == []
    assert [url for url in asked if not url.startswith((f"{stack.endpoint_url}/", "data:"))] == []


def test_a_code_that_comes_back_is_the_last_to_that_address(stack: Addresses) -> None:
    # SES and the emulator let whatever is sent to such an address bounce.
    gone = sign_in(
        api_url=stack.api_url,
        email=f"bounce+{secrets.token_hex(4)}@simulator.amazonses.com",
        password=secrets.token_urlsafe(18),
        display_name="Gone",
    )
    first = wants_code(stack, gone)
    refused = until(lambda: (answer := wants_code(stack, gone)).status == 422 and answer)

    assert first.status == 202
    assert refused.json()["code"] == "NoMailSent"
