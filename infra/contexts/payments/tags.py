"""The groups of operations of payments in the API reference, and their place in it: the lowest comes first."""

PLACE = 17
TAGS = {
    "ledger": "What has moved on which account, to the minor unit: accounts, trial balance.",
}
