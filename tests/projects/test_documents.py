"""docs/projects.md is the code: its table of transitions, its diagram, its limits."""

from pathlib import Path

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
