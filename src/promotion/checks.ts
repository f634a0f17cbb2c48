// Changes that the platform would refuse, or that would break the target: problems in the plan, not failures in the
// middle of applying it. And what is worth a warning.
import type { Desired } from '../model/desired.ts'
import { setsHeld } from './diff.ts'
import { groupBy } from '../model/group.ts'
import { asText, isList, type Json } from '../model/json.ts'
import type { Key } from '../model/keys.ts'
import { hasCredentials, type Environment } from '../kinds/environment.ts'
import type { Values } from '../model/field.ts'
import { runsByItself, type Job } from '../kinds/job.ts'
import type { Matched } from './match.ts'
import { foreignTag, quoted } from '../model/names.ts'
import { listedText } from './listed-credentials.ts'
import { problem, warning, type Note, type Problem, type Remark } from '../model/remark.ts'
import type { Rewritten } from './rewrite.ts'
import type { Snapshot } from '../kinds/snapshot.ts'
import { targetNeeds } from '../kinds/snapshot.ts'
import { keyIn } from '../model/link.ts'
import { isOneAccount, type PromotionSpec } from '../model/spec.ts'

/** A project has one production environment and one staging environment. */
export function deploymentTypeProblems(
  desired: Rewritten,
  matched: Matched,
  target: Snapshot
): readonly Problem[] {
  const wanted = desired.environments.flatMap((environment) => {
    const held = matched.environments.get(environment.key)
    const isDecided = !held || setsHeld(environment, 'deployment_type')
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
        `The target project would have ${names.length} ${type} environments (${names.map(quoted).join(', ')}); ` +
          'the platform allows one.',
        'Map the source environment to the one that is there with "from -> to", or set deployment-type.'
      )
    ]
  })
}

/** Credentials belong to one project; those that an environment of the target has, evidently to the target. */
export function credentialsFindings(spec: PromotionSpec, target: Snapshot): readonly Remark[] {
  const used = new Set(target.environments.map(({ values }) => values.credentials_id))
  const doubtful = targetNeeds(spec).credentials.filter((id) => !used.has(id))
  const where = `project ${quoted(target.project.name)}`
  const there = listedText(target)
  const remedy =
    there === ''
      ? 'Give the id of credentials of the target project: the settings of its environment show it in the address bar.'
      : `Give the id of credentials of the target project. ${there}`
  return doubtful.flatMap((id): readonly Remark[] => {
    const state = target.credentials.get(id)
    if (state === 'own') return []
    return [
      state === 'foreign'
        ? problem(`Credentials ${id} do not belong to ${where}.`, remedy)
        : warning(
            `Whether credentials ${id} belong to ${where} is not checked: the token may not see credentials.`
          )
    ]
  })
}

/** Across accounts, a new environment needs a connection that the user names: there is none to take over. */
export function connectionProblems(
  spec: PromotionSpec,
  desired: Desired,
  source: Environment | undefined
): readonly Problem[] {
  const own = source?.values.connection_id ?? null
  const has =
    (desired.values['connection_id'] ?? null) !== null || desired.fixed.has('connection_id')
  if (own === null || has || isOneAccount(spec)) return []
  return [
    problem(
      `New environment ${quoted(desired.name)} has no connection: connection ${own} of the source belongs to ` +
        'another account, and nothing says what stands for it.',
      'Map it under connections in the config file, or name one in connection.'
    )
  ]
}

/** What a new environment lacks, or shares with the source. */
export function environmentWarnings(
  spec: PromotionSpec,
  desired: Desired,
  source: Environment | undefined,
  target: Snapshot
): readonly Note[] {
  const name = quoted(desired.name)
  const connection = desired.values['connection_id'] ?? null
  const isShared =
    connection !== null &&
    connection === source?.values.connection_id &&
    !desired.fixed.has('connection_id')
  return [
    ...((desired.values['credentials_id'] ?? null) === null
      ? [
          warning(
            `New environment ${name} has no credentials: its jobs can not run until it has. ` +
              `Set credentials-id to credentials of the target project. ${listedText(target)}`.trim()
          )
        ]
      : []),
    ...(isShared && isOneAccount(spec)
      ? [
          warning(
            `New environment ${name} is on connection ${asText(connection)}, as the source is: ` +
              'set connection if the target has one of its own.'
          )
        ]
      : [])
  ]
}

/**
 * An update that takes the credentials of an environment away.
 * @param held all values of the environment
 * @param sent the same, as they would be sent
 * @param remedy how to keep them
 */
export function lostCredentialsWarnings(
  name: string,
  held: Values,
  sent: Values,
  remedy = 'Set credentials-id to credentials of the target project.'
): readonly Note[] {
  if ((held['credentials_id'] ?? null) === null || hasCredentials(sent)) return []
  return [
    warning(
      `Environment ${quoted(name)} loses its credentials: without any its jobs can not run, and the platform may refuse the update ` +
        `with an error 500. ${remedy}`
    )
  ]
}

/** Steps that name a target by themselves, which no setting changes. */
export function stepWarnings(desired: Desired): readonly Note[] {
  const steps = desired.values['execute_steps']
  if (!isList(steps ?? null)) return []
  const named = (steps as readonly Json[]).filter((step) =>
    /(^|\s)(--target|-t)([\s=]|$)/.test(asText(step))
  )
  return named.length === 0
    ? []
    : [
        warning(
          `Job ${quoted(desired.name)} has steps that name a target themselves: ${named.map(asText).join('; ')}.`
        )
      ]
}

/**
 * Jobs that defer to an environment in which nothing has run yet, or to a job that has not run yet, such as themselves.
 * @param created the keys of the environments and jobs that this plan creates
 */
export function deferralWarnings(
  jobs: readonly Desired[],
  created: ReadonlySet<Key>
): readonly Note[] {
  const waiting = jobs.flatMap((job) =>
    ['deferring_environment_id', 'deferring_job_definition_id']
      .flatMap((path) => keyIn(job.refs[path]) ?? [])
      .filter((key) => created.has(key))
      .map((key) => ({ key, job }))
  )
  const toItself = waiting.filter(({ key, job }) => key === job.key)
  const toOthers = waiting.filter(({ key, job }) => key !== job.key)
  const names = new Map(jobs.map(({ key, name }) => [key, name]))
  const told = (all: typeof waiting, to: string): Note => {
    const who = all.map(({ job }) => quoted(job.name)).join(', ')
    return warning(
      `${who} ${all.length === 1 ? 'defers' : 'defer'} to ${to}, deferral has no state to compare with.`
    )
  }
  return [
    ...[...groupBy(toOthers, ({ key }) => key)].map(([key, all]) => {
      const name = names.get(key)
      return name === undefined
        ? told(all, 'a new environment, in which nothing has run yet: until a job has run there')
        : told(all, `new job ${quoted(name)}, which has not run yet: until it has`)
    }),
    ...toItself.map((each) => told([each], 'itself and is new: until it has run once'))
  ]
}

/**
 * A source job that the platform switched off does not switch on any other.
 * @param sent all values of the target's job, as they would be
 */
export function deactivationWarnings(
  { name, environment }: Desired,
  sent: Values,
  source: Job | undefined
): readonly Note[] {
  if (source?.values.deactivated !== true) return []
  const fate = runsByItself(sent)
    ? `job ${quoted(name)} in ${quoted(environment?.name ?? '')} runs by itself all the same.`
    : 'it is promoted with its triggers off.'
  return [
    warning(
      `Source job ${source.id} ${quoted(source.name)} was deactivated by the platform: ${fate}`
    )
  ]
}

/**
 * A job of the target that the platform switched off, and that nothing would save. Saving or running it reactivates it
 * (docs.getdbt.com, Job scheduler, Deactivation of jobs).
 */
export function switchedOffWarnings({ name, environment }: Desired, held: Job): readonly Note[] {
  if (held.values.deactivated !== true) return []
  return [
    warning(
      `Job ${held.id} ${quoted(name)} in ${quoted(environment?.name ?? '')} was deactivated by the platform and does not run: ` +
        'see why its runs failed, then run it once by hand or save it in the platform.'
    )
  ]
}

/** What keeps a new job from running as in the source. @param sent all of its values, as they would be sent */
export function jobWarnings(
  desired: Desired,
  sent: Values,
  source: Job | undefined
): readonly Note[] {
  const tag = foreignTag(desired.name, asText(desired.values['description']))
  return [
    ...deactivationWarnings(desired, sent, source),
    ...(tag === undefined
      ? []
      : [
          warning(
            `Job ${quoted(desired.name)} takes along ${tag}, by which dbt-jobs-as-code tells its jobs apart: ` +
              'if that tool manages jobs in the target, take it out of the source job, or rename that with job-name.'
          )
        ])
  ]
}
