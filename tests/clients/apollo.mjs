// Apollo Client 4, unmodified: POST, GET, automatic persisted queries, multipart subscriptions, a websocket.
import { ApolloClient, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { createHash } from 'node:crypto'
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { BOOK, HEAR, TODAY, bearer, bookingInput, facts, latestCursor, report, socketUrl, told, within } from './parley.mjs'

const seen = []
const watched = async (url, init) => {
  const response = await fetch(url, init)
  seen.push({ method: init.method, status: response.status, hasQuery: `${url}${init.body ?? ''}`.includes('todayMeetings') })
  return response
}
const http = (options = {}) =>
  new HttpLink({ uri: facts.graphql, fetch: watched, headers: { authorization: bearer }, ...options })
const client = (link) => new ApolloClient({ link, cache: new InMemoryCache() })
const sha256 = (text) => createHash('sha256').update(text).digest('hex')

async function query(link, document = TODAY) {
  seen.length = 0
  const answer = await client(link).query({ query: gql(document), fetchPolicy: 'no-cache' })
  return { today: Array.isArray(answer.data.todayMeetings), requests: [...seen] }
}

async function hear(link, email) {
  const asker = client(link)
  const variables = { after: await latestCursor() }
  const heard = new Promise((resolve, reject) => {
    asker.subscribe({ query: gql(HEAR), variables }).subscribe({
      next: (answer) => (answer.error ? reject(answer.error) : resolve(answer)),
      error: reject,
    })
  })
  const input = await bookingInput(email)
  const booked = await client(http()).mutate({ mutation: gql(BOOK), variables: { input } })
  return { booked: booked.data.bookMeeting.booking.startsAt, heard: told(await within(10, heard, email)) }
}

const persisted = () => new PersistedQueryLink({ sha256, useGETForHashedQueries: true }).concat(http())
const unseen = TODAY.replace('Today', `Unseen${Date.now()}`)
const socket = new GraphQLWsLink(
  createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: { authorization: bearer } }),
)
report({
  post: await query(http()),
  get: await query(http({ useGETForQueries: true })),
  persistedFirst: await query(persisted(), unseen),
  persistedAgain: await query(persisted(), unseen),
  multipart: await hear(http(), 'apollo-multipart@client.example'),
  websocket: await hear(socket, 'apollo-websocket@client.example'),
})
