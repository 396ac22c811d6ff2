"""The table: the only code that speaks DynamoDB, and how changes are made."""
