"""Counters of a campaign against its rows, also while receipts move both."""

from typing import Any

from functions.audience.campaigns import recounts
from functions.audience.recipients import counters, outcomes
from functions.audience.recipients.state import Recipient
from shared.storage import table
from shared.storage.writes import Add
from tests.audience.campaigns.staging import Stage, has_campaign, has_leads, has_provider, rows, starts, stored, totals
from tests.audience.people import Person
from tests.audience.recipients.rows import step
from tests.aws import hooks

WRONG = {"delivered": 3, "failed": -1}
DIFFERENCES = [
    {"status": "delivered", "variant": None, "stored": 3, "counted": 0},
    {"status": "failed", "variant": None, "stored": -1, "counted": 0},
]


def is_sent(ada: Person, campaigning: Stage) -> str:
    has_leads(ada, 12)
    has_provider(ada, campaigning.provider.url)
    campaign_id = has_campaign(ada)
    starts(ada, campaign_id)
    campaigning.run()
    return campaign_id


def damage(ada: Person, campaign_id: str) -> None:
    table.transact([Add(counters.key(ada.tenant_id, campaign_id, "lead"), dict(WRONG))])


def test_counters_that_differ_are_told_and_repaired_if_asked(ada: Person, campaigning: Stage) -> None:
    campaign_id = is_sent(ada, campaigning)
    damage(ada, campaign_id)
    path = f"/campaigns/{campaign_id}/recount"
    found, mended, after = (ada.post(path, {"repair": repair}).body for repair in (False, True, True))

    assert found == {"campaign_id": campaign_id, "differences": DIFFERENCES, "repaired": False}
    assert mended == found | {"repaired": True}
    assert after == found | {"differences": []}
    assert totals(campaign_id) == {"sent": 12}


def test_a_receipt_between_the_reads_is_no_difference(ada: Person, campaigning: Stage) -> None:
    campaign_id = is_sent(ada, campaigning)
    damage(ada, campaign_id)
    with hooks.registered("before-call.dynamodb.Query", at_the_second(lambda: moves(rows(campaign_id)[0], "opened"))):
        found = recounts.recount(ada.tenant_id, campaign_id, is_repairing=True)

    assert found["differences"] == DIFFERENCES
    assert totals(campaign_id) == {"sent": 11, "opened": 1}


def test_counters_that_do_not_stand_still_are_refused(ada: Person, campaigning: Stage) -> None:
    campaign_id = is_sent(ada, campaigning)
    waiting = iter(rows(campaign_id))

    def tell(params: Any, **_: Any) -> None:
        if "COUNT#" in str(params["body"]) and campaign_id in str(params["body"]):
            moves(next(waiting), "delivered")

    with hooks.registered("before-call.dynamodb.Query", tell):
        answer = ada.post(f"/campaigns/{campaign_id}/recount", {"repair": True})

    assert (answer.status, answer.code) == (409, "CampaignCountersMoving")


def test_two_repairs_at_once_repair_once(ada: Person, campaigning: Stage) -> None:
    campaign_id = is_sent(ada, campaigning)
    damage(ada, campaign_id)
    before = stored(ada, campaign_id).version

    def other() -> None:
        recounts.recount(ada.tenant_id, campaign_id, is_repairing=True)

    with hooks.registered("before-call.dynamodb.TransactWriteItems", at_the_second(other, number=1)):
        found = recounts.recount(ada.tenant_id, campaign_id, is_repairing=True)

    assert found["differences"] == []
    assert totals(campaign_id) == {"sent": 12}
    assert stored(ada, campaign_id).version == before + 1


def moves(recipient: Recipient, status: str) -> None:
    """Have a receipt move a recipient."""
    outcomes.record([(recipient, step(recipient, status))])


def at_the_second(happens: Any, *, number: int = 2) -> Any:
    """Return a hook that lets something happen once, at the second call, or at another."""
    calls = 0

    def hook(**_: Any) -> None:
        nonlocal calls
        calls += 1
        if calls == number:
            happens()

    return hook
