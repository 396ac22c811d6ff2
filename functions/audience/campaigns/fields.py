"""Campaigns over GraphQL: every field of `schema.graphql` about them, on the functions that REST calls too."""

from collections.abc import Mapping
from typing import Any, cast

from functions.audience.campaigns import campaigns, commands, lifecycle, reading, recounts
from functions.audience.campaigns.campaigns import View
from functions.audience.campaigns.states import Status
from functions.audience.campaigns.variants import deciding
from functions.audience.graphql import claim, graphql, if_match, parsed, written
from functions.audience.resolver import ADMIN, READ, SEND
from shared.api.graphql import connection, limit_of

# The shapes, and what renders, are imported where they are needed: no read waits for them on a cold start.


def _shown(view: View) -> View:
    """Return a campaign as AppSync wants it: AWSJSON is a text."""
    named = view["template_variables"]
    return {
        **view,
        "template_variables": None if named is None else written(named),
        **({"variants": [_shown(each) for each in view["variants"]]} if "variants" in view else {}),
    }


def _sent(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return an input whose AWSJSON is a value, without what is null. Raises InvalidInput."""
    found = {name: value for name, value in given.items() if value is not None}
    if "variants" in found:
        found["variants"] = [_sent(each) for each in found["variants"]]
    named = found.get("template_variables")
    return found if named is None else {**found, "template_variables": parsed("template_variables", named)}


@graphql.field("Query", "campaign", scope=READ)
def campaign(campaign_id: str) -> View:
    """Resolve one campaign with its counters."""
    return _shown(reading.show(graphql.caller.tenant_id, campaign_id))


@graphql.field("Query", "campaigns", scope=READ)
def every_campaign(status: str | None = None, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the campaigns of the caller's tenant."""
    tenant_id, of = graphql.caller.tenant_id, cast("Status | None", status)
    found, cursor = campaigns.page(tenant_id, limit=limit_of(limit), cursor=next_token, status=of)
    return connection(([_shown(each) for each in found], cursor))


@graphql.field("Query", "campaignLogs", scope=READ)
def campaign_logs(campaign_id: str, status: str, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the recipients that somebody may want to look at."""
    tenant_id = graphql.caller.tenant_id
    return connection(reading.logs(tenant_id, campaign_id, status, limit=limit_of(limit), cursor=next_token))


@graphql.field("Query", "campaignStats", scope=READ)
def campaign_stats(campaign_id: str) -> View:
    """Resolve the counters of a campaign."""
    return reading.stats(graphql.caller.tenant_id, campaign_id)


@graphql.field("Query", "campaignPreview", scope=READ)
def campaign_preview(campaign_id: str) -> list[View]:
    """Resolve the messages to three leads."""
    from functions.audience.campaigns import previews  # noqa: PLC0415

    found = previews.preview(graphql.caller.tenant_id, campaign_id)["items"]
    return [{**each, "variables": written(each["variables"])} for each in found]


@graphql.field("Mutation", "createCampaign", scope=SEND)
def create_campaign(input: dict[str, Any]) -> View:  # noqa: A002 - the name GraphQL clients expect
    """Create a campaign."""
    from functions.audience.campaigns import shapes  # noqa: PLC0415

    fields = shapes.CampaignDraft.model_validate(_sent(input)).fields()
    return _shown(lifecycle.create(graphql.caller, fields, claim=claim()))


@graphql.field("Mutation", "updateCampaign", scope=SEND)
def update_campaign(
    campaign_id: str,
    input: dict[str, Any],  # noqa: A002 - as above
    expected_version: int | None = None,
) -> View:
    """Change fields of a campaign."""
    from functions.audience.campaigns import shapes  # noqa: PLC0415

    fields = shapes.CampaignChange.model_validate(_sent(input)).fields()
    return _shown(lifecycle.change(graphql.caller, campaign_id, fields, if_match=if_match(expected_version)))


@graphql.field("Mutation", "deleteCampaign", scope=SEND)
def delete_campaign(campaign_id: str, expected_version: int | None = None) -> View:
    """Delete a campaign that was never started."""
    lifecycle.delete(graphql.caller, campaign_id, if_match=if_match(expected_version))
    return {"campaign_id": campaign_id}


@graphql.field("Mutation", "setCampaignStatus", scope=SEND)
def set_campaign_status(campaign_id: str, status: str, confirm_all: bool | None = None) -> View:  # noqa: FBT001
    """Start, pause, resume or cancel a campaign."""
    from functions.audience.campaigns import shapes  # noqa: PLC0415

    # The enum has the states that nobody asks for too.
    asked = shapes.StatusAsked.model_validate({"status": status, "confirm_all": bool(confirm_all)})
    return _shown(commands.set_status(graphql.caller, campaign_id, asked.status, confirm_all=asked.confirm_all))


@graphql.field("Mutation", "decideCampaign", scope=SEND)
def decide_campaign(campaign_id: str, variant: str) -> View:
    """Decide which variant has won."""
    return _shown(deciding.decide(graphql.caller.tenant_id, campaign_id, variant))


@graphql.field("Mutation", "testCampaign", scope=SEND)
def test_campaign(campaign_id: str) -> list[View]:
    """Send the message to those who try it."""
    from functions.audience.campaigns import previews  # noqa: PLC0415

    results: list[View] = previews.test(graphql.caller.tenant_id, campaign_id)["results"]
    return results


@graphql.field("Mutation", "recountCampaign", scope=ADMIN)
def recount_campaign(campaign_id: str, repair: bool | None = None) -> View:  # noqa: FBT001
    """Count the rows of a campaign again."""
    return recounts.recount(graphql.caller.tenant_id, campaign_id, is_repairing=bool(repair))
