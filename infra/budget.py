"""The budget of a stage: who is told of alarms is told too when the account costs more than was meant."""

from aws_cdk import aws_budgets as budgets
from constructs import Construct

from infra.settings import Settings


class Budget(Construct):
    """A monthly budget, in US$, of the whole account: costs by tag are known only where somebody has switched that on.

    AWS writes to the address itself; there is nothing to confirm, and no alarm that costs.
    """

    def __init__(self, scope: Construct, id_: str, *, settings: Settings) -> None:
        super().__init__(scope, id_)
        if settings.monthly_budget is None or settings.alarm_email is None:
            return
        limit = budgets.CfnBudget.SpendProperty(amount=settings.monthly_budget, unit="USD")
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(budget_type="COST", time_unit="MONTHLY", budget_limit=limit),
            notifications_with_subscribers=[
                _notification("ACTUAL", 80, settings.alarm_email),
                _notification("FORECASTED", 100, settings.alarm_email),
            ],
        )


def _notification(kind: str, percent: int, address: str) -> budgets.CfnBudget.NotificationWithSubscribersProperty:
    return budgets.CfnBudget.NotificationWithSubscribersProperty(
        notification=budgets.CfnBudget.NotificationProperty(
            notification_type=kind,
            comparison_operator="GREATER_THAN",
            threshold=percent,
            threshold_type="PERCENTAGE",
        ),
        subscribers=[budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=address)],
    )
