"""The ledger over GraphQL, on the functions that REST calls too."""

from functions.payments.graphql import View, graphql, with_money
from functions.payments.ledger import accounts, reading
from functions.payments.resolver import ADMIN, currency_of, find_currency
from shared.api.graphql import connection, limit_of


@graphql.field("Query", "ledgerAccounts", scope=ADMIN)
def ledger_accounts(currency: str | None = None, limit: int | None = None, next_token: str | None = None) -> View:
    """Resolve a page of the accounts of a currency."""
    found, most = currency_of(graphql.caller, currency), limit_of(limit)
    listed, cursor = accounts.page(graphql.caller.tenant_id, found, limit=most, cursor=next_token)
    return connection(([with_money(each) for each in listed], cursor))


@graphql.field("Query", "trialBalance", scope=ADMIN)
def trial_balance(currency: str | None = None) -> View:
    """Resolve the trial balance of a currency."""
    shown = with_money(reading.trial_balance(graphql.caller.tenant_id, currency_of(graphql.caller, currency)))
    return shown | {"accounts": [with_money(each) for each in shown["accounts"]]}


@graphql.field("Query", "accountStatement", scope=ADMIN)
def account_statement(
    account_code: str,
    currency: str | None = None,
    month: str | None = None,
    limit: int | None = None,
    next_token: str | None = None,
) -> View:
    """Resolve the statement of an account for a month."""
    found, most = find_currency(graphql.caller, currency), limit_of(limit)
    tenant_id = graphql.caller.tenant_id
    shown = reading.statement(tenant_id, found, account_code, month, limit=most, cursor=next_token)
    posted = [with_money(each | {"currency": found}) for each in shown["items"]]
    return with_money(shown) | connection((posted, shown["next_cursor"]))


@graphql.field("Query", "journalEntries", scope=ADMIN)
def journal_entries(
    currency: str | None = None, month: str | None = None, limit: int | None = None, next_token: str | None = None
) -> View:
    """Resolve a page of the entries of a month."""
    found, most = currency_of(graphql.caller, currency), limit_of(limit)
    listed, cursor = reading.journal(graphql.caller.tenant_id, found, month, limit=most, cursor=next_token)
    return connection(([_entry(each) for each in listed], cursor))


def _entry(shown: View) -> View:
    lines = [with_money(each | {"currency": shown["currency"]}) for each in shown["lines"]]
    return shown | {"lines": lines}
