"""The groups of operations of payments in the API reference, and their place in it: the lowest comes first."""

PLACE = 17
TAGS = {
    "invoices": "What is asked for a milestone: drafts, numbers without a gap, what is paid, credit notes.",
    "invoice-schedules": "Milestones that are invoiced again and again, each period once.",
    "payments": "How the totals of invoices are released, exactly once, and what they wait for.",
    "financing-requests": "Advances on what milestones and invoices will bring: pledges, approvals, instalments.",
    "payment-settings": "Who the invoices of a tenant are from, and how they are numbered and taxed.",
    "payment-webhooks": "What gateways tell of payments.",
    "payment-payee": "Where the payments of a tenant go, which two people decide together.",
    "payment-terms": "On which terms milestones are invoiced.",
    "ledger": "What has moved on which account, to the minor unit: accounts, journal, trial balance.",
    "reports": "What is outstanding, what will come in, and how long clients take to pay.",
}
