"""How campaigns are made, changed and deleted; `moving.py` has how they are started, paused, resumed and cancelled."""

from collections.abc import Mapping
from typing import Any, Final

from functions.audience.campaigns import campaigns, moving, states, timer
from functions.audience.campaigns.campaigns import Campaign, View
from functions.audience.campaigns.states import Status
from functions.audience.campaigns.variants import variants
from functions.audience.campaigns.waiting import local_times
from functions.audience.delivery import addresses
from functions.audience.delivery.messages import Channel
from functions.audience.recipients import send_ids
from functions.audience.recipients.send_ids import Owner
from functions.audience.segments import segments
from shared import clock, ids
from shared.callers import tenant_settings
from shared.callers.caller import Caller
from shared.errors import Conflict, Forbidden, InvalidInput
from shared.storage import changes, versions
from shared.storage.changes import Plan
from shared.storage.idempotency import Answer, Claim
from shared.storage.writes import Delete, Write, unchanged

_ADMIN: Final = "audience:admin"


class CampaignNotEditable(Conflict):
    """409: a campaign is changed and deleted before it is started; one that has been started can be cancelled."""

    def __init__(self, status: Status) -> None:
        super().__init__(f"The campaign is {status}; it can be changed and deleted before it is started only.")


class PurposeNotAllowed(Forbidden):
    """403: what passes the opt-outs of people (`transactional`) takes the scope `audience:admin`."""

    def __init__(self) -> None:
        super().__init__("A transactional campaign takes the scope `audience:admin`.")


def create(caller: Caller, fields: Mapping[str, Any], *, claim: Claim | None = None) -> Answer:
    """Create a campaign and return it.

    Raises segments.SegmentNotFound, PurposeNotAllowed, BadTemplate, InvalidInput.
    """
    now = clock.now()
    if fields["purpose"] == "transactional":
        _require_admin(caller)
    fields = _with_trials(caller.tenant_id, fields["channel"], fields)
    campaign_id, moment = ids.new(campaigns.ID, at=now), clock.to_rfc3339(now)
    label = send_ids.new_label()

    def plan() -> Plan[View]:
        made = Campaign(
            tenant_id=caller.tenant_id,
            campaign_id=campaign_id,
            label=label,
            status="draft",
            created_by=caller.user_id,
            created_at=moment,
            updated_at=moment,
            version=1,
            **fields,
        )
        _check(made)
        segments.get(caller.tenant_id, made.segment_id)
        writes: list[Write] = [
            campaigns.written(None, made),
            send_ids.pointer(label, Owner(caller.tenant_id, campaign_id)),
            moving.uses(made, made.segment_id),
            campaigns.happened("created", made, now),
        ]
        return Plan(campaigns.view(made), writes)

    return changes.make(plan, claim=claim)


def change(caller: Caller, campaign_id: str, fields: Mapping[str, Any], *, if_match: str | None) -> View:
    """Change fields of a campaign that was not started, or the rate of one that is not over, and return it.

    Raises CampaignNotFound, CampaignNotEditable, PurposeNotAllowed, segments.SegmentNotFound, versions.VersionChanged,
    BadTemplate, InvalidInput.
    """
    now = clock.now()

    def plan() -> Plan[View]:
        before = campaigns.get(caller.tenant_id, campaign_id)
        versions.require(if_match, before.version)
        after = campaigns.next_version(before, now, **_changed(caller, before, fields))
        _check(after)
        writes: list[Write] = [campaigns.written(before, after), campaigns.happened("updated", after, now)]
        if after.segment_id != before.segment_id:
            segments.get(caller.tenant_id, after.segment_id)
            writes.append(moving.uses(after, after.segment_id))
        if after.status == "scheduled":
            writes.append(timer.at(after))
        return Plan(campaigns.view(after), writes)

    return changes.make(plan)


def delete(caller: Caller, campaign_id: str, *, if_match: str | None) -> None:
    """Delete a campaign that was never started. Raises CampaignNotFound, CampaignNotEditable, VersionChanged."""
    now = clock.now()

    def plan() -> Plan[None]:
        before = campaigns.get(caller.tenant_id, campaign_id)
        versions.require(if_match, before.version)
        if before.status not in states.EDITABLE:
            raise CampaignNotEditable(before.status)
        writes: list[Write] = [
            Delete(campaigns.key(caller.tenant_id, campaign_id), unchanged(before.version)),
            Delete(send_ids.key(before.label)),
            Delete(timer.key(before)),
            moving.uses(before),
            campaigns.happened("deleted", campaigns.next_version(before, now), now),
        ]
        return Plan(None, writes)

    changes.make(plan)


def _changed(caller: Caller, before: Campaign, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a campaign that a caller may change so.

    Raises CampaignNotEditable, PurposeNotAllowed, InvalidInput.
    """
    if fields.keys() <= {"rate_per_minute"} and not before.is_over:
        return {**fields}
    if before.status not in states.EDITABLE:
        raise CampaignNotEditable(before.status)
    if before.purpose == "transactional":
        _require_admin(caller)
    if before.status == "scheduled" and fields.get("scheduled_at", before.scheduled_at) is None:
        raise InvalidInput.of("scheduled_at", "a campaign that is scheduled has a time; cancel it, or send another")
    message = {**before.message, **fields.get("message", {})}
    # Whoever meant everybody meant it of that segment.
    is_confirmed = before.confirmed_all and fields.get("segment_id", before.segment_id) == before.segment_id
    wanted = _with_trials(caller.tenant_id, before.channel, fields)
    return {**wanted, "message": message, "confirmed_all": is_confirmed}


def _with_trials(tenant_id: str, channel: Channel, fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return fields whose `test_recipients` are addresses as messages go to them. Raises InvalidInput."""
    found: list[str] = []
    for place, each in enumerate(fields.get("test_recipients", ())):
        try:
            found.append(addresses.read(each, channel, region=tenant_settings.of(tenant_id).phone_region))
        except ValueError as error:
            raise InvalidInput.of(f"test_recipients.{place}", str(error)) from error
    return {**fields, "test_recipients": [*dict.fromkeys(found)]} if found else fields


def _require_admin(caller: Caller) -> None:
    """Return when a caller may say what passes opt-outs. Raises PurposeNotAllowed."""
    if _ADMIN not in caller.scopes:
        raise PurposeNotAllowed


def _check(campaign: Campaign) -> None:
    """Require that the texts, the variants and the time of a campaign are good. Raises BadTemplate, InvalidInput."""
    from functions.audience.campaigns.variants import requiring  # noqa: PLC0415 - for a cold start: no read renders

    requiring.require(campaign)
    local_times.require_time(campaign.time_zone_mode, campaign.scheduled_at)
    _check_tracking(campaign)


def _check_tracking(campaign: Campaign) -> None:
    """Require HTML in which opens and clicks can be counted, if they are to be. Raises InvalidInput."""
    is_html = all(each.message.get("html_template") for _, each in variants.versions(campaign))
    for name, is_counted in (("track_opens", campaign.track_opens), ("track_clicks", campaign.track_clicks)):
        if is_counted and not is_html:
            raise InvalidInput.of(name, "needs an html_template: opens and clicks are counted in the HTML of e-mails")
