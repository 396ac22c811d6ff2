"""The burn-up picture: small, quick, inert, and true to what it is given."""

import random
import re
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.charts.burn_up import BurnUp, Mark, Point, picture
from shared.charts.drawing import date_ticks, thinned, value_ticks
from shared.charts.themes import BADGE_STYLES, STYLES, policy
from shared.instants import DAY, from_rfc3339

SVG = "{http://www.w3.org/2000/svg}"
START = from_rfc3339("2024-01-01T00:00:00Z")
POINTS = (
    Point(START, 10, 0, 0),
    Point(START + 30 * DAY, 10, 2, 2600),
    Point(START + 40 * DAY, 14, 7, 5200),
    Point(START + 60 * DAY, 14, 8, 6050),
)
SHOWN = BurnUp(
    title="Learn to swim",
    points=POINTS,
    at=START + 60 * DAY,
    counted="8 of 14 tasks",
    progress="60.5 %",
    time_zone="UTC",
    end=START + 90 * DAY,
    marks=(Mark(25, START + 29 * DAY, True), Mark(50, START + 39 * DAY, True), Mark(75, START + 80 * DAY, False)),
    arrivals=((50, START + 95 * DAY), (85, START + 120 * DAY), (95, START + 4000 * DAY)),
)


def drawn(shown: BurnUp = SHOWN) -> Xml.Element:
    return Xml.fromstring(picture(shown))  # noqa: S314 - our own picture


def texts(root: Xml.Element) -> list[str]:
    return [element.text or "" for element in root.iter(f"{SVG}text")]


def noisy(days: int) -> BurnUp:
    """Return what is hardest to draw: everything leaps up and down every day."""
    draw = random.Random(5)  # noqa: S311 - a history, not a secret
    points = [
        Point(START + day * DAY, draw.randint(5000, 10_000), draw.randint(0, 5000), draw.randint(0, 10_000))
        for day in range(days)
    ]
    return SHOWN._replace(points=points, at=points[-1].at, title="x" * 100)


def test_the_picture_says_title_axes_days_and_last_values():
    said = texts(drawn())

    assert {"Learn to swim", "weight", "progress", "today", "deadline", "Jan 2024", "100 %"} <= set(said)
    assert {"Done, weight 8", "Scope, weight 14", "Progress 60.5 %"} <= set(said)
    assert {"8 of 14 tasks done on 1 Mar 2024, due 30 Mar 2024", "8 of 14 tasks done, due 30 Mar 2024"} <= set(said)
    assert {"30 Jan 2024", "9 Feb 2024", "21 Mar 2024"} <= set(said)
    assert {"P50 5 Apr 2024", "P85 30 Apr 2024", "P95 14 Dec 2034"} <= set(said)


@pytest.mark.parametrize(
    ("time_zone", "said"),
    [
        ("Pacific/Kiritimati", "8 of 14 tasks done on 1 Mar 2024, due 31 Mar 2024"),
        ("America/St_Johns", "8 of 14 tasks done on 29 Feb 2024, due 30 Mar 2024"),
        (None, "8 of 14 tasks done on 1 Mar 2024 UTC, due 30 Mar 2024 UTC"),
    ],
)
def test_days_are_those_of_the_zone_and_without_one_of_utc(time_zone: str | None, said: str):
    assert said in texts(drawn(SHOWN._replace(time_zone=time_zone, end=START + 90 * DAY - DAY // 24)))


def test_a_threshold_that_is_reached_at_the_end_is_reached_on_the_last_day():
    root = drawn(SHOWN._replace(marks=(Mark(100, START + 90 * DAY, False),)))
    (described,) = [element.text for element in root if element.get("id") == "burn-up-desc"]

    assert "30 Mar 2024" in texts(root)
    assert "100 % predicted 30 Mar 2024. Deadline 30 Mar 2024." in described


def test_a_deadline_at_the_end_of_the_calendar_is_drawn():
    shown = SHOWN._replace(time_zone=None, end=from_rfc3339("9999-12-31T00:00:00Z") + DAY, arrivals=(), note="None.")

    assert "8 of 14 tasks done, due 31 Dec 9999 UTC" in texts(drawn(shown))
    assert len(picture(shown).encode()) <= 20_000


def test_the_picture_has_a_title_and_is_described_in_words():
    root = drawn()

    named = {element.get("id"): element.text for element in root if element.get("id")}

    assert root.get("role") == "img"
    assert (root.get("aria-labelledby") or "").split() == list(named)
    assert named["burn-up-title"] == "Learn to swim"
    assert "8 of 14 tasks done, weight 8 of 14; progress 60.5 %." in named["burn-up-desc"]
    assert "25 % reached 30 Jan 2024." in named["burn-up-desc"]
    assert "75 % predicted 21 Mar 2024. Deadline 30 Mar 2024." in named["burn-up-desc"]
    assert "Forecast: 50 % of the draws are done by 5 Apr 2024." in named["burn-up-desc"]


def test_scope_added_later_is_a_step_on_its_day():
    path = next(element.get("d") for element in drawn().iter(f"{SVG}path") if element.get("class") == "scope")

    assert path is not None
    assert re.fullmatch(r"M56 \d+h\d+v-\d+h\d+", path)


@pytest.mark.parametrize("field", ["title", "note", "counted", "progress"])
@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "\"><image href='x' onload='y'/>", "a\x00\x1b\ufffe\ud800]]>"]
)
def test_text_is_inert(field, text):
    root = drawn(SHOWN._replace(arrivals=(), **{field: text}))

    tags = {element.tag.removeprefix(SVG) for element in root.iter()}
    assert tags == {"svg", "title", "desc", "style", "rect", "line", "path", "text", "circle"}
    assert not any(name.startswith("on") or "href" in name for element in root.iter() for name in element.attrib)


def test_where_there_is_no_forecast_the_picture_says_why():
    why = "Something must have been completed on at least 3 days; so far it was on 2."

    said = texts(drawn(SHOWN._replace(arrivals=(), note=why)))

    assert why in said
    assert {"Something must have been completed on at least 3 days;", "so far it was on 2."} <= set(said)


def test_a_goal_opened_this_instant_has_a_picture():
    shown = BurnUp(
        title="New",
        points=[Point(START, 0, 0, 0)],
        at=START,
        counted="0 of 0 tasks",
        progress="0 %",
        note="There is nothing to do yet.",
    )

    assert {"New", "Done, weight 0", "Scope, weight 0", "There is nothing to do yet."} <= set(texts(drawn(shown)))


@settings(max_examples=40, deadline=None)
@given(
    title=st.text(max_size=100),
    gaps=st.lists(st.integers(0, 400 * DAY), min_size=1, max_size=20),
    weights=st.tuples(st.integers(0, 10_000_000), st.integers(0, 10_000_000)),
    ahead=st.lists(st.integers(0, 40_000 * DAY), max_size=3),
)
def test_whatever_there_is_to_show_the_picture_is_well_formed_and_small(title, gaps, weights, ahead):
    points = [Point(START + sum(gaps[: number + 1]), max(weights), weights[0], 5000) for number in range(len(gaps))]
    at = points[-1].at
    arrivals = list(zip((50, 85, 95), sorted(at + each for each in ahead), strict=False))
    drawn_text = picture(SHOWN._replace(title=title, points=points, at=at, arrivals=arrivals))

    assert Xml.fromstring(drawn_text).tag == f"{SVG}svg"  # noqa: S314 - our own picture
    assert len(drawn_text.encode()) <= 20_000


def test_three_years_of_leaping_days_fit_in_20_kb():
    assert len(picture(noisy(1096)).encode()) <= 20_000


def test_a_peak_of_one_day_in_three_years_is_seen():
    points = [Point(START + day * DAY, 10, 9 if day == 500 else 0, 0) for day in range(1096)]
    path = next(
        element.get("d") or ""
        for element in drawn(SHOWN._replace(points=points, at=points[-1].at)).iter(f"{SVG}path")
        if element.get("class") == "done"
    )

    assert "v-220" in path
    assert "v220" in path


def test_thinning_keeps_the_last_value_of_each_column_and_what_stands_out():
    spots = [(0.0, 5), (0.4, 5), (0.8, 9), (1.2, 2), (1.6, 6), (2.4, 7), (2.8, 8)]

    assert thinned(spots) == [(0.0, 5), (0.8, 9), (1.2, 2), (1.6, 6), (2.8, 8)]


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_the_one_style_is_the_one_that_the_policy_names(theme):
    (style,) = Xml.fromstring(picture(SHOWN, theme=theme)).iter(f"{SVG}style")  # noqa: S314 - our own picture

    assert style.text == STYLES[theme]
    assert "sha256-" in policy(STYLES[theme])
    assert policy(STYLES[theme]) != policy(BADGE_STYLES[theme])
    assert " style=" not in picture(SHOWN, theme=theme)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_and_lines_have_a_contrast_of_4_5_to_1(theme):
    colours = dict(re.findall(r"--(\w+):(#[0-9a-f]{3,8})", STYLES[theme]))
    ground = luminance(colours["bg"])

    for name in ("ink", "soft", "scope", "done", "progress", "forecast", "due"):
        light, dark = sorted((luminance(colours[name]), ground), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, name


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    digits = colour[1:] if len(colour) > 4 else "".join(digit * 2 for digit in colour[1:])
    channels = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        (5, "1 Jan 2024", "6 Jan 2024"),
        (80, "7 Jan 2024", "17 Mar 2024"),
        (500, "Jan 2024", "Apr 2025"),
        (4000, "2024", "2034"),
        (2_900_000, "4000", "8000"),
    ],
)
def test_the_time_axis_has_few_round_days(days, first, last):
    ticks = date_ticks(START, START + days * DAY, "UTC", count=6)

    assert (ticks[0][1], ticks[-1][1]) == (first, last)
    assert 3 <= len(ticks) <= 7


@pytest.mark.parametrize(
    ("most", "ticks"),
    [
        (0, [0]),
        (1, [0, 1]),
        (7, [0, 2, 4, 6]),
        (15, [0, 5, 10, 15]),
        (9_999, [0, 2_000, 4_000, 6_000, 8_000]),
        (10_000_000, [0, 5_000_000, 10_000_000]),
    ],
)
def test_the_scale_has_few_round_weights(most, ticks):
    assert value_ticks(most, count=4) == ticks
