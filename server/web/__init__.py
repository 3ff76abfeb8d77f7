"""What is served over HTTP: the GraphQL endpoint, the public pages, health and metrics."""
