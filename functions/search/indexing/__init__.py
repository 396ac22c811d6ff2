"""From the table to the index: wake-ups, one writer for each collection, what is published, who reads it."""
