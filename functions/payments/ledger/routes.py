"""The ledger over REST."""

from functions.payments.ledger import accounts, reading
from functions.payments.resolver import ADMIN, Currency, api, currency_of, page
from shared.api.replies import Replies
from shared.api.request import Response
from shared.api.rest import Cursor, Limit, answer
from shared.errors import InvalidInput, Malformed

replies = Replies("functions.payments.ledger.replies")

LEDGER = "/api/v1/ledger"


@api.operation(
    "GET",
    f"{LEDGER}/accounts",
    scope=ADMIN,
    summary="List the accounts of the ledger",
    answers={200: replies.LedgerAccounts},
    refusals=(Malformed, InvalidInput),
)
def list_ledger_accounts(currency: Currency = None, limit: Limit = 20, cursor: Cursor = None) -> Response:
    """List the accounts on which something has moved in a currency, by their codes."""
    found = currency_of(api.caller, currency)
    return page(accounts.page(api.caller.tenant_id, found, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    f"{LEDGER}/trial-balance",
    scope=ADMIN,
    summary="Show the trial balance",
    answers={200: replies.TrialBalance},
    refusals=(InvalidInput,),
)
def show_trial_balance(currency: Currency = None) -> Response:
    """Show what has moved on the accounts of a currency, by their kind, and whether both sides are the same.

    Amounts in different currencies are never added up.
    """
    return answer(200, reading.trial_balance(api.caller.tenant_id, currency_of(api.caller, currency)))
