"""What the audience tells the tests that hold for every context."""

from typing import Any

from graphql import GraphQLNonNull, get_named_type

from functions.audience.activity import shapes
from shared.api import casing
from tests.audience.appsync import MUTATIONS, QUERIES
from tests.goals.catalogue import Field, Scene, example

RULE = '{"type": "condition", "field": "visits", "operator": ">", "value": 1}'
CAMPAIGN = {
    "name": "Spring",
    "segmentId": "",
    "channel": "sms",
    "purpose": "marketing",
    "messageTemplate": "Hello {{ name }}!",
}
SENDING = {f"{each}Campaign" for each in ("create", "update", "delete", "decide", "test")} | {"setCampaignStatus"}
ADMIN = {
    *("deliveryProvider", "deliveryProviders", "createDeliveryProvider", "updateDeliveryProvider"),
    *("deleteDeliveryProvider", "rotateReceiptSecret", "testDeliveryProvider"),
    *("recountCampaign", "recountLead", "recountLeads", "recountSegments", "removeSuppression"),
}
INPUTS: dict[str, dict[str, Any]] = {
    "CampaignChangeInput": {"ratePerMinute": 600},
    "DeliveryProviderInput": {"kind": "ses", "name": "Of the stage"},
    "DeliveryProviderChangeInput": {"perMinute": 600},
    "DeliveryTestInput": {"to": "ada@example.org"},
    "LeadOptInInput": {"subject": "email/news", "source": "checkout", "text": "Yes, write to me."},
    "SuppressionsInput": {"rows": [{"channel": "email", "address": "ada@example.org"}]},
    "SuppressionInput": {"channel": "email", "address": "ada@example.org"},
    "SegmentInput": {"name": "Visitors", "ruleAst": RULE},
    "LeadInput": {"externalId": "crm-1906", "name": "Grace Hopper"},
    "LeadOrderInput": casing.camel(example(shapes.OrderDraft)),
    "LeadVisitInput": casing.camel(example(shapes.VisitDraft)),
    "RecordLeadConsentInput": casing.camel(example(shapes.ConsentGiven)),
}


class LeadField(Field):
    def arguments(self, scene: Scene) -> dict[str, Any]:
        given = {
            "leadId": scene.lead_id,
            "otherLeadId": scene.lead_id,
            "segmentId": scene.segment_id,
            "campaignId": scene.campaign_id,
            "status": "failed" if self.name == "campaignLogs" else "cancelled",
            "providerId": scene.provider_id,
            "suppressionId": scene.suppression_id,
            "reason": "They have asked for it.",
            "ruleAst": RULE,
            "variant": "A",
        }
        if self.name == "leadKnownBy":
            return {"externalId": "nobody"}
        inputs = INPUTS | {"CampaignInput": CAMPAIGN | {"segmentId": scene.segment_id}}
        return {name: inputs[kind] if name == "input" else given[name] for name, kind in self.required.items()}


def _field(type_name: str, name: str, definition: Any) -> LeadField:
    required = {
        argument: get_named_type(each.type).name
        for argument, each in definition.args.items()
        if isinstance(each.type, GraphQLNonNull)
    }
    level = "read" if type_name == "Query" else "send" if name in SENDING else "write"
    level = "admin" if name in ADMIN else level
    return LeadField(type_name, name, f"audience:{level}", frozenset(definition.args), required)


FIELDS = [_field("Query", *each) for each in QUERIES.items()] + [
    _field("Mutation", *each) for each in MUTATIONS.items()
]

CASES = 150
UNPREPARED = {
    # It says why in its query.
    "DELETE /api/v1/suppressions/{suppression_id}": "InvalidInput",
    # The lead has no address.
    "POST /api/v1/leads/{lead_id}/opt-in": "NobodyToAsk",
    "Mutation.askLeadOptIn": "NobodyToAsk",
    # What opens them is a link that was sent.
    "GET /api/v1/unsubscribe": "InvalidInput",
    "POST /api/v1/unsubscribe": "InvalidInput",
    "GET /api/v1/opt-in": "InvalidInput",
    "POST /api/v1/opt-in": "InvalidInput",
    "GET /api/v1/opens": "InvalidInput",
    "GET /api/v1/clicks": "InvalidInput",
    # Providers sign what they tell.
    "POST /api/v1/delivery/receipt": "InvalidInput",
    "POST /api/v1/delivery/inbound": "InvalidInput",
    # Nothing was sent to anybody.
    "GET /api/v1/campaigns/{campaign_id}/recipients/{lead_id}": "RecipientNotFound",
    # The examples name a lead that is not there.
    "POST /api/v1/leads/{lead_id}/merge": "LeadNotFound",
    "Mutation.mergeLead": "MergedAlready",
    # The provider there is that of the stage: a test message through another would leave this machine.
    "POST /api/v1/delivery-providers/{provider_id}/rotate-secret": "NoReceiptSecret",
    "Mutation.rotateReceiptSecret": "NoReceiptSecret",
    "PUT /api/v1/campaigns/{campaign_id}/status": "ProviderMissing",
    # The example names a segment that is not there, and the one there is has a campaign.
    "POST /api/v1/campaigns": "SegmentNotFound",
    "DELETE /api/v1/segments/{segment_id}": "SegmentInUse",
    "Mutation.deleteSegment": "SegmentInUse",
    "POST /api/v1/campaigns/{campaign_id}/test": "NoTestRecipients",
    "Mutation.testCampaign": "NoTestRecipients",
    # The campaign there is has no variants.
    "POST /api/v1/campaigns/{campaign_id}/winner": "InvalidInput",
    "Mutation.decideCampaign": "InvalidInput",
    # No file was sent for a job of this id.
    "GET /api/v1/lead-imports/{import_id}": "JobNotFound",
    "GET /api/v1/lead-imports/{import_id}/report": "JobNotFound",
    "POST /api/v1/lead-imports/{import_id}/start": "JobNotFound",
    "POST /api/v1/lead-imports/{import_id}/cancel": "JobNotFound",
}
"""What the owner is told where something must have happened before."""
