"""What callers see of terms: rates are percentages, written with no more decimals than they take."""

from typing import Any

from functions.payments.money import rates
from functions.payments.terms.terms import Terms

View = dict[str, Any]


def terms(shown: Terms) -> View:
    """Return terms as callers see them."""
    view = shown._asdict() | {"thresholds": [*shown.thresholds]}
    for name in ("retention", "tax"):
        view[f"{name}_percent"] = rates.to_percent(view.pop(f"{name}_rate"))
    return view
