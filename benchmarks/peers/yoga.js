// graphql-yoga with graphql-jit on node's own HTTP server.
import { createServer } from 'node:http';

import { useGraphQlJit } from '@envelop/graphql-jit';
import { createYoga } from 'graphql-yoga';

import { schema, viewerOf } from './schema.js';

const yoga = createYoga({
  schema,
  logging: false,
  graphiql: false,
  landingPage: false,
  plugins: [useGraphQlJit()],
  context: ({ request }) => ({ viewer: viewerOf(request.headers.get('x-viewer')) }),
});

createServer(yoga).listen(Number(process.env.PORT), '127.0.0.1');
