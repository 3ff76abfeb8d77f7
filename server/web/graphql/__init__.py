"""The GraphQL endpoint: one way to run an operation, and a door for each transport."""
