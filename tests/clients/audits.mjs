// The audits of GraphQL over HTTP that come with npm graphql-http, as a caller who may read the schema.
import { serverAudits } from 'graphql-http'
import { bearer, facts, report } from './parley.mjs'

const withToken = (url, init = {}) => fetch(url, { ...init, headers: { ...init.headers, authorization: bearer } })
const results = []
for (const audit of serverAudits({ url: facts.graphql, fetchFn: withToken })) {
  const result = await audit.fn()
  results.push({ id: audit.id, name: audit.name, status: result.status, reason: result.reason ?? null })
}
report(results)
