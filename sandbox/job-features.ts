// Cost optimisation of a job: two keys for one thing, of which the account takes what it is entitled to.

import { notAvailable } from './http.ts'
import type { JobBody } from './job-body.ts'
import type { Account, Job, JobType } from './state.ts'

const SAO = 'state_aware_orchestration'
// Takes dbt State from the environment (pulumi-dbtcloud 1.11.11, job.py): it must be the only one.
const INHERIT = 'inherit_environment'
const KNOWN = [SAO, 'efficient_testing', 'dbt_state', INHERIT]

/** What is stored of the two keys. */
export type JobFeatures = Pick<Job, 'cost_optimization_features' | 'force_node_selection'>

/** What the server makes of a list: not entitled means dropped without a word, `dbt_state` swallows the rest. */
function taken(account: Account, wanted: readonly string[]): readonly string[] {
  const entitled: Record<string, boolean> = {
    [SAO]: account.features.stateAwareOrchestration,
    efficient_testing: account.features.efficientTesting,
    dbt_state: account.features.dbtState,
    [INHERIT]: account.features.dbtState
  }
  const kept = [...new Set(wanted)].filter((feature) => entitled[feature] === true)
  return kept.includes('dbt_state') ? ['dbt_state'] : kept
}

/** What is stored: whether none is a list or null, the account decides. */
function stored(account: Account, list: readonly string[] | null): readonly string[] | null {
  const { noFeatures } = account.features
  if ((list ?? []).length > 0 || noFeatures === 'as-sent') return list
  return noFeatures === 'null' ? null : []
}

/**
 * The features that a write leaves behind. Absent keys leave the stored ones; the list rules over
 * `force_node_selection`, which says the same the other way round (false is on).
 */
export function featuresOf(
  account: Account,
  body: JobBody,
  type: JobType,
  previous: Job | undefined
): JobFeatures {
  const { cost_optimization_features: wanted, force_node_selection: forced } = body
  const unknown = (wanted ?? []).filter((feature) => !KNOWN.includes(feature))
  if (unknown.length > 0) throw notAvailable(`${unknown.join(', ')} are not valid features.`)
  if (new Set(wanted).size > 1 && wanted?.includes(INHERIT) === true)
    throw notAvailable(`${INHERIT} must be the only feature.`)

  if (type === 'ci' || type === 'merge') {
    // Any explicit value of the older key is refused, and so is what answers show for these jobs.
    const asks = (wanted ?? []).some((feature) => feature !== 'dbt_state')
    if (forced !== undefined || (asks && wanted?.includes('dbt_state') !== true))
      throw notAvailable('State aware orchestration is not available for CI or Merge jobs')
    const kept = wanted ?? previous?.cost_optimization_features ?? null
    const taking =
      kept &&
      taken(
        account,
        kept.filter((feature) => feature === 'dbt_state')
      )
    return { cost_optimization_features: stored(account, taking), force_node_selection: true }
  }

  const before = previous?.cost_optimization_features ?? null
  const list =
    wanted === undefined && forced === undefined
      ? before
      : taken(account, wanted ?? byOlderKey(before ?? [], forced === true))
  return {
    cost_optimization_features: stored(account, list),
    force_node_selection: list?.includes(SAO) !== true
  }
}

function byOlderKey(before: readonly string[], forced: boolean): readonly string[] {
  return forced ? before.filter((feature) => feature !== SAO) : [...before, SAO]
}
