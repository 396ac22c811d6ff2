"""docs/reliability.md: every promise names a test that is there and what it showed, and no part of them is missing."""

import re

import pytest

from tests.platform.architecture import ROOT

PAGE = (ROOT / "docs" / "reliability.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| promise")
]


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_test_that_the_page_names_is_there(path: str, name: str):
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_promise_names_a_test_and_what_it_showed():
    assert len(ROWS) >= 40
    assert [row for row in ROWS if len(row) != 3 or "::test_" not in row[1] or not row[2]] == []


def test_no_promise_is_made_twice():
    assert len({promise for promise, _, _ in ROWS}) == len(ROWS)


def test_every_part_has_promises():
    parts = dict(re.findall(r"^## (.+)\n\n(.*)", PAGE, re.MULTILINE))

    assert [name for name, first in parts.items() if first.startswith("| promise | test | last figure |")] == [
        "Once",
        "At once",
        "Limits",
        "Events",
        "Refreshing, and whatever is signed",
        "Removal",
        "When others fail",
        "The local stage",
    ]
