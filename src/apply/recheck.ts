// Reads the target once more before the first write. What was planned is planned again, by the same code, from what
// the target holds now: if that is another plan, somebody else was there, and nothing is written.
import { decoded, type DbtClient } from '../dbt/client.ts'
import { readAll } from '../dbt/attributes.ts'
import { readEnvironments, readJobs } from '../dbt/snapshot.ts'
import { readVariables } from '../dbt/variables.ts'
import { Failure } from '../model/failure.ts'
import { hasProblems } from '../model/remark.ts'
import { decodeEnvironment, readEnvironment, type Environment } from '../kinds/environment.ts'
import { isOfValues } from '../model/change.ts'
import type { Place } from '../model/request.ts'
import { hasChanges, type Plan } from '../promotion/plan.ts'
import type { Planner } from '../promotion/planner.ts'
import { placeOf, type Snapshot } from '../kinds/snapshot.ts'
import { currentOverrides, withIds } from './recheck-overrides.ts'

/**
 * The target as it is now; nothing is read for a plan that writes nothing.
 * @throws Failure `plan-changed` when the plan would be another
 */
export async function recheckTarget(
  planner: Planner,
  plan: Plan,
  target: Snapshot,
  client: DbtClient
): Promise<Snapshot> {
  if (!hasChanges(plan)) return target
  const place = placeOf(target)
  const [environments, jobs, variables, records] = await Promise.all([
    currentEnvironments(plan, target, client, place),
    plan.changes.some(({ kind }) => kind === 'job')
      ? readJobs(client, place, planner.overrides)
      : target,
    plan.changes.some(isOfValues) ? readVariables(client, place) : target.variables,
    readAll(client, target, changedAttributes(plan))
  ])
  const overrides = await currentOverrides(plan, target, jobs.overrides, client)
  const now = {
    ...target,
    environments,
    jobs: jobs.jobs,
    variables,
    attributes: new Map(
      [...target.attributes, ...records.attributes].filter(
        ([id]) => !records.deadAttributes.has(id)
      )
    ),
    deadAttributes: new Set([...target.deadAttributes, ...records.deadAttributes]),
    overrides
  }
  const again = planner.plan(now)
  if (again.hash !== plan.hash || hasProblems(again.remarks)) {
    throw new Failure(
      'plan-changed',
      'The target project changed after the plan was made, so nothing was written.',
      'Somebody else, or another run, writes the same project. Run this again to plan from what is there now.'
    )
  }
  return { ...now, overrides: await withIds(plan, now, client) }
}

function changedAttributes(plan: Plan): readonly number[] {
  return plan.changes.flatMap((change) =>
    change.kind === 'attributes' && change.op === 'update' ? [change.id] : []
  )
}

// An environment is read by id before it is updated: a replace resets what it does not send, and the list need not
// hold all. The list is read where an environment is created, since another of its name may have come.
async function currentEnvironments(
  plan: Plan,
  target: Snapshot,
  client: DbtClient,
  place: Place
): Promise<readonly Environment[]> {
  const environments = plan.changes.flatMap((change) =>
    change.kind === 'environment' ? [change] : []
  )
  const updates = environments.flatMap((change) => (change.op === 'update' ? [change.id] : []))
  const creates = environments.some(({ op }) => op === 'create')
  // Who shares a record of extended attributes, only the list tells.
  const isShared = changedAttributes(plan).length > 0
  const [listed, ...single] = await Promise.all([
    creates || isShared || updates.length === 0
      ? readEnvironments(client, place)
      : target.environments,
    ...updates.map((id) => currentEnvironment(client, place, id))
  ])
  const byId = new Map(single.map((environment) => [environment.id, environment]))
  return listed.map((environment) => byId.get(environment.id) ?? environment)
}

async function currentEnvironment(
  client: DbtClient,
  place: Place,
  id: number
): Promise<Environment> {
  const request = readEnvironment(place, id)
  const doing = 'Reading an environment before its update'
  const raw = await client.send(request, doing)
  return decoded(request, doing, client.side, () => decodeEnvironment(raw))
}
