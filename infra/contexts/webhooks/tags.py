"""The groups of operations of webhooks in the API reference, and their place in it: the lowest comes first."""

PLACE = 40
TAGS = {
    "webhook-endpoints": "Where messages of what happens are sent, and what became of them.",
}
