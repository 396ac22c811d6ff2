"""The function that brings events from the table to the bus."""
