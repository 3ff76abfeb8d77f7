/** Variables with which the contract's operations find something on this very server. */

import { asked } from "./transport.js";

const THINGS = `{
  viewer { user { email } }
  todayMeetings { id version endsAt outcome { key } contact { id } }
  meetingLinks(first: 1) { edges { node { slug } } }
}`;
const PAGE = "query ($slug: String!) { schedulingPage(slug: $slug) { durationsMinutes nextAvailable { startsAt } } }";
const SIGN_IN = "mutation ($input: SignInInput!) { signIn(input: $input) { session { refreshToken } } }";

const data = async (query, headers, variables) => (await asked({ query, variables }, headers)).data ?? {};

/** What the viewer has today, by the name that stands in braces in the examples; what nobody knows is left out. */
export const known = async (start, authorization) => {
  const facts = { ...times(), ...start.known, key: crypto.randomUUID() };
  if (!start.token) return facts;
  const { todayMeetings = [], meetingLinks } = await data(THINGS, { authorization });
  const over = todayMeetings.filter((one) => new Date(one.endsAt) <= new Date());
  const open = over.find((one) => one.outcome.key === "SCHEDULED") ?? over[0] ?? todayMeetings[0];
  const slug = start.known.slug ?? meetingLinks?.edges[0]?.node.slug;
  const { schedulingPage } = slug ? await data(PAGE, {}, { slug }) : {};
  const { email, password } = start.known;
  const { signIn } = password ? await data(SIGN_IN, {}, { input: { email, password, deviceName: "GraphiQL" } }) : {};
  const contact = todayMeetings.find((one) => one.contact)?.contact.id;
  return Object.assign(facts, Object.fromEntries(Object.entries({
    slug,
    contact,
    meeting: open?.id,
    version: open?.version,
    duration: schedulingPage?.durationsMinutes[0],
    free: schedulingPage?.nextAvailable?.startsAt,
    refreshToken: signIn?.session?.refreshToken,
  }).filter(([, value]) => value !== undefined && value !== null)));
};

/** The value with each "{name}" in it replaced by the fact of that name, and kept as it is if there is none. */
export const filled = (value, facts) => {
  if (typeof value === "string") return facts[/^\{(\w+)\}$/.exec(value)?.[1]] ?? value;
  if (Array.isArray(value)) return value.map((one) => filled(one, facts));
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, filled(one, facts)]));
};

const DAY = 24 * 3600 * 1000;

/** Today and the days after it, and an hour a fortnight away at which nobody of the demo is busy. */
const times = () => {
  const at = (days) => new Date(Date.now() + days * DAY).toISOString();
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const away = at(14).slice(0, 10);
  return { today: at(0).slice(0, 10), soon: at(3).slice(0, 10), zone, begins: `${away}T18:15:00Z`, ends: `${away}T19:00:00Z` };
};
