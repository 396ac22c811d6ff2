"""`python -m tests.browsing.screenshots`: the pictures of the README, taken of the demo on the local stage that runs.

The same page gives the same picture: fixed sizes, no caret, no motion. What time moves (progress, forecasts) is as it
is when they are taken.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page

from infra.demo.__main__ import STAGE, signed_in
from tests.browsing import browser

IMAGES = Path(__file__).parents[2] / "docs" / "images"
RUNNING = "Python 3.14 bugfix releases"
DONE = "Python 3.14.0"
PROJECT = "python-3.14"
SIZES = {1440: 900, 360: 740}
SHOWN = {1440: ("dashboard", "goal", "project"), 360: ("dashboard",)}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LARGEST_BYTES = 150_000


def main() -> int:
    """Take every picture anew; 1 when nothing runs here."""
    if not STAGE.exists():
        sys.stderr.write("nothing is running here; start it with `make up`\n")
        return 1
    stage = json.loads(STAGE.read_text(encoding="utf-8"))
    account = signed_in(STAGE)
    ids = {goal["title"]: goal["goal_id"] for goal in account.every("/api/v1/goals")}
    with browser.started() as chromium:
        for scheme in SCHEMES:
            for width in SIZES:
                _take(chromium, stage, scheme=scheme, width=width, goal_id=ids[RUNNING])
    chart = account.send("GET", f"{account.api_url}/api/v1/goals/{ids[DONE]}/chart.svg?theme=auto", token=account.token)
    _write("chart.svg", chart.text.encode())
    return 0


def _take(
    chromium: Browser, stage: Mapping[str, Any], *, scheme: Literal["light", "dark"], width: int, goal_id: str
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": SIZES[width]},
        color_scheme=scheme,
        reduced_motion="reduce",
        locale="en-GB",
        timezone_id="UTC",
    )
    page = context.new_page()
    page.goto(f"{stage['api_url']}/")
    page.get_by_label("E-mail address").fill(stage["email"])
    page.get_by_label("Password").fill(stage["password"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Sign out").wait_for()
    parts = {"dashboard": "#/", "goal": f"#/goals/{goal_id}", "project": f"#/projects/{PROJECT}"}
    for name in SHOWN[width]:
        _show(page, parts[name])
        picture = page.screenshot(caret="hide", animations="disabled")
        _write(f"{name}-{scheme}-{width}.png", picture)
    context.close()


def _show(page: Page, part: str) -> None:
    """Open a part of the dashboard anew, and wait until it has all it asks for."""
    page.evaluate("part => { location.hash = part; }", part)
    page.reload(wait_until="networkidle")
    page.locator("h1").wait_for()


def _write(name: str, content: bytes) -> None:
    if len(content) > LARGEST_BYTES:
        raise ValueError(f"{name} has {len(content):,} bytes, {LARGEST_BYTES:,} are allowed")
    (IMAGES / name).write_bytes(content)
    print(f"{name} {len(content):,} bytes")


if __name__ == "__main__":
    sys.exit(main())
