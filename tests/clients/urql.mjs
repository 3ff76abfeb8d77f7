// urql, unmodified: POST, a subscription by server-sent events, a websocket.
import { Client, cacheExchange, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { BOOK, HEAR, TODAY, bearer, bookingInput, facts, latestCursor, report, socketUrl, told, within } from './parley.mjs'

const fetchOptions = { headers: { authorization: bearer } }
const overHttp = new Client({
  url: facts.graphql,
  fetchOptions,
  preferGetMethod: false,
  fetchSubscriptions: true,
  exchanges: [cacheExchange, fetchExchange],
})

const sockets = createClient({
  url: socketUrl,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: bearer },
})
const overSocket = new Client({
  url: facts.graphql,
  fetchOptions,
  preferGetMethod: false,
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({ unsubscribe: sockets.subscribe({ ...request, query: request.query ?? '' }, sink) }),
      }),
    }),
  ],
})

async function hear(client, email) {
  const variables = { after: await latestCursor() }
  const heard = new Promise((resolve, reject) => {
    client.subscription(HEAR, variables).subscribe((answer) => (answer.error ? reject(answer.error) : resolve(answer)))
  })
  const booked = await client.mutation(BOOK, { input: await bookingInput(email) }).toPromise()
  return { booked: booked.data.bookMeeting.booking.startsAt, heard: told(await within(10, heard, email)) }
}

const today = await overHttp.query(TODAY, {}).toPromise()
report({
  today: Array.isArray(today.data?.todayMeetings),
  events: await hear(overHttp, 'urql-events@client.example'),
  websocket: await hear(overSocket, 'urql-websocket@client.example'),
})
