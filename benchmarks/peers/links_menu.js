// W2: a page of meeting links as a connection.
import { prepared } from './database.js';

const PUBLIC_URL = process.env.PUBLIC_URL;

const read = prepared(
  'links_menu',
  `SELECT t.id, t.slug, t.name, t.kind, t.durations_minutes, t.booking_count, t.is_default, t.is_active,
          u.id AS owner_id, u.name AS owner_name,
          NOT EXISTS (SELECT 1 FROM calendar_account c WHERE c.user_id = t.owner_id AND c.syncs) AS is_offline
   FROM meeting_link t JOIN app_user u ON u.id = t.owner_id
   WHERE t.account_id = $1 AND t.retired_at IS NULL
     AND ($2::bigint IS NULL OR t.owner_id = $2) AND ($3::text IS NULL OR t.kind = $3)
     AND ($4::text IS NULL OR strpos(lower(t.name), lower($4)) > 0 OR strpos(t.slug, lower($4)) > 0)
     AND ($5::text IS NULL OR (t.name, t.id) > ($5, $6::bigint))
   ORDER BY t.name, t.id LIMIT $7`,
);

/** The connection of `meetingLinks`. */
export async function meetingLinks({ account }, { owner, kind, search, first, after }) {
  const [name, id] = after ? JSON.parse(Buffer.from(after, 'base64url')) : [null, null];
  const ownerId = owner ? Number(owner.slice(4)) : null;
  const rows = await read([account, ownerId, kind ?? null, search ?? null, name, id, first + 1]);
  const shown = rows.slice(0, first);
  return {
    edges: shown.map((row) => ({ node: link(row), cursor: () => cursor(row) })),
    pageInfo: { hasNextPage: rows.length > first, endCursor: shown.length ? cursor(shown.at(-1)) : null },
  };
}

const cursor = (row) => Buffer.from(JSON.stringify([row.name, row.id])).toString('base64url');

function link(row) {
  return {
    id: `lnk_${row.id}`,
    slug: row.slug,
    url: `${PUBLIC_URL}/m/${row.slug}`,
    previewUrl: `${PUBLIC_URL}/m/${row.slug}`,
    name: row.name,
    kind: row.kind,
    durationsMinutes: row.durations_minutes,
    bookingCount: row.booking_count,
    isDefault: row.is_default,
    isActive: row.is_active,
    isOffline: row.is_offline,
    owner: { id: `usr_${row.owner_id}`, name: row.owner_name },
  };
}
