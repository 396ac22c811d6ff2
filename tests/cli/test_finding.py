"""Finding things of Milepost from the command line."""

import pytest

from tests.cli.shell import Shell
from tests.search.everything.feeding import Feed


@pytest.fixture
def found(adas: Shell, search_stage: None) -> Shell:
    """The machine of somebody with a goal and a task, which are found."""
    adas.types("goals", "add", "Run a marathon & rest", "--description", "Before the summer")
    adas.types("tasks", "add", "Run a marathon & rest", "Buy marathon shoes")
    Feed().runs()
    return adas


def test_things_are_found_with_a_typo_and_by_their_type(found: Shell):
    ran = found.types("search", "marthon")
    tasks = found.types("search", "marthon", "--type", "task")
    one = found.types("search", "marthon", "--limit", "1", "--json")

    assert {(row[0], row[2]) for row in ran.rows} == {("goal", "Run a marathon & rest"), ("task", "Buy marathon shoes")}
    assert [row[2] for row in tasks.rows] == ["Buy marathon shoes"]
    assert len(one.lines) == 1
    assert one.lines[0]["highlights"][0]["field"] == "title"


def test_what_matches_beside_the_title_is_shown_too(found: Shell):
    assert [row[2:] for row in found.types("search", "summer").rows] == [["Run a marathon & rest", "Before the summer"]]


def test_nothing_found_is_nothing(found: Shell):
    ran = found.types("search", "xylophone")

    assert (ran.exit_code, ran.out) == (0, "")
