"""docs/security.md: what it says is tested is tested, and every risk of the list it goes through is there."""

import re

import pytest

from functions.identity.scopes import SCOPES
from tests.platform.architecture import ROOT

PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)))


@pytest.mark.parametrize(("path", "name"), NAMED, ids=[name for _, name in NAMED])
def test_a_test_that_the_page_names_is_there(path: str, name: str):
    assert re.search(rf"^def {name}\(", (ROOT / path).read_text(encoding="utf-8"), re.MULTILINE)


def test_every_promise_and_every_risk_names_a_test():
    promised, risks = PAGE.split("## What is promised")[1].split("## OWASP")
    rows = [
        line
        for table in (promised, risks.split("## What is not covered")[0])
        for line in table.splitlines()
        if line.startswith("| ") and not line.startswith(("| promise", "| risk"))
    ]

    assert len(rows) >= 30
    assert [row for row in rows if "::test_" not in row] == []


def test_every_risk_of_the_owasp_list_has_a_row():
    assert re.findall(r"^\| API(\d+) ", PAGE, re.MULTILINE) == [str(number) for number in range(1, 11)]


def test_the_table_of_roles_is_that_of_the_code():
    lines = PAGE.split("## Who may do what")[1].split("## Where trust changes")[0].splitlines()
    header, _, *rows = [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines if line[:1] == "|"]
    _, *roles = header
    granted = {role: {row[0] for row in rows if row[column] == "yes"} for column, role in enumerate(roles, start=1)}

    assert granted == SCOPES
    assert [row[0] for row in rows] == sorted(SCOPES["owner"])
    assert {cell for row in rows for cell in row[1:]} == {"yes", "no"}
