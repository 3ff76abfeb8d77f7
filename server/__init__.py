"""The rooms: what really happens. Nothing in here knows of GraphQL, except `server.web` and the roofs above it."""
