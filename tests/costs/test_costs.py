"""What `docs/deploying.md` says that Milepost costs is what its requests ask of AWS, and what its templates have."""

import pytest

from tests.bench.write_units import COMPLETING, CREATING
from tests.costs import page
from tests.costs.prices import WRITES
from tests.costs.requests import Counted
from tests.infra.stages import Stage


@pytest.mark.parametrize("name", ["idle", "used", "million"])
def test_the_page_has_the_tables_that_are_worked_out(name: str, counted: dict[str, Counted], prod: Stage) -> None:
    table = page.tables(counted, prod)[name]
    if WRITES:
        page.PAGE.write_text(page.written(name, table, page.PAGE.read_text(encoding="utf-8")), encoding="utf-8")

    assert table in page.PAGE.read_text(encoding="utf-8")


def test_nothing_is_published_and_paid_for_where_nobody_listens(counted: dict[str, Counted]) -> None:
    assert {name for name, each in counted.items() if each.behind["mutations"]} == {"… somebody listens to its goal"}


def test_nothing_happens_behind_a_read_or_a_refresh(counted: dict[str, Counted]) -> None:
    quiet = {name for name, each in counted.items() if not +each.behind}

    reads = {"reading a project milestone", "reading a worklist", "the trial balance", "a report of what comes in"}
    assert quiet == {"reading progress", "the same with an API key", "refreshing a session", *reads}


def test_every_change_goes_over_the_bus_to_each_of_its_consumers(counted: dict[str, Counted]) -> None:
    """The outbox, four consumers and search, one call for five events; a queue request for each event, two for a batch.

    One of the consumers sends each event on to search, which wakes up its indexer once.
    """
    completing = counted["completing a task"].behind

    assert completing["events"] == 1
    assert completing["function calls"] == 6 / 5
    assert completing["queue requests"] == (4 * (5 + 2) + 5 + 2 + 1) / 5


def test_changes_cost_the_write_units_that_they_are_held_to_elsewhere(counted: dict[str, Counted]) -> None:
    assert counted["creating a goal"].answered["write units"] == pytest.approx(CREATING, abs=0.5)
    assert counted["completing a task"].answered["write units"] == pytest.approx(COMPLETING, abs=0.5)
