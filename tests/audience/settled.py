"""What the tenants of the platform's tests have of an audience."""

from collections.abc import Mapping

from tests.platform.operations import send

NO_LEAD = {"lead_id": "lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"}
"""A well-formed id of what is not there."""


def lead_of(headers: Mapping[str, str]) -> dict[str, str]:
    """Give the tenant a currency and a lead, and return the lead's id."""
    send("PATCH", "/api/v1/tenant", {"currency": "EUR"}, headers=headers)
    made = send("POST", "/api/v1/leads", {"external_id": "settled", "name": "Mary Somerville"}, headers=headers)
    assert made.status == 201, made.body
    return {"lead_id": made.body["lead_id"]}
