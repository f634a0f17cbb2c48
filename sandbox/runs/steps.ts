// How far the steps of a run have come at a moment of the clock of runs.

import type { PlannedStep, Run, RunStatus } from './types.ts'

/** The logs of a step are there so much later than its end: dbt-cloud-job-action waits 5 s for them (src/index.ts). */
const LOGS_MS = 5_000

/** A step that has begun, or that will not begin any more. */
export interface BegunStep {
  readonly planned: PlannedStep
  /** Counted from 1. */
  readonly index: number
  readonly status: RunStatus
  readonly startedAt: number | null
  readonly finishedAt: number | null
  readonly logs: string
  readonly now: number
}

/**
 * The steps of a run so far, in order. Those after one that failed are there too, cancelled: clients that resume runs
 * look for steps whose status is error, skipped or cancelled (prefect-dbt, cloud/jobs.py; dbtc).
 */
export function stepsOf(run: Run, now: number): readonly BegunStep[] {
  if (run.startedAt === null) return []
  const until = run.finishedAt ?? now
  const shown: BegunStep[] = []
  let at = run.startedAt
  let hasEnded = false
  for (const [position, planned] of run.steps.entries()) {
    const base = { planned, index: position + 1, now }
    if (hasEnded || at > until) {
      if (run.finishedAt === null) break
      shown.push({ ...base, status: 30, startedAt: null, finishedAt: null, logs: '' })
      continue
    }
    const end = at + (planned.ms ?? Infinity)
    const isDone = end <= until
    const isCut = !isDone && run.finishedAt !== null
    const finishedAt = isDone ? end : run.finishedAt
    const hasLogs = finishedAt !== null && finishedAt + LOGS_MS <= now
    const running = isCut ? 30 : 3
    shown.push({
      ...base,
      status: isDone ? planned.status : running,
      startedAt: at,
      finishedAt,
      logs: hasLogs ? planned.logs : ''
    })
    hasEnded = isDone ? planned.status !== 10 : isCut
    at = end
  }
  return shown
}
