"""The page of the parts, as the deployed stage sends it."""

from pathlib import PurePosixPath

import pytest
from playwright.sync_api import Browser, expect

from infra.parts import publishing
from infra.stage.buckets import MEDIA_TYPES
from infra.stage.client import call
from infra.stage.deployment import Addresses


@pytest.mark.parametrize("name", ["index.html", "page.js", "parts/bars.js", "parts/tokens.css"])
def test_a_file_of_the_page_is_published_with_its_type(stack: Addresses, name: str) -> None:
    publishing.publish(stack)
    answer = call("GET", publishing.address(stack).replace("index.html", name))

    assert answer.text.encode() == publishing.files()[name]
    assert answer.headers["content-type"] == MEDIA_TYPES[PurePosixPath(name).suffix]


def test_every_part_is_shown_and_nothing_is_asked_elsewhere(stack: Addresses, chromium: Browser) -> None:
    publishing.publish(stack)
    page = chromium.new_context().new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(publishing.address(stack))

    expect(page.locator(".part").last).to_be_visible()
    # What the content security policy refuses would be said here.
    assert said == []
    here = f"{stack.endpoint_url}/"
    assert [url for url in asked if not url.startswith((here, f"blob:{here}", "data:"))] == []
