"""The way of events out of the table: what was written with a change is put on the event bus."""
