"""Documents made from the code: OpenAPI, event schemas, the GraphQL schema."""
