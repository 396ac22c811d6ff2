"""What callers see of a financing request."""

from typing import Any

from functions.payments.financing import approval, transition
from functions.payments.financing.financings import Financing
from functions.payments.money import rates

View = dict[str, Any]


def financing(shown: Financing) -> View:
    """Return a financing request, with its layers and pledges."""
    view = shown._asdict()
    for name in ("tenant_id", "yearly_rate", "decisions"):
        del view[name]
    return view | {
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
        "allowed": transition.commands(shown.status),
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
