"""Escalations in lists, and over GraphQL."""

import time_machine

from tests.projects.escalation.asking import asks, raises
from tests.projects.team import Person


def test_lists_by_status_and_due_date(ada: Person, milestone: str, time: time_machine.Traveller):
    slow = raises(ada, milestone, severity="low")
    fast = raises(ada, milestone, kind="budget", severity="critical")
    done = raises(ada, milestone, kind="delay", severity="critical")
    asks(ada, done, "acknowledge")

    def listed(query: str) -> list[str]:
        return [f"/escalations/{each['escalation_id']}" for each in ada.get("/escalations", query).body["items"]]

    assert listed("") == [fast, slow]
    assert listed("status=in_progress") == [done]
    assert listed("due_before=2026-11-22") == [fast]
    own = f"project_milestone_id={milestone.rpartition('/')[2]}"
    assert listed(own) == [done, fast, slow]
    assert listed(f"{own}&status=pending") == [fast, slow]
    assert ada.get("/escalations", "due_before=tomorrow").body["errors"][0]["field"] == "due_before"


def test_over_graphql(ada: Person, milestone: str):
    own = milestone.rpartition("/")[2]
    sent = {
        "projectMilestoneId": own,
        "kind": "budget",
        "severity": "low",
        "reasonCode": "other",
        "financialImpactMinorUnits": "4711",
    }
    raised = ada.ask("raiseEscalation", input=sent).data

    assert (raised["financialImpactMinorUnits"], raised["blocksWork"]) == ("4711", False)
    named = {"escalationId": raised["escalationId"]}
    assert ada.ask("acknowledgeEscalation", **named).data["status"] == "in_progress"
    assert ada.ask("escalateEscalation", **named).data["level"] == 2
    added = ada.ask("addEscalationAction", input={"title": "Order"}, **named).data
    done = ada.ask("completeEscalationAction", actionId=added["actions"][0]["actionId"], **named).data
    assert (done["status"], done["actions"][0]["doneBy"]) == ("resolved", ada.user_id)
    assert ada.ask("closeEscalation", **named).data["status"] == "closed"
    assert ada.ask("escalation", **named).data["status"] == "closed"
    assert ada.ask("escalations", projectMilestoneId=own).data["items"][0]["escalationId"] == raised["escalationId"]
    assert ada.ask("escalations").data["items"] == []
    again = ada.ask("raiseEscalation", input=sent).data["escalationId"]
    assert ada.ask("rejectEscalation", escalationId=again, reason="So it is.").data["status"] == "rejected"
    third = ada.ask("raiseEscalation", input=sent).data["escalationId"]
    resolved = ada.ask("resolveEscalation", escalationId=third, resolution="Paid.").data
    assert resolved["resolution"] == "Paid."
