// Instants are epoch seconds in the tables and RFC 3339 on the wire.

export const instant = (seconds) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

const bounds = new Map();

/** The first second of a local day and the first second after it. Kept, because asking Intl is slow. */
export function dayBounds(date, timeZone) {
  const key = `${date} ${timeZone}`;
  let found = bounds.get(key);
  if (!found) {
    const next = new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
    found = [midnight(date, timeZone), midnight(next, timeZone)];
    bounds.set(key, found);
  }
  return found;
}

/** Today's date where the clock shows the time of `timeZone`. */
export function today(timeZone) {
  return new Intl.DateTimeFormat('sv-SE', { timeZone }).format(new Date());
}

function midnight(date, timeZone) {
  const wanted = Date.parse(`${date}T00:00:00Z`);
  const first = wanted - offset(wanted, timeZone);
  // The offset may change between the guess and the real midnight.
  return (wanted - offset(first, timeZone)) / 1000;
}

function offset(at, timeZone) {
  const shown = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return Date.parse(`${shown.format(new Date(at)).replace(' ', 'T')}Z`) - at;
}
