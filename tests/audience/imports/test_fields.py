"""Recounts over GraphQL: of a lead, of all leads, of the files of segments."""

import json

import pytest

from tests.audience.damaged import damage
from tests.audience.imports.working import job_of, works
from tests.audience.people import Person

pytestmark = pytest.mark.usefixtures("stage")


def test_a_lead_is_counted_again(ada: Person):
    lead_id = ada.creates(external_id="a")["lead_id"]
    damage(ada, lead_id)
    found = ada.ask("recountLead", leadId=lead_id).data
    mended = ada.ask("recountLead", leadId=lead_id, repair=True).data

    assert [
        (each["field"], json.loads(each["stored"]), json.loads(each["counted"])) for each in found["differences"]
    ] == [("order_spend", 7, 0)]
    assert (found["repaired"], mended["repaired"]) == (False, True)
    assert ada.ask("recountLead", leadId=lead_id).data["differences"] == []
    assert ada.ask("recountLead", leadId="lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE").error_type == "LeadNotFound"


def test_all_leads_are_counted_again_by_a_job(ada: Person):
    damage(ada, ada.creates(external_id="a")["lead_id"])
    begun = ada.ask("recountLeads", repair=True).data
    works(ada, begun["jobId"])

    assert (begun["kind"], begun["status"], begun["unit"]) == ("audience.recount", "queued", "leads")
    assert job_of(ada, begun["jobId"]).status == "completed"
    assert ada.ask("recountSegments").data["kind"] == "audience.segment_recount"


@pytest.mark.parametrize("field", ["recountLead", "recountLeads", "recountSegments"])
def test_recounts_are_for_administrators(ada: Person, field: str):
    arguments = {"leadId": "lead_01KAFX3V5N8T2J6Q4W9Y7ZC0DE"} if field == "recountLead" else {}
    scope = "audience:read audience:write audience:send"

    assert ada.holding(scope).ask(field, **arguments).error_type == "InsufficientScope"
