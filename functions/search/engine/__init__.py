"""The full-text engine: how text becomes words, and tantivy behind questions of our own."""
