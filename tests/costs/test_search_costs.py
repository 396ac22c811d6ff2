"""What `docs/search.md` says that changes and searches cost is what they ask of AWS."""

import boto3
import pytest
import time_machine

from shared import ids
from tests.aws.scheduler import make_surroundings
from tests.costs import page, searching
from tests.costs.background import Deployed
from tests.costs.prices import WRITES
from tests.costs.requests import Counted
from tests.costs.usage import one_after_the_other
from tests.identity.access_tokens.issuer import Issuer
from tests.infra.stages import ROOT, Stage
from tests.search.conftest import search_stage
from tests.search.people import Person

__all__ = ["search_stage"]

PAGE = ROOT / "docs" / "search.md"


@pytest.fixture
def found(
    prod: Stage,  # first: the CDK does not come to an end while time stands still
    noon: time_machine.Traveller,
    search_stage: None,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, Counted]:
    make_surroundings(monkeypatch)
    one_after_the_other(monkeypatch)
    boto3.client("events").create_event_bus(Name="milepost-local")
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    ada = Person(ids.new("user"), ids.new("tenant"), Issuer().publish())
    return searching.count(Deployed(prod), ada, noon)


def test_the_page_has_what_changes_and_searches_cost(found: dict[str, Counted]) -> None:
    table = page.thousands(found)
    if WRITES:
        PAGE.write_text(page.written("costs", table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")

    assert table in PAGE.read_text(encoding="utf-8")
    assert found["changes, one a minute"].behind["file writes"] > found["changes, 50 a second"].behind["file writes"]
