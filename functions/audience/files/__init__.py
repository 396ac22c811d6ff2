"""The leads of a tenant as files: immutable deltas of what has changed, and shards that they are folded into."""
