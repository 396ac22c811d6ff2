"""docs/paying.md is the code: the table of transitions, the diagram, when a gateway is asked."""

from pathlib import Path

from functions.payments.gateways import names
from functions.payments.releases import patience
from functions.payments.transition import TRANSITIONS
from tests.payments import documents

PAGE = (Path(__file__).parents[2] / "docs" / "paying.md").read_text(encoding="utf-8")


def test_the_page_has_the_table_of_transitions():
    rows = [
        line for line in PAGE.splitlines() if line.endswith(tuple(f"{each.when} |" for each in TRANSITIONS.values()))
    ]

    assert rows == documents.transitions()


def test_the_page_of_advances_has_the_table_of_transitions():
    page = (Path(__file__).parents[2] / "docs" / "financing.md").read_text(encoding="utf-8")

    assert [row for row in documents.financing_transitions() if row not in page] == []


def test_the_page_has_the_state_diagram():
    assert "```mermaid\n" + "\n".join(documents.diagram()) + "\n```" in PAGE


def test_the_page_says_when_a_gateway_is_asked_and_how_often():
    assert documents.looks() in PAGE
    assert f"{patience.REPEATED_UNTIL // patience.MINUTE} minutes" in PAGE
    assert f"{patience.ATTEMPTS} attempts" in PAGE


def test_the_page_names_each_gateway():
    assert [name for name in names.NAMES if f"| `{name}` |" not in PAGE] == []
