"""The API kit: REST and GraphQL resolvers, their arguments, answers and refusals."""
