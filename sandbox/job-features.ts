// Cost optimisation of a job: two keys for one thing, of which the account takes what it is entitled to.

import { notAvailable } from './http.ts'
import type { JobBody } from './job-body.ts'
import type { Account, Job, JobType } from './state.ts'

const SAO = 'state_aware_orchestration'
const KNOWN = [SAO, 'efficient_testing', 'dbt_state']

/** What is stored of the two keys. */
export type JobFeatures = Pick<Job, 'cost_optimization_features' | 'force_node_selection'>

/** What the server makes of a list: not entitled means dropped without a word, `dbt_state` swallows the rest. */
function taken(account: Account, wanted: readonly string[]): readonly string[] {
  const entitled: Record<string, boolean> = {
    [SAO]: account.features.stateAwareOrchestration,
    efficient_testing: account.features.efficientTesting,
    dbt_state: account.features.dbtState
  }
  const kept = [...new Set(wanted)].filter((feature) => entitled[feature] === true)
  return kept.includes('dbt_state') ? ['dbt_state'] : kept
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

  if (type === 'ci' || type === 'merge') {
    // Any explicit value of the older key is refused, and so is what answers show for these jobs.
    const asks = (wanted ?? []).some((feature) => feature !== 'dbt_state')
    if (forced !== undefined || (asks && wanted?.includes('dbt_state') !== true))
      throw notAvailable('State aware orchestration is not available for CI or Merge jobs')
    const kept = (wanted ?? previous?.cost_optimization_features ?? []).filter(
      (feature) => feature === 'dbt_state'
    )
    return { cost_optimization_features: taken(account, kept), force_node_selection: true }
  }

  const stored = previous?.cost_optimization_features ?? []
  const asked =
    wanted ??
    (forced === undefined
      ? stored
      : forced
        ? stored.filter((feature) => feature !== SAO)
        : [...stored, SAO])
  const list = wanted === undefined && forced === undefined ? stored : taken(account, asked)
  return { cost_optimization_features: list, force_node_selection: !list.includes(SAO) }
}
