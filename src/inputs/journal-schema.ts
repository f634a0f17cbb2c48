// The shape of the lines of a journal, from which their JSON Schema is made too.
import { z } from 'zod'
import type {
  Attempt,
  JournalHead,
  JournalOutcome,
  ObjectEntry,
  ValuesEntry
} from '../rollback/journal.ts'
import type { Json } from '../model/json.ts'
import type { Key } from '../model/keys.ts'

const id = z.int().positive()
const hash = z.string().regex(/^[0-9a-f]{64}$/)
const keys = /^[a-z][a-z-]*:.+$/
const key = (z.string().regex(keys) as z.ZodType<Key>).describe(
  'How the plan names what is written, by its names in the target'
)
const name = z.string()
// What comes out of a JSON text is JSON.
const values = z.record(z.string(), z.unknown()) as z.ZodType<Readonly<Record<string, Json>>>
const side = z.strictObject({
  origin: z.string().regex(/^https?:\/\/[^/]+$/),
  account: id,
  project: z.strictObject({ id, name })
})
const value = z
  .union([z.string(), z.null(), z.strictObject({ secret: z.literal(true) })])
  .describe('A value of a variable; null for none. Of a secret it is only told that it is there')

/** The first line. */
export const headSchema = z
  .strictObject({
    journal: z.literal('dbt-promote'),
    version: z.literal(2).describe('A reader must refuse a version that it does not know'),
    source: side.describe('The project that was promoted from'),
    target: side.describe('The project that was written'),
    track: z.enum(['marker', 'name']),
    label: z.string(),
    plan: hash.describe('Hash of the plan that was applied'),
    undoes: hash.nullable().describe('Hash of the plan that this run undid; null for a promotion'),
    changes: z.int().nonnegative().describe('How many lines of planned changes follow')
  })
  .describe('The first line: which promotion it was') satisfies z.ZodType<JournalHead>

/** The line of an object that was planned. */
export const objectSchema = z
  .strictObject({
    op: z.enum(['create', 'update', 'pause', 'unchanged']),
    kind: z.enum(['attributes', 'environment', 'job']),
    key,
    name: name.describe('The name in the target'),
    environment: name
      .nullable()
      .describe('The name of the environment in the target; null for an environment'),
    source: z.strictObject({ id, name }).describe('The object of the source'),
    id: id.nullable().describe('The id in the target; null for a new object'),
    before: values
      .nullable()
      .describe('What of the object can be written, as it was before, by field'),
    values: values.describe('What the plan sets, by field, with ids as references'),
    refs: z
      .record(
        z.string(),
        z.strictObject({ key, statuses: z.array(z.int()).readonly().exactOptional() })
      )
      .describe('The references among it to what had no id yet, by field')
  })
  .describe(
    'An object that was to be written, or to which values refer'
  ) satisfies z.ZodType<ObjectEntry>

/** The line of a variable or an override that was planned. */
export const valuesSchema = z
  .strictObject({
    op: z.enum(['create', 'update', 'unchanged']),
    kind: z.enum(['variable', 'override']),
    key,
    name: name.describe('The name of the variable'),
    environment: name.nullable(),
    job: z.strictObject({ key, name }).nullable().describe('The job of an override'),
    writes: z.array(
      z.strictObject({
        scope: z.union([z.literal('project'), key]).describe('Where the value counts'),
        before: value,
        after: value
      })
    )
  })
  .describe('Values that were to be written') satisfies z.ZodType<ValuesEntry>

/** The line before a write. */
export const attemptSchema = z
  .strictObject({
    key,
    sent: values.describe(
      'What was sent, by field, with ids as references; of an object that was there, only what changed'
    )
  })
  .describe('Stands before each write of an object') satisfies z.ZodType<Attempt>

/** The line after a write. */
export const outcomeSchema = z
  .strictObject({
    key,
    status: z.enum(['applied', 'failed', 'unclear', 'partial', 'unlinked', 'not-attempted']),
    id: id.nullable(),
    refused: z
      .array(z.string())
      .describe('The fields that the account did not take as they were sent')
  })
  .describe(
    'What became of a change; the last line of a key counts'
  ) satisfies z.ZodType<JournalOutcome>

/** Any line. */
export const lineSchema = z.union([
  headSchema,
  objectSchema,
  valuesSchema,
  attemptSchema,
  outcomeSchema
])
