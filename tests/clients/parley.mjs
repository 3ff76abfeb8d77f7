// What every client test begins and ends with: where the server is, a cursor to listen from, a booking to hear of.

export const facts = JSON.parse(process.env.PARLEY_DEMO)
export const bearer = `Bearer ${facts.accessToken}`
export const socketUrl = facts.graphql.replace(/^http/, 'ws')
export const streamUrl = `${facts.graphql}/stream`

export const TODAY = 'query Today { todayMeetings { id title startsAt } }'
export const HEAR = `subscription Hear($after: String) {
  meetingBooked(after: $after) { cursor kind meeting { startsAt contact { email } } }
}`
export const BOOK = `mutation Book($input: BookMeetingInput!) {
  bookMeeting(input: $input) { booking { startsAt } userErrors { code message } }
}`
const NEXT = 'query Next($slug: String!) { schedulingPage(slug: $slug) { nextAvailable { startsAt } } }'

export async function ask(query, variables, headers = {}) {
  const response = await fetch(facts.graphql, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  const answer = await response.json()
  if (answer.errors) throw new Error(JSON.stringify(answer.errors))
  return answer.data
}

export async function latestCursor() {
  return (await ask('{ todaySync { cursor } }', {}, { authorization: bearer })).todaySync.cursor
}

export async function bookingInput(email) {
  const next = await ask(NEXT, { slug: facts.slug })
  const startsAt = next.schedulingPage.nextAvailable.startsAt
  return { slug: facts.slug, startsAt, email, firstName: 'Ada', lastName: 'Client', timeZone: 'Europe/Warsaw' }
}

export async function book(email) {
  const { bookMeeting } = await ask(BOOK, { input: await bookingInput(email) })
  if (bookMeeting.userErrors.length) throw new Error(JSON.stringify(bookMeeting.userErrors))
  return bookMeeting.booking
}

// What was heard, in the form the test compares: the booking's own words, without what differs from run to run.
export function told(answer) {
  const { kind, meeting } = answer.data.meetingBooked
  return { kind, startsAt: meeting.startsAt, email: meeting.contact.email }
}

export function report(results) {
  process.stdout.write(`${JSON.stringify(results)}\n`, () => process.exit(0))
}

export async function within(seconds, promise, what) {
  let timer
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing within ${seconds} s`)), seconds * 1000)
  })
  return Promise.race([promise, late]).finally(() => clearTimeout(timer))
}
