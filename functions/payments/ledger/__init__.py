"""The ledger of a tenant: accounts and a journal in each currency, where every entry is balanced."""
