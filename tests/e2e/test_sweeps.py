"""What functions look for by themselves, on the deployed stage: a run that fails is in the log only."""

from infra.stage import log_search
from infra.stage.deployment import Addresses
from shared import clock
from tests.e2e.account import client_of
from tests.e2e.endpoints import until

OF_THE_MINUTE = ["milepost-local-payments"]
"""The stacks whose functions look each minute for what is due."""
QUERY = rf"""fields @timestamp, @log, @message
| filter @message like /"action": ?"sweep"/
| limit {log_search.MAX_LINES}"""


def test_each_run_of_the_minute_ends_well(stack: Addresses) -> None:
    assert {*until(lambda: outcomes(stack))} == {"done"}


def outcomes(stack: Addresses) -> list[str]:
    logs = client_of(stack, "logs")
    names = log_search.groups(logs, "local", OF_THE_MINUTE)
    since = clock.now() - clock.DAY
    return [line.fields["outcome"] for line in log_search.search(logs, names, QUERY, since=since, until=clock.now())]
