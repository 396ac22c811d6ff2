"""What `filter_by` asks for: how it is read, and whether a document fits it."""
