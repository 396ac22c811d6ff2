"""The Gantt chart: what it draws, that its text is inert, and that it stays small."""

from datetime import date, timedelta
from xml.etree import ElementTree

import pytest

from shared.charts import gantt
from shared.charts.gantt import Arrow, Gantt, Row
from shared.charts.themes import GANTT_STYLES

MARCH = date(2027, 3, 1)
SVG = "{http://www.w3.org/2000/svg}"


def row(key: str, first: int, days: int, **more: object) -> Row:
    begins = MARCH + timedelta(days=first)
    made = Row(key, f"Milestone {key}", begins, begins + timedelta(days=days - 1), 0, is_critical=False)
    return made._replace(**more)  # type: ignore[arg-type]


def drawn(*rows: Row, arrows: tuple[Arrow, ...] = (), title: str = "Mill") -> ElementTree.Element:
    """Return the chart as any XML parser reads it."""
    return ElementTree.fromstring(gantt.picture(Gantt(title, MARCH + timedelta(days=4), rows, arrows)))  # noqa: S314


def of_class(chart: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [each for each in chart.iter() if name in each.get("class", "").split()]


def x(element: ElementTree.Element) -> float:
    return float(element.get("x", "nan"))


def test_bars_lie_at_their_days_and_are_as_long_as_they_take():
    chart = drawn(row("a", 0, 5), row("b", 5, 5, progress=50))
    first, then = of_class(chart, "bar")
    [done] = of_class(chart, "part")
    [today] = of_class(chart, "now")
    width = float(first.get("width", "nan"))

    assert x(then) == pytest.approx(x(first) + width, abs=0.2)
    assert float(then.get("width", "nan")) == pytest.approx(width, abs=0.2)
    assert (x(done), float(done.get("width", "nan"))) == (x(then), pytest.approx(width / 2, abs=0.2))
    assert float(today.get("x1", "nan")) == pytest.approx(x(first) + width * 4 / 5, abs=0.2)


def test_what_is_critical_differs_by_more_than_its_colour():
    chart = drawn(row("a", 0, 5, is_critical=True), row("b", 0, 2))

    assert len(of_class(chart, "crit")) == 1
    assert [each.text for each in of_class(chart, "k")] == ["Milestone a"]
    assert "Milestone a: 1 Mar 2027 to 5 Mar 2027, 0 %, critical." in str(chart.findtext(f"{SVG}desc"))


def test_a_baseline_is_drawn_below_its_bar():
    chart = drawn(row("a", 2, 5, baseline=(MARCH, MARCH + timedelta(days=4))), row("b", 0, 2))

    assert len(of_class(chart, "was")) == 1
    assert of_class(chart, "was")[0].get("d", "").startswith("M250 ")


def test_arrows_are_drawn_between_rows_that_are_there():
    arrows = (Arrow("a", "b"), Arrow("a", "c", is_optional=True), Arrow("gone", "b"), Arrow("b", "c", True, True))
    chart = drawn(row("a", 0, 2), row("b", 3, 2), row("c", 5, 2), arrows=arrows)

    assert len(of_class(chart, "dep")) == 3
    assert len(of_class(chart, "opt")) == 1


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\"'&]]>", "a\u202eb\x00c\ud83d", "W" * 500])
def test_names_are_text_and_nothing_else(name: str):
    chart = drawn(row("a", 0, 2, name=name), title=name)

    tags = {each.tag.removeprefix(SVG) for each in chart.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "text", "line", "path"}
    assert not any(attribute.startswith("on") for each in chart.iter() for attribute in each.attrib)


def test_a_large_plan_is_cut_and_stays_small():
    rows = [row(f"{place}", place, 9, name="W" * 200, progress=50, baseline=(MARCH, MARCH)) for place in range(2000)]
    arrows = [Arrow(f"{place}", f"{then}") for place in range(100) for then in range(place + 1, 100)]
    picture = gantt.picture(Gantt("Mill", MARCH, rows, arrows))

    assert len(picture.encode()) <= 80_000
    assert "and 1,900 more" in picture
    assert picture.count('class="bar"') == gantt.MOST


def test_an_empty_plan_has_a_chart():
    assert "There are no milestones to plan." in gantt.picture(Gantt("Mill", MARCH, []))


def test_days_at_the_end_of_time_are_drawn():
    ends = row("a", 0, 1, last=date.max)
    assert drawn(ends).tag == f"{SVG}svg"


@pytest.mark.parametrize("theme", ["auto", "light", "dark"])
def test_each_theme_has_the_one_style_that_its_policy_names(theme: str):
    assert f"<style>{GANTT_STYLES[theme]}</style>" in gantt.picture(Gantt("Mill", MARCH, []), theme=theme)  # type: ignore[index, arg-type]
