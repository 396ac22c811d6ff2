"""docs/projects.md and docs/verification.md are the code: tables of transitions, diagrams, limits."""

from pathlib import Path

from functions.projects import escalations
from functions.projects.escalation import deadline
from functions.projects.layers import policy
from functions.projects.milestones import milestones
from functions.projects.people import members, owners
from tests.projects import documents

PAGE = (Path(__file__).parents[2] / "docs" / "projects.md").read_text(encoding="utf-8")


def test_the_page_has_the_table_of_transitions():
    rows = [line for line in PAGE.splitlines() if "| people |" in line or "| system |" in line]

    assert rows == documents.transitions()


def test_the_page_has_the_state_diagram():
    assert "```mermaid\n" + "\n".join(documents.diagram()) + "\n```" in PAGE


def test_the_page_has_the_limits():
    for most, what in ((members.MOST, "members"), (milestones.MOST, "milestones"), (owners.MOST, "owners")):
        assert f"{most:,} {what}" in PAGE


def test_the_page_of_verification_has_the_table_and_the_diagram_of_a_layer():
    page = (Path(__file__).parents[2] / "docs" / "verification.md").read_text(encoding="utf-8")

    assert "\n".join(documents.layer_transitions()) in page
    assert "```mermaid\n" + "\n".join(documents.layer_diagram()) + "\n```" in page
    assert f"{policy.MOST_LAYERS} layers" in page
    assert f"{policy.MOST_PEOPLE} people" in page


def test_the_page_of_escalations_has_the_table_the_diagram_and_the_hours():
    page = (Path(__file__).parents[2] / "docs" / "escalations.md").read_text(encoding="utf-8")

    assert "\n".join(documents.escalation_transitions()) in page
    assert "```mermaid\n" + "\n".join(documents.escalation_diagram()) + "\n```" in page
    rows = [f"| `{severity}` | {hours // 4} h | {hours} h |" for severity, hours in deadline.HOURS.items()]
    assert "\n".join(rows) in page
    assert f"{escalations.MOST_ACTIONS} actions" in page
