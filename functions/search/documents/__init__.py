"""Documents of a collection: checked, stored in the table, marked until the index has them."""
