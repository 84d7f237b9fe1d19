// Guarantee: the tables as the code sees them are those that the migrations make.

import { DatabaseSync } from 'node:sqlite'
import { is } from 'drizzle-orm'
import { getTableConfig, SQLiteTable } from 'drizzle-orm/sqlite-core'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import * as tables from '../../src/shared/adapters/d1/tables.ts'
import { filesIn, textOf } from './support/repository.ts'

const tableRow = z.object({ name: z.string(), type: z.string(), strict: z.number() })
const columnRow = z.object({ name: z.string(), type: z.string(), notnull: z.number(), pk: z.number() })

const database = new DatabaseSync(':memory:')
for (const migration of filesIn(['migrations'], ['.sql'])) database.exec(textOf(migration))

const made = z
  .array(tableRow)
  .parse(database.prepare('PRAGMA table_list').all())
  .filter(({ name, type }) => type === 'table' && !name.startsWith('sqlite_'))
const seen = Object.values(tables)
  .filter((table) => is(table, SQLiteTable))
  .map(getTableConfig)

test('the code sees every table, and no other', () => {
  expect(seen.map(({ name }) => name).sort()).toEqual(made.map(({ name }) => name).sort())
})

test('every table is STRICT: a column holds what its type says', () => {
  expect(made.filter(({ strict }) => strict === 0)).toEqual([])
})

describe.each(seen.map((config) => [config.name, config] as const))(
  '%s',
  (name, { columns, primaryKeys }) => {
    const rows = z.array(columnRow).parse(database.prepare(`PRAGMA table_info(${name})`).all())

    test('has the same columns, in the same order', () => {
      const sees = columns.map((column) => ({
        name: column.name,
        type: column.getSQLType().toUpperCase(),
        canBeNull: !column.notNull,
      }))
      // A primary key of a STRICT table takes no null, whether or not it says so.
      expect(sees).toEqual(
        rows.map((row) => ({ name: row.name, type: row.type, canBeNull: row.notnull === 0 && row.pk === 0 })),
      )
    })

    test('has the same primary key', () => {
      const alone = columns.filter(({ primary }) => primary)
      const [together] = primaryKeys
      const key = (together?.columns ?? alone).map((column) => column.name)
      const keyed = rows.filter(({ pk }) => pk > 0).sort((a, b) => a.pk - b.pk)
      expect(key).toEqual(keyed.map((row) => row.name))
    })

    test('allows the same words where it checks them', () => {
      for (const { name: column, enumValues } of columns) {
        const checked = checkedWords(name, column)
        if (checked !== null) expect(enumValues, column).toEqual(checked)
      }
    })
  },
)

/** Of `CHECK (column IN (…))`; null: it checks none. */
function checkedWords(table: string, column: string): readonly string[] | null {
  const { sql } = z
    .object({ sql: z.string() })
    .parse(database.prepare('SELECT sql FROM sqlite_schema WHERE name = ?').get(table))
  const [, list] = new RegExp(`CHECK \\(${column} IN \\(([^)]*)\\)\\)`).exec(sql) ?? []
  return list === undefined ? null : [...list.matchAll(/'([^']*)'/g)].map(([, word = '']) => word)
}
