// Apollo Server as its documentation starts it.
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

import { schema, viewerOf } from './schema.js';

const server = new ApolloServer({ schema });

await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(process.env.PORT) },
  context: async ({ req }) => ({ viewer: viewerOf(req.headers['x-viewer']) }),
});
