"""The ledger over REST."""

from functions.payments.ledger import accounts, reading
from functions.payments.ledger.accounts import LedgerAccountNotFound
from functions.payments.resolver import ADMIN, Currency, Month, api, currency_of, find_currency, page
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


@api.operation(
    "GET",
    f"{LEDGER}/accounts/<account_code>/statement",
    scope=ADMIN,
    summary="Show the statement of an account",
    answers={200: replies.AccountStatement},
    refusals=(Malformed, InvalidInput, LedgerAccountNotFound),
)
def show_account_statement(
    account_code: str, currency: Currency = None, month: Month = None, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """Show what was posted on an account in a month (UTC), the oldest first, and its balance before and after it."""
    found, tenant_id = find_currency(api.caller, currency), api.caller.tenant_id
    return answer(200, reading.statement(tenant_id, found, account_code, month, limit=limit, cursor=cursor))


@api.operation(
    "GET",
    f"{LEDGER}/entries",
    scope=ADMIN,
    summary="List the journal",
    answers={200: replies.JournalEntries},
    refusals=(Malformed, InvalidInput),
)
def list_journal_entries(
    currency: Currency = None, month: Month = None, limit: Limit = 20, cursor: Cursor = None
) -> Response:
    """List the entries of a month (UTC) in a currency, the newest first."""
    found = currency_of(api.caller, currency)
    return page(reading.journal(api.caller.tenant_id, found, month, limit=limit, cursor=cursor))
