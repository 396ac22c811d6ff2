"""Many at once: one person stays one lead, and every order counts once, on two tables that are not kind."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import boto3
import pytest

from functions.audience.activity import merges, orders, recounts
from functions.audience.leads import batches, leads, lifecycle
from functions.audience.leads.batches import Row
from functions.audience.leads.changing import Sent
from functions.audience.settings import settings
from shared import ids
from shared.callers import auth, tenant_settings
from shared.callers.tenant_settings import TenantSettings
from shared.storage import changes, records, table
from tests.aws.races import at_once
from tests.aws.stack import server, table_at, table_on_locked_moto

AT = "2026-11-01T10:00:00.000Z"


@pytest.fixture(scope="module")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with server(tmp_path_factory.mktemp("stack")) as address:
        yield address


@pytest.fixture(params=["moto", "ministack"], autouse=True)
def _table(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    # On moto, all threads stand in one queue; what is proved here is that nothing is lost, not that it is fast.
    monkeypatch.setattr(changes, "PATIENCE_SECONDS", 120)
    on_moto = request.param == "moto"
    with table_on_locked_moto() if on_moto else table_at(request.getfixturevalue("endpoint")):
        secret = boto3.client("secretsmanager").create_secret(Name=ids.new("pepper"), SecretString="a pepper for tests")
        monkeypatch.setenv("PEPPER_SECRET_ID", secret["ARN"])
        for forgetful in (auth, settings, tenant_settings):
            forgetful.forget()
        yield
        auth.forget()


@pytest.fixture
def tenant_id() -> str:
    tenant_id = ids.new("tenant")
    item = records.to_item(tenant_settings.key(tenant_id), "Tenant", TenantSettings(currency="EUR"))
    table.put_many([item])
    return tenant_id


def imports(tenant_id: str, **fields: Any) -> Any:
    (result,) = batches.make(tenant_id, [Row(Sent(fields))], lambda _: None)
    return result


def buy(tenant_id: str, lead_id: str, order_id: str, amount: int = 100) -> Any:
    return orders.record(tenant_id, lead_id, orders.Draft(order_id, amount, "EUR", AT))


def creates(tenant_id: str, external_id: str) -> str:
    return str(lifecycle.create(tenant_id, Sent({"external_id": external_id}))["lead_id"])


def test_10_imports_of_one_new_address_make_one_lead(tenant_id: str):
    rows = [{"emails": ("ada@example.org",), "name": f"Ada {number}"} for number in range(10)]
    made = at_once(*[partial(imports, tenant_id, **row) for row in rows])

    assert [each["result"] for each in made].count("inserted") == 1
    assert len({each["lead_id"] for each in made}) == 1
    assert len(leads.page(tenant_id, limit=100, cursor=None)[0]) == 1


def test_16_orders_at_once_count_once_each_and_a_repeated_one_once(tenant_id: str):
    lead_id = creates(tenant_id, "a")
    names = [f"o-{number}" for number in range(8)]
    at_once(*[partial(buy, tenant_id, lead_id, name) for name in names * 2])
    lead = leads.get(tenant_id, lead_id)

    assert (lead.order_spend, lead.orders) == (800, 8)
    assert recounts.count(lead) == lead


def test_orders_during_a_merge_all_come_to_the_lead_that_stays(tenant_id: str):
    stays, goes = creates(tenant_id, "a"), creates(tenant_id, "b")
    buying = [partial(buy, tenant_id, lead_id, f"o-{lead_id}-{n}") for lead_id in (stays, goes) for n in range(4)]
    at_once(*buying, partial(merges.merge, tenant_id, stays, goes))
    lead = leads.get(tenant_id, goes)

    assert (lead.lead_id, lead.order_spend, lead.orders) == (stays, 800, 8)
    assert recounts.count(lead) == lead


def test_refunds_at_once_are_not_more_than_their_order(tenant_id: str):
    lead_id = creates(tenant_id, "a")
    buy(tenant_id, lead_id, "o")
    refunds = [orders.Draft(f"r-{number}", 30, "EUR", AT, refund_of="o") for number in range(6)]
    made = at_once(*[partial(orders.record, tenant_id, lead_id, each) for each in refunds])

    assert sum(isinstance(each, dict) for each in made) == 3
    assert leads.get(tenant_id, lead_id).order_spend == 10
