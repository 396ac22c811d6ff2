"""The calls of FountainAI's sequence service, by its own names, under the base path (docs/coming-from.md)."""
