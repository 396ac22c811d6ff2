"""The ledger of a tenant: its accounts, in one currency each."""
