// graphql-sse, unmodified, in both of its modes.
import { createClient } from 'graphql-sse'
import { HEAR, TODAY, bearer, book, facts, latestCursor, report, streamUrl, told, within } from './parley.mjs'

async function hear(options, email) {
  const client = createClient({ headers: { authorization: bearer }, retryAttempts: 0, ...options })
  const today = await client.iterate({ query: TODAY }).next()
  const hearing = client.iterate({ query: HEAR, variables: { after: await latestCursor() } })
  const booked = await book(email)
  const heard = await within(10, hearing.next(), email)
  await hearing.return()
  client.dispose()
  return { today: Array.isArray(today.value.data.todayMeetings), booked: booked.startsAt, heard: told(heard.value) }
}

report({
  distinct: await hear({ url: facts.graphql }, 'sse-distinct@client.example'),
  single: await hear({ url: streamUrl, singleConnection: true }, 'sse-single@client.example'),
})
