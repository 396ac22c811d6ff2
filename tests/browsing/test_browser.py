"""Where the browser of the tests is looked for."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from tests.browsing import browser


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


def executable(path: Path) -> Path:
    path.touch(mode=0o755)
    return path


def test_the_browser_that_is_named_comes_before_those_on_the_path(
    playwright: Playwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named, found = executable(tmp_path / "mine"), executable(tmp_path / "chromium-browser")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CHROMIUM", raising=False)

    assert browser.find(playwright) == found

    monkeypatch.setenv("CHROMIUM", str(named))

    assert browser.find(playwright) == named


def test_a_name_that_leads_nowhere_is_refused_with_what_to_do(
    playwright: Playwright, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "gone"))

    with pytest.raises(browser.NoBrowser, match="apt-get install chromium"):
        browser.find(playwright)
