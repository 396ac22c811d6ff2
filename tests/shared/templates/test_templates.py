"""Templates: what they may say, what readers get, and that no author can do harm with one."""

import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

from shared.templates import filters, templates
from shared.templates.templates import BadTemplate, Kind, TemplateFailed

HERE = Path(__file__).parent
VARIABLES = ("name", "goal.title", "due_at", "spent", "visits", "metadata.*")
VALUES: dict[str, templates.Value] = {
    "name": "Ada",
    "goal": {"title": "Run a marathon"},
    "due_at": "2026-12-31T23:30:00.000Z",
    "spent": "1234567.5",
    "visits": 1234,
    "metadata": {"city": "Berlin", "tags": ["vip", "new"], "none": None},
}
HOSTILE = "<script>alert('1')</script>&\"{{ 7 | times: 7 }}{% for i in (1..3) %}x{% endfor %}"


def rendered(source: str, kind: Kind = "text", **reader: str) -> str:
    return templates.read(source, kind=kind, variables=VARIABLES).render(VALUES, **reader)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Hello {{ name }}!", "Hello Ada!"),
        ("{{ goal.title | upcase }}", "RUN A MARATHON"),
        ("{{ metadata.city }}, {{ metadata['city'] }}", "Berlin, Berlin"),
        ("{{ metadata.absent.deeper | default: 'there' }}", "there"),
        ("{{ metadata.none }}|{{ metadata.absent }}", "|"),
        ("{% if visits > 1000 %}often{% else %}seldom{% endif %}", "often"),
        ("{% for tag in metadata.tags %}{{ forloop.index }}{{ tag }} {% endfor %}", "1vip 2new "),
        ("{% assign first = metadata.tags | first %}{{ first }}", "vip"),
        ("{{ metadata.tags | join: ', ' }}", "vip, new"),
        ("{{ 'a-b' | replace: '-', '+' }}", "a+b"),
        ("{% for i in (1..3) %}{{ i }}{% endfor %}", "123"),
        ("{{ 'a..b' | append: \"(1..\" }}", "a..b(1.."),
        ("a { b } }} %} c", "a { b } }} %} c"),
    ],
)
def test_what_liquid_says(source: str, text: str) -> None:
    assert rendered(source) == text


@pytest.mark.parametrize(
    ("source", "reader", "text"),
    [
        ("{{ due_at | date: 'long' }}", {}, "December 31, 2026"),
        ("{{ due_at | date: 'long' }}", {"locale": "de"}, "31. Dezember 2026"),
        ("{{ due_at | date: 'long' }}", {"locale": "de-AT", "time_zone": "Europe/Vienna"}, "1. Jänner 2027"),
        ("{{ due_at | date }}", {"time_zone": "Pacific/Kiritimati"}, "Jan 1, 2027"),
        ("{{ '2026-02-03' | date: 'short' }}", {"locale": "en-GB", "time_zone": "Asia/Tokyo"}, "03/02/2026"),
        ("{{ spent | number }}", {"locale": "de"}, "1.234.567,5"),
        ("{{ spent | money: 'EUR' }}", {"locale": "de"}, "1.234.567,50\xa0€"),
        ("{{ spent | money: 'JPY' }}", {"locale": "en"}, "¥1,234,568"),
        ("{{ visits | number }}", {"locale": "xx-not-known"}, "1,234"),
        ("{{ visits | number }}", {"locale": ""}, "1,234"),
        ("{{ metadata.absent | number }}|{{ metadata.none | date }}|{{ metadata.absent | money: 'EUR' }}", {}, "||"),
    ],
)
def test_what_a_reader_reads(source: str, reader: dict[str, str], text: str) -> None:
    assert rendered(source, **reader) == text


@pytest.mark.parametrize(
    ("source", "reasons"),
    [
        ("Hello {{ nmae }}", ["line 1: there is no variable nmae"]),
        (
            "a\nb {{ goal.tilte }}\n{{ goal }}",
            ["line 2: there is no variable goal.tilte", "line 3: there is no variable goal"],
        ),
        ("{{ goal[name] }}", ["line 1: there is no variable goal.*"]),
        (
            "{{ locale }}{{ [' reader'].locale }}",
            ["line 1: there is no variable locale", "line 1: there is no variable  reader.locale"],
        ),
    ],
)
def test_a_variable_that_there_is_not_is_refused_with_its_line(source: str, reasons: list[str]) -> None:
    with pytest.raises(BadTemplate) as refused:
        templates.read(source, kind="text", variables=VARIABLES, field="body")

    assert refused.value.errors == [{"field": "body", "reason": reason} for reason in reasons]


@pytest.mark.parametrize(
    "source",
    [
        "{{ name",
        "{% if name %}",
        "{% endif %}",
        "{{ name | nofilter }}",
        "{{ name | safe }}",
        "{% include 'a' %}",
        "{% render 'a' %}",
        "{{ name | }}",
        "{% assign = 1 %}",
        "x" * 100_001,
    ],
)
def test_what_cannot_be_read_is_refused_before_it_is_kept(source: str) -> None:
    with pytest.raises(BadTemplate) as refused:
        templates.read(source, kind="html", variables=VARIABLES, field="body")

    assert [error["field"] for error in refused.value.errors] == ["body"]


@pytest.mark.parametrize(
    "source",
    [
        "{{ name | date }}",
        "{{ name | number }}",
        "{{ spent | money: 'euro' }}",
        "{{ spent | money }}",
        "{{ 1 | divided_by: 0 }}",
    ],
)
def test_a_value_that_does_not_fit_its_filter_is_told(source: str) -> None:
    with pytest.raises(TemplateFailed) as refused:
        rendered(source)

    assert refused.value.errors


def test_a_template_says_which_values_it_uses() -> None:
    read = templates.read("{{ name }}{{ metadata.city }}{% assign a = 1 %}{{ a }}", kind="text", variables=VARIABLES)

    assert read.variables == {"name", "metadata.city"}


def test_a_value_is_never_read_as_liquid() -> None:
    text = templates.read("{{ name }}{% assign n = name %}{{ n | append: n }}", kind="text", variables=["name"])

    assert text.render({"name": HOSTILE}) == HOSTILE * 3


FILTERS = sorted(filters.allowed())


def test_no_chain_of_filters_prints_a_value_as_markup() -> None:
    """Each filter, with none, one or two arguments, before each other one."""
    made = 0
    for first, second, before, after in product(FILTERS, FILTERS, ("", ": name", ": name, name"), ("", ": name")):
        source = "{{ name | " + first + before + " | " + second + after + " }}"
        try:
            html = templates.read(source, kind="html", variables=["name"]).render({"name": HOSTILE})
        except (BadTemplate, TemplateFailed):
            continue
        made += 1
        assert "<script" not in html.lower(), source
    assert made > 3_000


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("{% capture a %}{{ name }}!{% endcapture %}{% capture b %}{{ name }}{% endcapture %}", "too large"),
        ("{% if name == name %}{% endif %}" * 20, "too long"),
        ("{% if name contains 'b' %}{% endif %}" * 40, "too long"),
        ("{% if all == all %}{% endif %}" * 20, "too long"),
    ],
)
def test_what_is_kept_and_what_is_compared_has_a_limit(source: str, reason: str) -> None:
    values: dict[str, templates.Value] = {"name": "a" * 60_000, "all": {f"k{n}": ["b" * 10] for n in range(4_000)}}

    with pytest.raises(TemplateFailed, match=reason):
        templates.read(source, kind="text", variables=["name", "all"]).render(values)


def test_no_attack_takes_more_than_a_little_time_and_memory() -> None:
    """Each in a process that ends when it takes more: 60 s of CPU for all, and 300 MB."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.shared.templates.attacks"],
        capture_output=True,
        text=True,
        cwd=HERE.parents[2],
        check=False,
    )

    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    assert int(done.stdout.split()[0]) >= 50
