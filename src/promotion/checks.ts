// Changes that the platform would refuse, or that would break the target: problems in the plan, not failures in the
// middle of applying it. And what is worth a warning.
import type { Desired } from './desired.ts'
import type { FieldChange } from './diff.ts'
import { groupBy } from './group.ts'
import { asText } from './json.ts'
import type { Environment } from './kinds/environment.ts'
import type { Job } from './kinds/job.ts'
import type { Matched } from './match.ts'
import { quoted } from './names.ts'
import { problem, type Problem } from './problem.ts'
import type { Rewritten } from './rewrite.ts'
import type { Snapshot } from './snapshot.ts'
import { needsOf } from './snapshot.ts'
import type { PromotionSpec } from './spec.ts'

/** A project has one production environment and one staging environment. */
export function deploymentTypeProblems(
  desired: Rewritten,
  matched: Matched,
  target: Snapshot
): readonly Problem[] {
  const wanted = desired.environments.flatMap((environment) => {
    const held = matched.environments.get(environment.key)
    const isDecided = !held || environment.fixed.has('deployment_type')
    const type = isDecided ? environment.values['deployment_type'] : held.values.deployment_type
    return typeof type === 'string' ? [{ environment, held, type }] : []
  })
  return [...groupBy(wanted, ({ type }) => type)].flatMap(([type, all]) => {
    const own = new Set(all.map(({ held }) => held?.id))
    const others = target.environments.filter(
      ({ id, values }) => values.deployment_type === type && !own.has(id)
    )
    if (all.length + others.length < 2) return []
    const names = [
      ...all.map(({ environment }) => environment.name),
      ...others.map(({ name }) => name)
    ]
    return [
      problem(
        `The target project would have ${String(names.length)} ${type} environments (${names.map(quoted).join(', ')}); ` +
          'the platform allows one.',
        'Map the source environment to the one that is there with "from -> to", or set deployment-type.'
      )
    ]
  })
}

/** Credentials belong to one project; those that an environment of the target has, evidently to the target. */
export function credentialsFindings(
  spec: PromotionSpec,
  target: Snapshot
): { readonly problems: readonly Problem[]; readonly warnings: readonly string[] } {
  const used = new Set(target.environments.map(({ values }) => values.credentials_id))
  const doubtful = needsOf(spec).credentials.filter((id) => !used.has(id))
  const where = `project ${quoted(target.project.name)}`
  return {
    problems: doubtful
      .filter((id) => target.credentials.get(id) === 'foreign')
      .map((id) =>
        problem(
          `Credentials ${String(id)} do not belong to ${where}.`,
          'Give the id of credentials of the target project: the settings of its environment show it in the address bar.'
        )
      ),
    warnings: doubtful
      .filter(
        (id) => target.credentials.get(id) !== 'foreign' && target.credentials.get(id) !== 'own'
      )
      .map(
        (id) =>
          `Whether credentials ${String(id)} belong to ${where} is not checked: the token may not see credentials.`
      )
  }
}

/** Types that a job never changes to or from (terraform-provider-dbtcloud replaces the job instead). */
const fixedTypes = ['ci', 'adaptive']

/** A job can't become a CI job or cease to be one. */
export function jobTypeProblem(
  desired: Desired,
  held: Job,
  fields: readonly FieldChange[]
): Problem | undefined {
  const change = fields.find(({ path }) => path === 'job_type')
  if (!change || ![change.before, change.after].some((type) => fixedTypes.includes(asText(type))))
    return undefined
  return problem(
    `Job ${String(held.id)} ${quoted(held.name)} is of type ${asText(change.before)} and would become ` +
      `${asText(change.after)}, which the platform does not do.`,
    `Delete or rename the target job, so that ${quoted(desired.source.name)} is promoted to a new one.`
  )
}

/** What a new environment lacks. */
export function environmentWarnings(
  desired: Desired,
  held: Environment | undefined
): readonly string[] {
  if (held || (desired.values['credentials_id'] ?? null) !== null) return []
  return [
    `New environment ${quoted(desired.name)} has no credentials: its jobs can not run until it has. ` +
      'Set credentials-id to credentials of the target project.'
  ]
}

/** What keeps a new job from running as in the source. */
export function jobWarnings(
  desired: Desired,
  source: Job | undefined,
  target: Snapshot
): readonly string[] {
  const type = desired.values['job_type']
  const strategy = target.project.repository?.cloneStrategy ?? null
  const waitsForGit = type === 'ci' || type === 'merge'
  const tag = /\[\[[*:a-zA-Z0-9_-]+\]\]/.exec(desired.name)?.[0]
  return [
    ...(source?.values.deactivated === true
      ? [
          `Source job ${String(source.id)} ${quoted(source.name)} was deactivated by the platform: ` +
            'it is promoted with its triggers off.'
        ]
      : []),
    ...(waitsForGit && (strategy === null || strategy === 'deploy_key')
      ? [
          `Job ${quoted(desired.name)} is a ${type} job, and the repository of project ` +
            `${quoted(target.project.name)} ${strategy === null ? 'is missing' : 'is connected by a deploy key'}: ` +
            'without a native Git integration nothing triggers it.'
        ]
      : []),
    ...(tag === undefined
      ? []
      : [
          `Job ${quoted(desired.name)} takes along ${tag}, by which dbt-jobs-as-code tells its jobs apart: ` +
            'rename it with job-name if that tool manages jobs in the target.'
        ])
  ]
}
