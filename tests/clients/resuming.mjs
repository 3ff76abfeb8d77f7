// A session ends under a live socket: each client of the contract's README is closed with 4403, takes a new token,
// connects again and goes on at its cursor. Nothing that was booked meanwhile is missing, and nothing comes twice.
import { ApolloClient, ApolloLink, InMemoryCache, gql } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { Client, subscriptionExchange } from '@urql/core'
import { createClient } from 'graphql-ws'
import { tap } from 'rxjs'
import WebSocket from 'ws'
import { HEAR, ask, bearer, book, facts, latestCursor, report, socketUrl, within } from './parley.mjs'

const SIGN_IN = 'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }'
const SESSIONS = '{ sessions(first: 100) { edges { node { id deviceName } } } }'
const END = 'mutation ($input: EndSessionInput!) { endSession(input: $input) { userErrors { code } } }'

// What an app does with its refresh token; here the password stands for it, since the whole session is ended.
function tokensOf(device) {
  let token
  const signIn = async () => {
    const input = { email: facts.email, password: facts.password, deviceName: device }
    return (await ask(SIGN_IN, { input })).signIn.session.accessToken
  }
  return { fresh: async () => (token ??= await signIn()), expire: () => (token = undefined) }
}

async function endSessionsOf(device) {
  const { sessions } = await ask(SESSIONS, {}, { authorization: bearer })
  for (const { node } of sessions.edges.filter(({ node }) => node.deviceName === device)) {
    await ask(END, { input: { session: node.id } }, { authorization: bearer })
  }
}

function liveSocket(tokens, closes) {
  return createClient({
    url: socketUrl,
    webSocketImpl: WebSocket,
    connectionParams: async () => ({ authorization: `Bearer ${await tokens.fresh()}` }),
    retryAttempts: Infinity,
    shouldRetry: (event) => ![4400, 4401, 4406, 4409, 4429].includes(event.code),
    retryWait: (retries) => new Promise((go) => setTimeout(go, Math.min(60_000, 2 ** retries * 100) * (0.5 + Math.random()))),
    on: {
      closed: (event) => {
        closes.push(event.code)
        if (event.code === 4403) tokens.expire()
      },
    },
  })
}

const cursorIn = (data) => Object.values(data ?? {})[0]?.cursor

const followers = {
  'graphql-ws': (live, after, heard) => {
    const variables = { after }
    live.subscribe({ query: HEAR, variables }, {
      next: ({ data }) => {
        variables.after = cursorIn(data) ?? variables.after
        heard(data)
      },
      error: heard,
      complete: () => {},
    })
  },
  apollo: (live, after, heard) => {
    const resuming = new ApolloLink((operation, forward) => forward(operation).pipe(tap(({ data }) => {
      operation.variables.after = cursorIn(data) ?? operation.variables.after
    })))
    const client = new ApolloClient({ link: resuming.concat(new GraphQLWsLink(live)), cache: new InMemoryCache() })
    client.subscribe({ query: gql(HEAR), variables: { after } }).subscribe(({ data, error }) => heard(error ?? data))
  },
  urql: (live, after, heard) => {
    const forwardSubscription = ({ query, variables }) => ({
      subscribe: (sink) => {
        const sent = { query, variables: { ...variables } }
        const next = (result) => {
          sent.variables.after = cursorIn(result.data) ?? sent.variables.after
          sink.next(result)
        }
        return { unsubscribe: live.subscribe(sent, { ...sink, next }) }
      },
    })
    const client = new Client({ url: facts.graphql, preferGetMethod: false, exchanges: [subscriptionExchange({ forwardSubscription })] })
    client.subscription(HEAR, { after }).subscribe(({ data, error }) => heard(error ?? data))
  },
}

async function lived(name) {
  const tokens = tokensOf(name)
  const closes = []
  const live = liveSocket(tokens, closes)
  const heard = []
  let told = () => {}
  const until = (count) => within(30, new Promise((done) => {
    told = () => heard.length >= count && done()
    told()
  }), name)
  followers[name](live, await latestCursor(), (data) => {
    heard.push(data?.meetingBooked?.meeting.contact.email ?? String(data))
    told()
  })
  await book(`${name}-1@client.example`)
  await until(1)
  await endSessionsOf(name)
  // The socket notices when it is next asked for something, and at the next beat otherwise.
  live.subscribe({ query: '{ __typename }' }, { next() {}, error() {}, complete() {} })
  await book(`${name}-2@client.example`)
  await until(2)
  await book(`${name}-3@client.example`)
  await until(3)
  return { heard: [...heard], closes: [...closes] }
}

const results = {}
for (const name of Object.keys(followers)) results[name] = await lived(name)
report(results)
