// The part of a Durable Object's storage that actors use. Narrow, so that another SQLite with the same crash semantics
// (what was not committed is gone) can stand in its place.

export type SqlValue = string | number | null | ArrayBuffer

export interface Storage {
  readonly sql: Sql
  /** Rolls back what `work` wrote when it throws. `work` must not be asynchronous: the savepoint ends at its first await. */
  transactionSync<T>(work: () => T & (T extends PromiseLike<unknown> ? never : unknown)): T
  setAlarm(scheduledTime: number): Promise<void>
  deleteAlarm(): Promise<void>
}

export interface Sql {
  exec(query: string, ...bindings: SqlValue[]): { toArray(): Record<string, SqlValue>[] }
}
