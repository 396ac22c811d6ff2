"""The posting table: each kind of entry debits and credits its own accounts, and is balanced."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.payments.ledger import accounts, kinds
from functions.payments.ledger.entries import Line
from functions.payments.ledger.kinds import KINDS, Unbalanced

PROJECT = "prj_01KAEY5R7C2N8V4X6Z9B1D3F5H"


def test_the_example_of_an_invoice_with_a_retention_is_balanced():
    amounts = {"receivable": 33187500, "retention_receivable": 3125000, "revenue": 31250000, "tax_payable": 5062500}

    assert kinds.lines("invoice_issued", amounts) == [
        Line("receivable", debit=33187500),
        Line("retention_receivable", debit=3125000),
        Line("revenue", credit=31250000),
        Line("tax_payable", credit=5062500),
    ]


def test_an_invoice_of_a_retention_frees_it_and_owes_its_tax():
    amounts = {"receivable": 3687500, "retention_receivable": 3125000, "tax_payable": 562500}

    assert kinds.lines("retention_invoiced", amounts)[1] == Line("retention_receivable", credit=3125000)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_names_accounts_of_the_chart_one_on_each_side_at_least(kind: str):
    table = KINDS[kind]

    assert {*table.debits, *table.credits} <= accounts.CHART.keys()
    assert table.debits
    assert table.credits
    assert not {*table.debits} & {*table.credits}


def test_the_page_has_the_posting_table():
    rows = [
        f"| `{name}` | {_named(kind.debits)} | {_named(kind.credits)} | {kind.happened} |"
        for name, kind in KINDS.items()
    ]

    assert "\n".join(rows) in Path("docs/payments.md").read_text()


def _named(codes: Sequence[str]) -> str:
    return ", ".join(f"`{code}`" for code in codes)


@pytest.mark.parametrize("kind", KINDS)
@given(amount=st.integers(1, 10**15))
def test_an_amount_from_one_side_to_the_other_is_balanced(kind: str, amount: int):
    table = KINDS[kind]

    lines = kinds.lines(kind, {table.debits[0]: amount, table.credits[0]: amount}, project_id=PROJECT)

    assert sum(line.debit for line in lines) == sum(line.credit for line in lines) == amount


def test_a_deposit_is_on_the_account_of_its_project():
    lines = kinds.lines("deposited", {"clearing": 5, "escrow": 5}, project_id=PROJECT)

    assert [line.account for line in lines] == ["clearing", f"escrow.{PROJECT}"]


@pytest.mark.parametrize(
    ("kind", "amounts"),
    [
        ("invoice_issued", {"receivable": 2, "revenue": 1}),
        ("invoice_issued", {"receivable": 1, "clearing": 1}),
        ("invoice_issued", {"receivable": -1, "revenue": -1}),
        ("invoice_issued", {}),
        ("deposited", {"clearing": 1, "escrow": 1}),
    ],
)
def test_what_is_not_balanced_or_not_of_its_kind_is_a_mistake(kind: str, amounts: dict[str, int]):
    with pytest.raises(Unbalanced):
        kinds.lines(kind, amounts)


DEBIT = st.builds(Line, st.sampled_from(["clearing", "receivable", "revenue"]), st.integers(0, 99), st.just(0))
LINES = st.lists(DEBIT, max_size=9)


@given(debits=LINES.filter(lambda lines: any(line.debit for line in lines)))
def test_an_account_that_is_named_twice_is_folded_into_one_line(debits: list[Line]):
    several = [*debits, Line("clearing", credit=sum(line.debit for line in debits))]

    folded = kinds.require_balanced(several)

    assert sorted({line.account for line in several}) == [line.account for line in folded]
    assert sum(line.debit for line in folded) == sum(line.debit for line in several)
