"""What callers see of a financing request."""

from datetime import date
from typing import Any

from functions.payments.financing import approval, debts, repayment, transition
from functions.payments.financing.financings import Financing
from functions.payments.financing.repayment import Debt, Part
from functions.payments.financing.repayments import Repayment
from functions.payments.money import rates

View = dict[str, Any]


def financing(shown: Financing) -> View:
    """Return a financing request, with its layers and pledges."""
    view = shown._asdict()
    for name in (
        *("tenant_id", "yearly_rate", "decisions", "instalments"),
        *("interest_until", "interest_ahead", "repayments", "due_at"),
    ):
        del view[name]
    return view | {
        **_totals(shown),
        "yearly_percent": rates.to_percent(shown.yearly_rate),
        "layers": _layers(shown),
        "pledges": [
            {
                "project_milestone_id": each.project_milestone_id,
                "invoice_id": each.invoice_id,
                "percentage": rates.to_percent(each.share),
                "worth_minor_units": each.worth_minor_units,
            }
            for each in shown.own_pledges
        ],
        "allowed": _allowed(shown),
    }


def schedule(shown: Financing, debt: Debt, today: date) -> View:
    """Return the instalments of an advance, and what is owed of it on a day; nothing before it is paid out."""
    owing = repayment.owing(debt, today) if shown.disbursed_on else repayment.Owing(0, 0, 0)
    return {
        "financing_id": shown.financing_id,
        "currency": shown.currency,
        "status": shown.status,
        "as_of": today.isoformat(),
        "due_minor_units": owing.due,
        "accrued_minor_units": owing.accrued,
        "payoff_minor_units": owing.total,
        "instalments": [_instalment(each) for each in debt.parts],
    }


def statement(shown: Financing, repaid: list[Repayment], payoff: int, next_cursor: str | None) -> View:
    """Return what was advanced and repaid, with a page of the repayments."""
    return {
        "financing_id": shown.financing_id,
        "currency": shown.currency,
        "status": shown.status,
        "advanced_minor_units": shown.amount_minor_units if shown.disbursed_on else 0,
        "advanced_on": shown.disbursed_on,
        **_totals(shown),
        "payoff_minor_units": payoff,
        "items": [each._asdict() for each in repaid],
        "next_cursor": next_cursor,
    }


def _totals(shown: Financing) -> View:
    if not shown.disbursed_on:
        names = ("principal_repaid_minor_units", "interest_paid_minor_units", "outstanding_minor_units")
        return dict.fromkeys(names, 0) | {"next_due_on": None}
    debt = debts.of(shown)
    oldest, principal = repayment.oldest(debt), repayment.paid_principal(debt)
    return {
        "principal_repaid_minor_units": principal,
        "interest_paid_minor_units": repayment.paid_interest(debt),
        "outstanding_minor_units": shown.amount_minor_units - principal,
        "next_due_on": None if oldest is None else oldest.due_on.isoformat(),
    }


def _allowed(shown: Financing) -> list[transition.Event]:
    """Return what people may do: nothing of what is repaid, also late."""
    return [] if shown.disbursed_on and shown.ended_at else transition.commands(shown.status)


def _instalment(part: Part) -> View:
    return {
        "number": part.number,
        "due_on": part.due_on.isoformat(),
        "amount_minor_units": part.principal + part.interest,
        "principal_minor_units": part.principal,
        "interest_minor_units": part.interest,
        "paid_minor_units": part.principal_paid + part.interest_paid,
    }


def _layers(shown: Financing) -> list[View]:
    layers, decisions = shown.own_layers, shown.own_decisions
    found = approval.outcomes(layers, decisions)
    return [
        {
            **layer._asdict(),
            "outcome": outcome,
            "decisions": [_decision(each) for each in decisions if each.layer == at],
        }
        for at, (layer, outcome) in enumerate(zip(layers, found, strict=True))
    ]


def _decision(decision: approval.Decision) -> View:
    view = decision._asdict()
    del view["layer"]
    return view
