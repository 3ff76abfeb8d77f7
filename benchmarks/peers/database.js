// The pool that every peer reads and writes through. Statements are prepared once on each connection.
import pg from 'pg';

// Keys and instants are 64-bit integers, all of them small enough for a number.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 10 });

/** A statement that can be run on the pool or on one of its connections. */
export function prepared(name, text) {
  return async (values, connection = pool) => (await connection.query({ name, text, values })).rows;
}

/** What `work` returns, inside a transaction of its own. */
export async function transaction(work) {
  const connection = await pool.connect();
  try {
    await connection.query('BEGIN');
    const result = await work(connection);
    await connection.query('COMMIT');
    return result;
  } catch (error) {
    await connection.query('ROLLBACK');
    throw error;
  } finally {
    connection.release();
  }
}
