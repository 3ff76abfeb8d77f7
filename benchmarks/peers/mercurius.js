// The peer that counts: mercurius with its JIT, on fastify.
import Fastify from 'fastify';
import mercurius from 'mercurius';

import { followBookings } from './meeting_booked.js';
import { schema, topic, viewerOf } from './schema.js';

const app = Fastify({ logger: false });

app.register(mercurius, {
  schema,
  jit: 1,
  graphiql: false,
  context: (request) => ({ viewer: viewerOf(request.headers['x-viewer']) }),
  subscription: {
    onConnect: ({ payload }) => ({ viewer: viewerOf(payload.viewer) }),
    queueHighWaterMark: 1000,
  },
});

await app.ready();
await followBookings((account, change) =>
  app.graphql.pubsub.publish({ topic: topic(account), payload: change }),
);
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
