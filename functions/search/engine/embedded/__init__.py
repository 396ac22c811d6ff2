"""tantivy, embedded in the function: an index is a folder of files that no other process changes."""
