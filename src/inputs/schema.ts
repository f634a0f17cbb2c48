// The shape of the config file, from which its JSON Schema is made too. What values mean together is checked when the
// spec is made.
import { z } from 'zod'
import type { Config, PlainConfig } from './config.ts'
import type { Json } from '../model/json.ts'
import { jobTypes } from '../model/paths.ts'
import { fileInputs, type Form } from './input-table.ts'

const selector = z
  .union([z.string().min(1), z.int().positive()])
  .describe('An id, a name, or a name with * and ?')

const nameOrId = z.union([z.string().min(1), z.int().positive()])

const json: z.ZodType<Json> = z.json()

const set = z
  .record(z.string(), json)
  .describe(
    'Values to fix, by field: dotted (settings.threads) or nested. See docs/what-is-promoted.md'
  )

const keep = z
  .array(z.string().min(1))
  .describe('Fields, or parts of them, that are left to the target once the object is there')

const value = z.string().min(1)

/** An entry of `environments` with rules. */
export const environmentEntry = z.strictObject({
  from: selector.describe('The environment of the source: an id, a name, or a name with * and ?'),
  to: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Its name in the target; {1} is what the first wildcard matched. Or id:7, the environment that it is there'
    ),
  set: set.optional(),
  keep: keep.optional()
})

/** A rule for jobs. */
export const jobRule = z.strictObject({
  match: selector.describe('The jobs that the rule is for'),
  environment: selector
    .optional()
    .describe(
      'Only those of these environments of the source: an id, a name, or a name with * and ?'
    ),
  type: z.enum(jobTypes).optional().describe('Only those of this type in the source'),
  name: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Their name in the target; {name}, {environment}, {1} ... Or id:7, the job to take over'
    ),
  set: set.optional(),
  keep: keep.optional()
})

const project = z.strictObject({
  project: nameOrId.describe('Project, by id or exact name')
})

function shapeOf(form: Form): z.ZodType {
  switch (form.is) {
    case 'text':
      return form.most === undefined ? z.string().min(1) : z.string().min(1).max(form.most)
    case 'name or id':
      return nameOrId
    case 'id':
      return z.int().positive()
    case 'count':
      return z.int().nonnegative()
    case 'truth':
      return z.boolean()
    case 'selectors':
      return z.array(selector)
    case 'word':
      return z.enum(form.words)
    case 'words':
      return z.array(z.enum(form.words))
  }
}

// The type of each follows from its form, as PlainConfig says it.
const plain = Object.fromEntries(
  Object.entries(fileInputs).map(([name, { form }]: readonly [string, { readonly form: Form }]) => {
    const shape = shapeOf(form).optional()
    return [name, 'about' in form && form.about ? shape.describe(form.about) : shape]
  })
) as unknown as { readonly [Name in keyof PlainConfig]-?: z.ZodType<PlainConfig[Name]> }

/** The config file. */
export const configSchema = z.strictObject({
  source: project.optional(),
  target: project.optional(),
  environments: z
    .array(z.union([selector, environmentEntry]))
    .optional()
    .describe(
      'The environments to promote, in order: selectors as in the input, or entries with rules'
    ),
  jobs: z
    .union([
      z.array(selector),
      z.strictObject({
        select: z.array(selector).optional().describe('The jobs to promote; default all'),
        rules: z.array(jobRule).optional().describe('All that match apply, later ones win')
      })
    ])
    .optional()
    .describe('The jobs to promote, and what is done with them'),
  references: z
    .strictObject({
      jobs: z
        .record(
          z.string(),
          z.union([
            z.int().positive(),
            z.strictObject({ job: z.int().positive(), project: z.int().positive() })
          ])
        )
        .optional()
        .describe('Source job -> job of the target project, or {job, project} of another'),
      environments: z
        .record(z.string(), z.int().positive())
        .optional()
        .describe('Source environment -> target environment'),
      unresolved: z
        .enum(['fail', 'drop'])
        .optional()
        .describe('What becomes of references that nothing resolves')
    })
    .optional(),
  variables: z
    .strictObject({
      update: z
        .array(z.string().min(1))
        .optional()
        .describe(
          'The variables whose values in the target follow the source: names, with * and ?'
        ),
      set: z
        .record(z.string(), z.union([value, z.record(z.string(), value)]))
        .optional()
        .describe(
          'Variable -> its value in the target: for everywhere, or by place (project, an environment, environment/job)'
        )
    })
    .optional()
    .describe('What becomes of variables that the target has; it keeps their values otherwise'),
  connections: z
    .record(z.string(), nameOrId)
    .optional()
    .describe('Source connection -> target connection, by id or exact name, for new environments'),
  ...plain
}) satisfies z.ZodType<Config>
