"""The GraphQL explorer of the local stage: GraphiQL with ready queries, and nothing from elsewhere."""
