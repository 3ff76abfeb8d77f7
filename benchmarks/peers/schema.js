// Parley's own SDL, with resolvers for the fields that are measured.
import { readFileSync } from 'node:fs';

import { makeExecutableSchema } from '@graphql-tools/schema';

import { meetingLinks } from './links_menu.js';
import { recordOutcome } from './record_outcome.js';
import { todayTab } from './today_tab.js';

const SDL = readFileSync(new URL('../../mobile_contract/schema.graphql', import.meta.url), 'utf8');

/** The root fields of one screen share its one SQL. */
function screen(context, info) {
  context.screen ??= todayTab(context.viewer, info.variableValues);
  return context.screen;
}

const resolvers = {
  Query: {
    viewer: async (_, __, context, info) => (await screen(context, info)).viewer,
    todayMeetings: async (_, __, context, info) => (await screen(context, info)).todayMeetings,
    outcomes: async (_, __, context, info) => (await screen(context, info)).outcomes,
    meetingLinks: (_, given, context) => meetingLinks(context.viewer, given),
  },
  Mutation: {
    recordOutcome: (_, given, context) => recordOutcome(context.viewer, given),
  },
  Subscription: {
    meetingBooked: {
      subscribe: (_, __, { pubsub, viewer }) => pubsub.subscribe(topic(viewer.account)),
      resolve: (change) => change,
    },
  },
};

export const schema = makeExecutableSchema({
  typeDefs: SDL,
  resolvers,
  // No type above is ever returned behind an interface.
  resolverValidationOptions: { requireResolversForResolveType: 'ignore' },
});

export const topic = (account) => `bookings/${account}`;

/** Who asks, as the header says: nobody checks it here. */
export function viewerOf(header) {
  const [user, account] = (header ?? '').split(':').map(Number);
  return { user, account };
}
