// W4: each new change is read once, whoever listens.
import pg from 'pg';

import { prepared } from './database.js';
import { instant } from './times.js';
import { contact } from './today_tab.js';

const read = prepared(
  'meeting_booked',
  `SELECT x.id AS change_id, x.account_id, x.number, x.kind AS change_kind, x.occurred_at,
          t.id, t.title, t.starts_at, t.ends_at, t.time_zone, t.version, h.id AS host_id, h.name AS host_name,
          c.id AS contact_id, c.first_name, c.last_name, c.email, c.phone, r.id AS company_id, r.name AS company_name,
          t.location_kind, t.location_text, t.location_join_url, l.id AS link_id, l.name AS link_name
   FROM change x JOIN meeting t ON t.id = x.meeting_id
   JOIN app_user h ON h.id = t.host_id
   LEFT JOIN contact c ON c.id = t.contact_id
   LEFT JOIN record r ON r.id = c.company_id
   LEFT JOIN meeting_link l ON l.id = t.link_id
   WHERE x.id > $1 AND x.kind = 'MEETING_BOOKED' ORDER BY x.id LIMIT 100`,
);
const latest = prepared('latest_change', 'SELECT coalesce(max(id), 0) AS id FROM change');

/** Calls `publish(accountId, change)` for every booking that is committed from now on. */
export async function followBookings(publish) {
  const listener = new pg.Client({ connectionString: process.env.DATABASE_URL });
  await listener.connect();
  let [{ id: seen }] = await latest([]);
  let reading = Promise.resolve();
  listener.on('notification', () => {
    reading = reading.then(async () => {
      for (const row of await read([seen])) {
        seen = row.change_id;
        publish(row.account_id, change(row));
      }
    });
  });
  await listener.query(`LISTEN ${process.env.CHANNEL}`);
}

function change(row) {
  return {
    cursor: Buffer.from(`change:${row.number}`).toString('base64url'),
    kind: row.change_kind,
    occurredAt: instant(row.occurred_at),
    previousStartsAt: null,
    meeting: {
      id: `mtg_${row.id}`,
      title: row.title,
      startsAt: instant(row.starts_at),
      endsAt: instant(row.ends_at),
      timeZone: row.time_zone,
      version: row.version,
      host: { id: `usr_${row.host_id}`, name: row.host_name },
      contact: contact(row),
      company: row.company_id === null ? null : { id: `rec_${row.company_id}`, name: row.company_name },
      location: { kind: row.location_kind, text: row.location_text, joinUrl: row.location_join_url },
      link: row.link_id === null ? null : { id: `lnk_${row.link_id}`, name: row.link_name },
    },
  };
}
