// The shape of the config file, from which its JSON Schema is made too. What values mean together is checked when the
// spec is made.
import { z } from 'zod'
import type { Config } from './config.ts'
import type { Json } from '../model/json.ts'
import { jobTypes } from '../model/paths.ts'
import { kindsOfResources } from './text-reader.ts'

const selector = z
  .union([z.string().min(1), z.int().positive()])
  .describe('An id, a name, or a name with * and ?')

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

const environment = z.strictObject({
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

const jobRule = z.strictObject({
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
  project: z.union([z.string().min(1), z.int().positive()]).describe('Project, by id or exact name')
})

/** The config file. */
export const configSchema = z.strictObject({
  source: project.optional(),
  target: project.optional(),
  resources: z
    .array(z.enum(kindsOfResources))
    .optional()
    .describe('The kinds that are promoted; default environments and jobs'),
  environments: z
    .array(z.union([selector, environment]))
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
    .record(z.string(), z.union([z.string().min(1), z.int().positive()]))
    .optional()
    .describe('Source connection -> target connection, by id or exact name, for new environments'),
  'environment-name': z.string().min(1).optional(),
  'job-name': z.string().min(1).optional(),
  'custom-branch': z.string().min(1).optional(),
  'credentials-id': z.int().positive().optional(),
  connection: z.union([z.string().min(1), z.int().positive()]).optional(),
  'deployment-type': z.enum(['production', 'staging', 'general']).optional(),
  'dbt-version': z.string().min(1).optional(),
  'target-name': z.string().min(1).optional(),
  threads: z.int().positive().optional(),
  schedule: z.enum(['keep', 'source', 'paused']).optional(),
  adopt: z.boolean().optional(),
  track: z.enum(['marker', 'name']).optional(),
  removals: z.enum(['none', 'pause']).optional(),
  'max-changes': z.int().nonnegative().optional(),
  protect: z.array(selector).optional(),
  label: z.string().min(1).max(50).optional()
}) satisfies z.ZodType<Config>
