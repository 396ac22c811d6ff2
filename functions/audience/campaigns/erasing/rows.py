"""The row of an erased lead in a campaign moves to the name that stands for it, so all states still add up.

It keeps its state, its variant and its instants, and loses the digest of the address and the ids of the message. What
the provider has said of the message, and what finds it by the provider's id, is removed.
"""

from functions.audience.campaigns.campaigns import Campaign
from functions.audience.campaigns.sending import rows
from functions.audience.delivery import vendor_messages
from functions.audience.receipts import evidence
from functions.audience.recipients import counters, recipients, send_ids, state
from functions.audience.recipients.state import UNSETTLED, Recipient
from shared import clock
from shared.storage import table
from shared.storage.table import ConditionFailed, Contended
from shared.storage.writes import Write


def is_erased(campaign: Campaign, name: str) -> bool:
    """Return whether there is a row of the name that stands for a lead."""
    return recipients.get(campaign.tenant_id, campaign.campaign_id, name) is not None


def erase(campaign: Campaign, lead_id: str, name: str, *, is_in_audience: bool) -> bool:
    """Have nothing of a campaign name a lead; return whether that is so now. Raises Unavailable.

    One that `is_in_audience` and has no row is counted as skipped. A message that is on its way is waited for.
    """
    before = recipients.get(campaign.tenant_id, campaign.campaign_id, lead_id)
    if before is None and (is_erased(campaign, name) or not is_in_audience):
        return True
    if before is not None and _is_on_its_way(before):
        return False
    if before is not None:
        _remove_what_was_said(before)
    try:
        table.transact(_moves(campaign, before, name))
    except (ConditionFailed, Contended):
        return False
    return True


def _is_on_its_way(row: Recipient) -> bool:
    return row.status == "sending" and (row.lease_until or "") > clock.to_rfc3339(clock.now())


def _remove_what_was_said(row: Recipient) -> None:
    removed = evidence.keys(row.tenant_id, row.campaign_id, row.lead_id)
    if row.provider_id is not None and row.vendor_message_id is not None:
        removed.append(vendor_messages.key(row.provider_id, row.vendor_message_id))
    table.delete_many(removed)


def _moves(campaign: Campaign, before: Recipient | None, name: str) -> list[Write]:
    after = _nameless(campaign, before or rows.new(campaign, name, None), name)
    counted = counters.together([(before, after)])
    gone: list[Write] = [] if before is None else [recipients.removed(before)]
    return [*gone, recipients.written(None, after), *([] if counted is None else [counted])]


def _nameless(campaign: Campaign, row: Recipient, name: str) -> Recipient:
    """Return a row as it is kept: of nobody, and settled, for nobody goes on with it."""
    at = clock.to_rfc3339(clock.now())
    settled = row
    if row.status == "sending":
        settled = state.advanced(row, "unknown", at, "lease_expired") or row
    elif row.status in UNSETTLED:
        settled = state.advanced(row, "skipped", at, "erased") or row
    return settled._replace(
        lead_id=name,
        is_erased=True,
        send_id=send_ids.make(campaign.label, name),
        version=row.version + 1,
        claim_token=None,
        lease_until=None,
        address_digest=None,
        vendor_message_id=None,
    )
