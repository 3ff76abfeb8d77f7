// W1: one SQL for the whole screen, with the conditions that Parley's own has. The viewer, the account and the outcomes
// come with the first row.
import { prepared } from './database.js';
import { dayBounds, instant, today } from './times.js';

const WEEK = 7 * 86_400;

const read = prepared(
  'today_tab',
  `SELECT CASE WHEN m.place IS NULL OR m.place = 1 THEN
            (SELECT json_build_object('id', u.id, 'name', u.name, 'timeZone', u.time_zone, 'locale', u.locale,
                                      'accountId', a.id, 'accountName', a.name,
                                      'outcomes', (SELECT json_agg(json_build_array(o.key, o.label, o.is_archived)
                                                                   ORDER BY o.position, o.id)
                                                   FROM outcome o WHERE o.account_id = $2))
             FROM app_user u JOIN account a ON a.id = u.account_id WHERE u.id = $1) END AS screen,
          m.*
   FROM (SELECT 1) AS one LEFT JOIN (
     SELECT t.id, t.title, t.starts_at, t.ends_at, t.time_zone, t.version, h.id AS host_id, h.name AS host_name,
            c.id AS contact_id, c.first_name, c.last_name, c.email, c.phone, r.id AS company_id, r.name AS company_name,
            t.location_kind, t.location_text, t.location_join_url, t.location_provider,
            o.key, o.label, o.is_default,
            (SELECT json_agg(json_build_array(a.id, a.kind, a.name, a.email, a.reply) ORDER BY a.id)
             FROM attendee a WHERE a.meeting_id = t.id) AS attendees,
            row_number() OVER (ORDER BY t.starts_at, t.id) AS place
     FROM meeting t
     JOIN app_user h ON h.id = t.host_id
     JOIN outcome o ON o.id = t.outcome_id
     LEFT JOIN contact c ON c.id = t.contact_id
     LEFT JOIN record r ON r.id = c.company_id
     WHERE +t.account_id = $2 AND t.deleted_at IS NULL AND t.canceled_at IS NULL
       AND t.id IN (SELECT m.id FROM meeting m
                    WHERE m.host_id = $1 AND m.starts_at >= $3 AND m.starts_at < $5 AND m.ends_at > $4
                    UNION SELECT m.id FROM meeting m
                    WHERE m.organizer_id = $1 AND m.starts_at >= $3 AND m.starts_at < $5 AND m.ends_at > $4
                    UNION SELECT a.meeting_id FROM attendee a
                    WHERE a.user_id = $1 AND a.starts_at >= $3 AND a.starts_at < $5 AND a.ends_at > $4)
     ORDER BY t.starts_at, t.id LIMIT 200
   ) AS m ON true ORDER BY m.starts_at, m.id`,
);

/** Everything the screen shows: viewer, todayMeetings, outcomes. */
export async function todayTab({ user, account }, { date, timeZone }) {
  const zone = timeZone ?? 'UTC';
  const [starts, ends] = dayBounds(date ?? today(zone), zone);
  const rows = await read([user, account, starts - WEEK, starts, ends]);
  const { screen } = rows[0];
  return {
    viewer: {
      user: { id: `usr_${screen.id}`, name: screen.name },
      account: { id: `acc_${screen.accountId}`, name: screen.accountName },
      timeZone: screen.timeZone,
      locale: screen.locale,
    },
    todayMeetings: rows[0].id === null ? [] : rows.map(meeting),
    outcomes: screen.outcomes.map(([key, label, isArchived]) => ({ key, label, isArchived })),
  };
}

function meeting(row) {
  return {
    id: `mtg_${row.id}`,
    title: row.title,
    startsAt: instant(row.starts_at),
    endsAt: instant(row.ends_at),
    timeZone: row.time_zone,
    version: row.version,
    host: { id: `usr_${row.host_id}`, name: row.host_name },
    contact: contact(row),
    company: row.company_id === null ? null : { id: `rec_${row.company_id}`, name: row.company_name },
    attendees: (row.attendees ?? []).map(attendee),
    location: {
      kind: row.location_kind,
      text: row.location_text,
      joinUrl: row.location_join_url,
      provider: row.location_provider,
    },
    outcome: { key: row.key, label: row.label, isDefault: row.is_default },
  };
}

export function contact(row) {
  if (row.contact_id === null) return null;
  const name = `${row.first_name} ${row.last_name}`.trim() || row.email;
  return { id: `con_${row.contact_id}`, name, email: row.email, phone: row.phone };
}

function attendee([id, kind, name, email, reply]) {
  return { id: `att_${id}`, kind, name, email, reply };
}
