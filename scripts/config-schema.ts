// Writes the JSON Schema of the config file from the schema that the action checks it with; `--check` only compares.
import { readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'
import { configSchema } from '../src/inputs/schema.ts'

/** Where the schema is kept, for editors. */
export const schemaFile = new URL('../schema/config-v1.schema.json', import.meta.url)

/** The text of the JSON Schema. */
export function schemaText(): string {
  const schema = z.toJSONSchema(configSchema, { target: 'draft-7' })
  const { $schema, ...rest } = schema
  const titled = {
    $schema,
    title: 'dbt-promote config file',
    description: 'A promotion of dbt platform environments and jobs, with rules for single ones.',
    ...rest
  }
  return `${JSON.stringify(titled, null, 2)}\n`
}

/** Writes a file of a schema; with `--check`, it only fails when it is out of step. */
export function keepInStep(file: URL, text: string): void {
  if (!process.argv.includes('--check')) {
    writeFileSync(file, text)
  } else if (readFileSync(file, 'utf8') !== text) {
    console.error(`${file.pathname} is out of step. To fix it: npm run readme`)
    process.exit(1)
  }
}

if (process.argv[1]?.endsWith('config-schema.ts') === true) keepInStep(schemaFile, schemaText())
