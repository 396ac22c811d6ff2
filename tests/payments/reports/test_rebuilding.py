"""Sums worked out anew from the invoices, also while invoices change."""

from functions.payments.aggregates import counted
from functions.payments.reports import rebuilding
from shared.storage import table
from shared.storage.attributes import Key
from shared.storage.writes import Put
from tests.aws import hooks
from tests.payments.reports.firms import Firm


def sums(firm: Firm) -> counted.Sums:
    found, _ = rebuilding.kept(firm.tenant_id, {"EUR", "JPY", "KWD"})
    return {key: by for key, by in found.items() if by}


def settled(firm: Firm) -> None:
    """Make invoices in several months, states and currencies."""
    project = firm.project("Royal Society")
    for currency in ("EUR", "JPY"):
        made = [firm.issues(firm.milestone(project, 1000, currency, net_days=days)) for days in (0, 45, 120)]
        firm.receives(made[0]["invoice_id"], 1000, "2026-11-30")
        firm.receives(made[1]["invoice_id"], 300, "2026-11-30")


def test_invoices_of_before_there_were_sums_are_counted(firm: Firm):
    settled(firm)
    wanted = sums(firm)
    table.delete_many([*wanted])
    mended = rebuilding.rebuild(firm.tenant_id)

    assert mended == len(wanted)
    assert sums(firm) == wanted == rebuilding.said_by_invoices(firm.tenant_id)
    assert rebuilding.rebuild(firm.tenant_id) == 0


def test_a_wrong_sum_is_mended_and_a_right_one_left_alone(firm: Firm):
    settled(firm)
    wanted = sums(firm)
    wrong = Key(counted.outstanding(firm.tenant_id), "MONTH#2026-11#KWD")
    surplus = {"PK": wrong.pk, "SK": wrong.sk, "n20": 1, "a20": 7, counted.CHANGES: 1}
    table.transact([Put(surplus)])

    assert rebuilding.rebuild(firm.tenant_id) == 1
    assert sums(firm) == wanted


def test_what_changes_meanwhile_is_counted_once(firm: Firm):
    settled(firm)
    table.delete_many([*sums(firm)])
    project = firm.project("Royal Society")
    is_first = [True]

    def meanwhile(**_: object) -> None:
        if is_first and is_first.pop():
            firm.issues(firm.milestone(project, 1000, "EUR", net_days=45))

    with hooks.registered("before-call.dynamodb.TransactWriteItems", meanwhile):
        rebuilding.rebuild(firm.tenant_id)

    assert sums(firm) == rebuilding.said_by_invoices(firm.tenant_id)
