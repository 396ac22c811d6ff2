"""What `docs/campaigns.md` says that leads, recipients and receipts cost is what they ask of AWS."""

import boto3
import pytest

from tests.audience.campaigns.conftest import campaigning, quick_bucket, scripted
from tests.audience.campaigns.staging import Stage
from tests.audience.conftest import ada, lead_files, time
from tests.audience.imports.conftest import joins
from tests.audience.imports.conftest import stage as import_stage
from tests.audience.people import Person
from tests.audience.receipts.telling import Post
from tests.aws.quick.table import QuickTable
from tests.aws.scheduler import make_surroundings
from tests.costs import page
from tests.costs.background import Deployed
from tests.costs.campaigning import Counting
from tests.costs.prices import WRITES
from tests.costs.requests import Counted
from tests.costs.usage import one_after_the_other
from tests.infra.stages import ROOT
from tests.infra.stages import Stage as Template
from tests.search.conftest import search_stage

__all__ = ["ada", "campaigning", "import_stage", "lead_files", "quick_bucket", "scripted", "search_stage", "time"]

PAGE = ROOT / "docs" / "campaigns.md"


@pytest.fixture
def counted(
    prod: Template,  # first: the CDK does not come to an end while time stands still
    otp: None,
    search_stage: None,
    ada: Person,
    import_stage: None,
    campaigning: Stage,
    quick_table: QuickTable,
    quick_bucket: None,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, Counted]:
    make_surroundings(monkeypatch)
    joins(ada, "owner")
    one_after_the_other(monkeypatch)
    audit = boto3.client("sqs").create_queue(QueueName="AuditLog.fifo", Attributes={"FifoQueue": "true"})
    monkeypatch.setenv("AUDIT_QUEUE_URL", audit["QueueUrl"])
    boto3.client("events").create_event_bus(Name="milepost-local")
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    return Counting(Deployed(prod), ada, campaigning, Post(monkeypatch)).all()


def test_the_page_has_what_leads_recipients_and_receipts_cost(counted: dict[str, Counted]) -> None:
    table = page.thousands(counted)
    if WRITES:
        PAGE.write_text(page.written("costs", table, PAGE.read_text(encoding="utf-8")), encoding="utf-8")

    assert table in PAGE.read_text(encoding="utf-8")
    assert counted["tenants in which nothing happens, a month"].behind["write units"] == 0
    assert counted["tenants in which nothing happens, a month"].behind["read units"] == 0
