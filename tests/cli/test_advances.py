"""Advances, and the payments of one project, from the command line, on the real application."""

from tests.cli.invoiced import danas, issued, milestone
from tests.cli.shell import Shell

__all__ = ["danas", "issued", "milestone"]


def test_payments_of_one_project_are_listed(adas: Shell, issued: dict[str, str]):
    other = adas.types("projects", "add", "Engine No. 3", "--json").json["project_id"]

    assert [each[0] for each in adas.types("payments", "list", "--project", "engine no. 2").rows] == [
        issued["payment_id"]
    ]
    assert adas.types("payments", "list", "--project", other).rows == []


def test_an_advance_is_asked_for_approved_paid_out_and_repaid(adas: Shell, danas: Shell, issued: dict[str, str]):
    terms = ("--currency", "EUR", "--yearly-percent", "12", "--months", "2")
    asked = danas.types("financing", "request", "800.00", *terms, "--invoice", issued["invoice_id"], "--json").json
    advance = asked["financing_id"]
    own = danas.types("financing", "approve", advance)
    approved = dict(adas.types("financing", "approve", advance, "--note", "Good.").rows)
    adas.types("financing", "disburse", advance)
    part = dict(adas.types("financing", "repay", advance, "--amount", "100.50").rows)
    schedule = adas.types("financing", "schedule", advance).rows
    statement = adas.types("financing", "statement", advance, "--json").lines
    rest = dict(adas.types("financing", "repay", advance).rows)

    assert (own.exit_code, "You have asked for this advance." in own.err) == (6, True)
    assert (approved["status"], approved["layer 1"]) == ("approved", "approved, 1 of 1 approvals by admin")
    assert (part["status"], part["outstanding"]) == ("active", "69950 minor units of EUR")
    assert [each[0] for each in schedule] == ["1", "2"]
    assert [each["principal_minor_units"] for each in statement] == [10_050]
    assert (rest["status"], rest["next"]) == ("completed", "")
    assert [each[:2] for each in adas.types("financing", "list", "--status", "completed").rows] == [
        [advance, "completed"]
    ]


def test_an_advance_without_a_pledge_makes_no_sense_and_one_is_withdrawn(adas: Shell, issued: dict[str, str]):
    request = ("financing", "request", "100", "--currency", "EUR", "--yearly-percent", "0", "--months", "1")
    asked = adas.types(*request, "--invoice", issued["invoice_id"], "--json").json
    withdrawn = dict(adas.types("financing", "reject", asked["financing_id"], "--reason", "Not needed.").rows)

    assert adas.types(*request).exit_code == 2
    assert (withdrawn["status"], withdrawn["reason"]) == ("rejected", "Not needed.")
    assert adas.types("financing", "show", "fin_1").exit_code == 4
