// Writes the JSON Schema of the lines of a journal from the schema that the action checks them with; `--check` only
// compares.
import { z } from 'zod'
import { lineSchema } from '../src/inputs/journal-schema.ts'
import { keepInStep } from './config-schema.ts'

/** Where the schema is kept. */
export const journalSchemaFile = new URL('../schema/journal-v2.schema.json', import.meta.url)

/** The text of the JSON Schema. */
export function journalSchemaText(): string {
  const { $schema, ...rest } = z.toJSONSchema(lineSchema, { target: 'draft-7' })
  const titled = {
    $schema,
    title: 'Journal of dbt-promote, version 1',
    description:
      'One line of a journal, which is a file of JSON lines: the head, the planned changes, and then, as they come, what is sent and what became of it. The output journal-path names it, and the input rollback-from reads it.',
    ...rest
  }
  return `${JSON.stringify(titled, null, 2)}\n`
}

if (process.argv[1]?.endsWith('journal-schema.ts') === true) {
  keepInStep(journalSchemaFile, journalSchemaText())
}
