"""What the tenants of the platform's tests have of an audience."""

from collections.abc import Mapping

from tests.platform.operations import send

NO_LEAD = {
    "import_id": "job_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "lead_id": "lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "segment_id": "segment_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "provider_id": "prv_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
    "suppression_id": f"email-{'9f' * 32}",
    "campaign_id": "campaign_01KAFX3V5N8T2J6Q4W9Y7ZC0DE",
}
"""Well-formed ids of what is not there."""


def lead_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Give the tenant one of everything there is to name, and return how they are called."""
    send("PATCH", "/api/v1/tenant", {"currency": "EUR"}, headers=headers)
    made = send("POST", "/api/v1/leads", {"external_id": "settled", "name": "Mary Somerville"}, headers=headers)
    assert made.status == 201, made.body
    rule = {"type": "condition", "field": "external_id", "operator": "=", "value": "settled"}
    segment = send("POST", "/api/v1/segments", {"name": "Settled", "rule_ast": rule}, headers=headers)
    assert segment.status == 201, segment.body
    mail = {"kind": "ses", "name": "Of the stage"}
    provider = send("POST", "/api/v1/delivery-providers", mail, headers=headers)
    assert provider.status == 201, provider.body
    row = {"channel": "email", "address": "settled@example.org"}
    suppression = send("POST", "/api/v1/suppressions", row, headers=headers)
    assert suppression.status == 201, suppression.body
    draft = {"name": "Settled", "segment_id": segment.body["segment_id"], "channel": "sms", "purpose": "marketing"}
    campaign = send("POST", "/api/v1/campaigns", {**draft, "message_template": "Hello!"}, headers=headers)
    assert campaign.status == 201, campaign.body
    return {
        "lead_id": made.body["lead_id"],
        "segment_id": segment.body["segment_id"],
        "provider_id": provider.body["provider_id"],
        "suppression_id": suppression.body["suppression_id"],
        "campaign_id": campaign.body["campaign_id"],
    }
