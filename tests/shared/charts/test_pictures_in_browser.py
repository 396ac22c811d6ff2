"""Pictures in a real browser: legible at every width, and styled under the policy that they come with."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from shared.charts.badge import badge
from shared.charts.burn_up import BurnUp, Mark, Point, picture
from shared.charts.themes import BADGE_STYLES, STYLES, policy
from shared.instants import DAY, from_rfc3339
from tests.browsing import browser

START = from_rfc3339("2024-01-01T00:00:00Z")
ADDRESS = "http://picture.test/"
SHOWN_TEXTS = """
  const whole = document.querySelector('svg').getBoundingClientRect();
  const boxes = [...document.querySelectorAll('svg text')]
    .filter(each => getComputedStyle(each).display !== 'none' && each.textContent)
    .map(each => [each.textContent, each.getBoundingClientRect()]);
"""
OVERLAPS = f"""() => {{ {SHOWN_TEXTS}
  const beside = (a, b) => a.right <= b.left + 1 || a.bottom <= b.top + 3;
  const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map(b => [a, b]));
  return pairs.filter(([a, b]) => !beside(a[1], b[1]) && !beside(b[1], a[1])).map(([a, b]) => [a[0], b[0]]);
}}"""
OUTSIDE = f"""() => {{ {SHOWN_TEXTS}
  const isOut = at => at.left < 0 || at.right > whole.right || at.bottom > whole.bottom;
  return boxes.filter(([, at]) => isOut(at)).map(([said]) => said);
}}"""


def going_on(days: int, *, title: str = "Move the archive into the new house", scope: int = 40) -> BurnUp:
    points = [Point(START + day * DAY, scope, day * scope // (2 * days), 5000 * day // days) for day in range(days + 1)]
    at = points[-1].at
    return BurnUp(
        title=title,
        points=points,
        at=at,
        counted="12,345 of 100,000 milestones",
        progress="99.9 %",
        end=at + days * DAY // 3,
        marks=(Mark(25, START + days * DAY // 2, True), Mark(50, at, True), Mark(75, at + days * DAY // 4, False)),
        arrivals=((50, at + days * DAY // 2), (85, at + days * DAY * 2 // 3), (95, at + days * DAY)),
    )


def nothing() -> BurnUp:
    why = "Something must have been completed on at least 3 days; so far it was on 2."
    points = [Point(START, 0, 0, 0), Point(START + DAY, 3, 0, 0)]
    return BurnUp(title="New", points=points, at=START + DAY, counted="0 of 3 tasks", progress="0 %", note=why)


SHOWN = [going_on(300), going_on(20, title="W" * 100), going_on(1096, scope=10_000), nothing()]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser.started() as started:
        yield started


@pytest.mark.parametrize("width", [360, 720])
def test_no_label_hides_another_or_is_cut_off(chromium: Browser, width: int):
    page = chromium.new_page(viewport={"width": width, "height": 600})
    found = {}
    for number, shown in enumerate(SHOWN):
        style = "body{margin:0}svg{width:100%;height:auto}"
        page.set_content(f"<!doctype html><style>{style}</style>{picture(shown)}")
        found[number] = (page.evaluate(OVERLAPS), page.evaluate(OUTSIDE))
    page.close()

    assert found == {number: ([], []) for number in found}


@pytest.mark.parametrize(
    ("drawn", "styles", "part", "fill"),
    [
        (picture(SHOWN[0]), STYLES["auto"], ".bg", "rgb(13, 17, 23)"),
        (picture(SHOWN[0], theme="light"), STYLES["light"], ".bg", "rgb(255, 255, 255)"),
        (badge("progress", "72%", "good"), BADGE_STYLES["auto"], ".good", "rgb(26, 127, 55)"),
        (picture(SHOWN[0]), STYLES["light"], ".bg", "rgb(0, 0, 0)"),
    ],
    ids=["auto follows the dark", "light", "badge", "another style is refused"],
)
def test_a_picture_has_its_style_under_its_own_policy_only(
    chromium: Browser, drawn: str, styles: str, part: str, fill: str
):
    page = chromium.new_page(color_scheme="dark")
    headers = {"Content-Type": "image/svg+xml", "Content-Security-Policy": policy(styles)}
    page.route(f"{ADDRESS}**", lambda route: route.fulfill(body=drawn, headers=headers))
    page.goto(ADDRESS)
    seen = page.evaluate("part => getComputedStyle(document.querySelector(part)).fill", part)
    page.close()

    assert seen == fill
