// W3: the statements of Parley's own verb: lock, choose, write, log the change, tell other processes, read back.
import { prepared, transaction } from './database.js';

const lock = prepared(
  'lock_meeting',
  `SELECT id, account_id, host_id, organizer_id, outcome_id, version, deleted_at
   FROM meeting WHERE id = $1 FOR NO KEY UPDATE`,
);
const offered = prepared(
  'offered_outcomes',
  'SELECT id, key FROM outcome WHERE account_id = $1 AND NOT is_archived ORDER BY position, id',
);
const before = prepared('outcome_before', 'SELECT id, key FROM outcome WHERE id = $1');
const write = prepared('write_outcome', 'UPDATE meeting SET outcome_id = $2, version = $3 WHERE id = $1');
const log = prepared(
  'log_change',
  `WITH counted AS (
     UPDATE account SET last_change_number = last_change_number + 1, data_version = data_version + 1
     WHERE id = $1 RETURNING id, last_change_number
   )
   INSERT INTO change (created_at, account_id, number, kind, meeting_id, occurred_at, actor, data)
   SELECT $2::bigint, id, last_change_number, 'OUTCOME_RECORDED', $3::bigint, $2, $4::text, $5::jsonb FROM counted
   RETURNING number, pg_notify($6, account_id::text)`,
);
const read = prepared(
  'read_outcome',
  `SELECT m.id, m.version, o.key, o.label, o.is_default
   FROM meeting m JOIN outcome o ON o.id = m.outcome_id WHERE m.account_id = $1 AND m.id = $2`,
);

/** The payload of `recordOutcome`. */
export async function recordOutcome(viewer, { input }) {
  const number = Number(input.meeting.slice(4));
  const refused = await transaction((connection) => record(viewer, number, input.outcome, connection));
  if (refused) return { meeting: null, userErrors: [refused] };
  const [row] = await read([viewer.account, number]);
  const outcome = { key: row.key, label: row.label, isDefault: row.is_default };
  return { meeting: { id: `mtg_${row.id}`, version: row.version, outcome }, userErrors: [] };
}

async function record({ user, account }, number, key, connection) {
  const [meeting] = await lock([number], connection);
  if (!meeting || meeting.account_id !== account || meeting.deleted_at !== null) return refusal('NOT_FOUND', 'meeting');
  if (meeting.host_id !== user && meeting.organizer_id !== user) return refusal('FORBIDDEN', 'meeting');
  const outcome = (await offered([account], connection)).find((one) => one.key === key);
  if (!outcome) return refusal('OUTCOME_UNKNOWN', 'outcome');
  if (outcome.id === meeting.outcome_id) return null;
  const [previous] = await before([meeting.outcome_id], connection);
  await write([number, outcome.id, meeting.version + 1], connection);
  const data = JSON.stringify({ previous_outcome: previous.key, outcome: outcome.key });
  const now = Math.floor(Date.now() / 1000);
  await log([account, now, number, `user:${user}`, data, process.env.CHANNEL], connection);
  return null;
}

const refusal = (code, path) => ({ code, message: code, path: [path] });
