"""Keys that are bound to a collection: to a filter, and without some of its fields."""
