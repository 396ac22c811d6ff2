"""What a page does to people: what axe finds, what is too wide for its window, what is too small to hit."""

import itertools
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page

AXE = Path(__file__).parents[2].joinpath("node_modules", "axe-core", "axe.min.js").read_text(encoding="utf-8")
WIDTHS = (360, 1440)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SMALLEST_TARGET = 24
# Links in a sentence are as high as the sentence (WCAG 2.2, 2.5.8).
TOO_SMALL = """(least) => [...document.querySelectorAll("button, input, summary, nav a, h2 a, .back")]
  .map((each) => [each, each.getBoundingClientRect()])
  .filter(([, { width, height }]) => width > 0 && Math.min(width, height) < least)
  .map(([each]) => each.textContent || each.name || each.id)"""


def faults(page: Page) -> list[str]:
    """Return what axe finds at each width in each scheme, and what is too wide or too small to hit."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = []
    for width, scheme in itertools.product(WIDTHS, SCHEMES):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        for violation in page.evaluate("axe.run()")["violations"]:
            found += [f"{width} {scheme}: {violation['id']} {node['target']}" for node in violation["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{width}: the page is wider than the window")
        found += [f"{width}: {name} is too small" for name in page.evaluate(TOO_SMALL, SMALLEST_TARGET)]
    return found
