// graphql-ws, unmodified: a subscription, a query, and a token that is wrong.
import { createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { HEAR, TODAY, bearer, book, latestCursor, report, socketUrl, told, within } from './parley.mjs'

const connect = (authorization) =>
  createClient({ url: socketUrl, webSocketImpl: WebSocket, connectionParams: { authorization }, retryAttempts: 0 })

const client = connect(bearer)
const today = await client.iterate({ query: TODAY }).next()
const hearing = client.iterate({ query: HEAR, variables: { after: await latestCursor() } })
const booked = await book('graphql-ws@client.example')
const heard = await within(10, hearing.next(), 'graphql-ws')
await hearing.return()
await client.dispose()

const refused = await connect('Bearer wrong').iterate({ query: TODAY }).next().catch((event) => event.code)
report({ today: Array.isArray(today.value.data.todayMeetings), booked: booked.startsAt, heard: told(heard.value), refused })
