"""Questions about all leads of a tenant, answered by DuckDB from files where there are many, else from the table."""
