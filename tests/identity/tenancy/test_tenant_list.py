"""The list of all tenants: whoever founds one is in it, and one founded before there was a list gets in."""

import pytest

from functions.identity.accounts import tenants
from infra.commands import migrate
from infra.commands.migrate import Pace
from infra.commands.migrations import STEPS
from shared.storage import table
from tests.identity.people import registered


@pytest.fixture
def quick_table() -> None:
    """Nothing stands in for moto, which knows how to scan."""


def listed() -> list[str]:
    found: list[str] = []
    for shard in range(tenants.SHARDS):
        page, cursor = tenants.listed(shard, limit=100, cursor=None)
        assert cursor is None
        found += page
    return sorted(found)


def test_who_registers_has_a_tenant_in_the_list(pepper: str):
    people = [registered(name) for name in ("ada", "grace", "hedy")]

    assert listed() == sorted(person.tenant_id for person in people)


def test_who_is_invited_makes_no_other_entry(pepper: str):
    ada = registered("ada")
    ada.invites("bob", "member")

    assert listed() == [ada.tenant_id]


def test_tenants_of_before_get_in_by_the_migration_once(pepper: str):
    ids = sorted(registered(name).tenant_id for name in ("ada", "grace", "hedy"))
    table.delete_many([tenants.entry_key(tenant_id) for tenant_id in ids[1:]])
    first = migrate.run(STEPS, pace=Pace(1_000_000), wait=lambda _: None)
    again = migrate.run(STEPS, pace=Pace(1_000_000), wait=lambda _: None)

    assert listed() == ids
    assert (first and first.units, again) == (4, None)
