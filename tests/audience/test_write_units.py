"""What an audience costs in write units, which DynamoDB counts by the KB (`docs/audience.md`)."""

from collections import Counter
from typing import Any

import pytest

from tests.audience.imports.conftest import ada as owner
from tests.audience.imports.conftest import stage as import_stage
from tests.audience.imports.working import imported as imported_file
from tests.audience.people import Person, results
from tests.aws.quick.table import everything
from tests.aws.stored_items import Stored, write_units

__all__ = ["import_stage", "owner"]

MOST_OF_AN_IMPORTED_LEAD = 8
MOST_OF_A_PARTITION_A_SECOND = 500
AT = "2026-11-01T10:00:00Z"


def stored() -> Stored:
    return {
        (item["PK"], item["SK"]): item for item in everything() if item.get("entity") not in {"RateLimit", "Audience"}
    }


def row(number: int) -> dict[str, Any]:
    return {
        "emails": [f"person-{number}@example.org"],
        "phones": [f"+4420794{60000 + number:05d}"],
        "name": "Somebody with a usual name",
        "tags": ["newsletter", "spring"],
        "status": "customer",
        "locale": "en-GB",
        "time_zone": "Europe/London",
        "visits": 3,
        "total_spend": "129.90",
        "metadata": {"company": {"name": "Analytical Engines", "size": 12}},
    }


@pytest.fixture
def imported(ada: Person) -> tuple[Stored, Stored]:
    """What was stored before 300 leads were imported, and after it."""
    before = stored()
    assert set(results(ada.imports(*map(row, range(300))))) == {"inserted"}
    return before, stored()


def test_an_imported_lead_with_two_identifiers_costs_little(imported: tuple[Stored, Stored]):
    assert write_units(*imported) / 300 <= 6.2 < MOST_OF_AN_IMPORTED_LEAD


def test_no_partition_of_an_import_of_1000_rows_a_second_takes_half_of_what_it_could(imported: tuple[Stored, Stored]):
    before, after = imported
    units: Counter[str] = Counter()
    for (pk, sk), item in after.items():
        if (pk, sk) not in before:
            units[pk] += write_units({}, {(pk, sk): item})
    busiest = max(units.values()) * 1000 / 300

    assert busiest <= MOST_OF_A_PARTITION_A_SECOND


@pytest.mark.usefixtures("import_stage")
def test_a_file_of_leads_costs_as_little_and_no_partition_takes_half_of_what_it_could(owner: Person):
    people = [row(number) for number in range(500)]
    rows = [f"{each['emails'][0]},{each['phones'][0]},{each['name']}" for each in people]
    before = stored()
    done = imported_file(owner, "\n".join(["email,phone,name", *rows]))
    after = stored()
    units: Counter[str] = Counter()
    for (pk, sk), item in after.items():
        units[pk] += write_units({}, {(pk, sk): item}) if (pk, sk) not in before else 0

    assert done["results"]["inserted"] == 500
    assert write_units(before, after) / 500 <= 6.5 < MOST_OF_AN_IMPORTED_LEAD
    assert max(units.values()) * 1000 / 500 <= MOST_OF_A_PARTITION_A_SECOND


def test_an_order_costs_8_units_a_visit_8_and_a_consent_6(ada: Person):
    lead = ada.creates(external_id="a")
    path = f"/leads/{lead['lead_id']}"
    before = stored()
    ada.post(f"{path}/orders", {"order_id": "o", "amount_minor_units": 1, "currency": "EUR", "ordered_at": AT})
    ordered = stored()
    ada.post(f"{path}/visits", {"visit_id": "v", "visited_at": AT})
    visited = stored()
    ada.post(f"{path}/consents", {"subject": "email", "state": "denied", "source": "shop"})

    costs = [write_units(before, ordered), write_units(ordered, visited), write_units(visited, stored())]
    assert costs == [8, 8, 6]
