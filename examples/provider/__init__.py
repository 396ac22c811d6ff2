"""A provider of messages to run against: it takes them as real ones do, and misbehaves as it is told."""
