import boto3
import pytest
import time_machine

from shared.messaging import appsync
from tests.aws.scheduler import make_surroundings
from tests.costs import working
from tests.costs.background import Deployed
from tests.costs.requests import Counted, count
from tests.goals.listening.publishing import standing_in
from tests.infra.conftest import prod, stages
from tests.infra.stages import Stage
from tests.search.conftest import search_stage
from tests.webhooks.conftest import _stage, noon
from tests.webhooks.receiver import receiving

__all__ = ["_stage", "noon", "prod", "search_stage", "stages"]

_counted: list[dict[str, Counted]] = []


@pytest.fixture
def counted(request: pytest.FixtureRequest) -> dict[str, Counted]:
    """What each of the requests uses, counted once a process."""
    if not _counted:
        _counted.append(request.getfixturevalue("all_is_counted"))
    return _counted[0]


@pytest.fixture
def all_is_counted(
    prod: Stage,  # first: the CDK does not come to an end while time stands still
    noon: time_machine.Traveller,
    otp: None,
    pepper: str,
    usual_limits: None,
    _stage: None,
    search_stage: None,
    monkeypatch: pytest.MonkeyPatch,
) -> dict[str, Counted]:
    make_surroundings(monkeypatch)
    audit = boto3.client("sqs").create_queue(QueueName="AuditLog.fifo", Attributes={"FifoQueue": "true"})
    monkeypatch.setenv("AUDIT_QUEUE_URL", audit["QueueUrl"])
    boto3.client("events").create_event_bus(Name="milepost-local")
    monkeypatch.setenv("EVENT_BUS_NAME", "milepost-local")
    with standing_in() as (api, url), receiving() as receiver:
        monkeypatch.setenv("GRAPHQL_URL", url)
        deployed = Deployed(prod)
        counted = count(deployed, api, receiver.url, noon) | working.count(deployed, noon)
        appsync._connections().close()
    return counted
