"""What a recipient costs in write units, by the calls that are made."""

import json
from typing import Any

from functions.audience.recipients import outcomes, state
from shared import clock
from shared.storage import attributes
from tests.audience.campaigns.staging import Stage, has_campaign, has_leads, has_provider, rows, starts, totals
from tests.audience.people import Person
from tests.aws import hooks

KB = 1024


class Meter:
    """Write units of the calls as they are made: one for each KB of an item, twice that in a transaction."""

    def __init__(self) -> None:
        self.units = 0
        hooks.register("before-call.dynamodb", self._count)

    def _count(self, model: Any, params: dict[str, Any], **_: Any) -> None:
        request = json.loads(params["body"])
        if model.name == "UpdateItem":
            self.units += 1
        elif model.name == "BatchWriteItem":
            self.units += sum(map(len, request["RequestItems"].values()))
        elif model.name == "TransactWriteItems":
            self.units += sum(2 * self._of(action) for action in request["TransactItems"])

    def _of(self, action: dict[str, Any]) -> int:
        item = action.get("Put", {}).get("Item")
        return 1 if item is None else -(-attributes.measured(attributes.load(item))[1] // KB)


def test_a_recipient_that_is_delivered_costs_less_than_6_units(ada: Person, campaigning: Stage) -> None:
    has_leads(ada, 200)
    has_provider(ada, campaigning.provider.url, per_minute=30_000)
    campaign_id = has_campaign(ada)
    meter = Meter()
    starts(ada, campaign_id)
    campaigning.run()
    sent = meter.units / 200
    found = rows(campaign_id)
    for first in range(0, len(found), 10):
        together, at = found[first : first + 10], clock.to_rfc3339(clock.now())
        changes = [(each, state.advanced(each, "delivered", at)) for each in together]
        outcomes.record([(before, after) for before, after in changes if after is not None])

    assert totals(campaign_id) == {"delivered": 200}
    assert sent <= 3.7
    assert meter.units / 200 <= 5.9
