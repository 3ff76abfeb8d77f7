"""GraphiQL at `/dev/graphiql`, for whoever builds an app: the contract's operations in tabs, from local files alone."""
