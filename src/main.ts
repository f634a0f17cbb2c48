// The story of a run: inputs, plan, review, one more look, apply, report. The one place that knows the mode, and the one
// that catches.
import { applyPlan, nothingAttempted } from './apply/apply.ts'
import { openJournal } from './apply/journal-file.ts'
import { recheckTarget } from './apply/recheck.ts'
import { httpTransport, type OpenTransport } from './dbt/http.ts'
import { realTime, type Time } from './dbt/time.ts'
import { assertSucceeded } from './ending.ts'
import type { Actions } from './github/actions.ts'
import { progress } from './github/progress.ts'
import { isQueued } from './github/pull-request.ts'
import { logPlan } from './github/publish.ts'
import { assertReviewed } from './github/review.ts'
import { report } from './github/run-comment.ts'
import { asFailure } from './model/failure.ts'
import { hasProblems } from './model/remark.ts'
import { hasChanges } from './promotion/plan.ts'
import type { Planned } from './promotion/planner.ts'
import { writePlan } from './plan-output.ts'
import { prepare, type Prepared } from './prepare.ts'
import { Run } from './run.ts'

/** Runs the action. It always resolves; the runner is told how it ended. */
export async function run(
  actions: Actions,
  time: Time = realTime,
  open: OpenTransport = httpTransport
): Promise<void> {
  const run = new Run(actions)
  try {
    const prepared = await prepare(run, time, open)
    if (prepared) await promote(run, prepared)
  } catch (error) {
    run.know({ failure: asFailure(error) })
  } finally {
    run.close()
  }
  await report(actions, run.result, run.secrets, run.comment)
}

/**
 * Plans, and applies what was planned and reviewed. It may be called again in one run, for what takes it back.
 * @throws Failure what makes the run a failure
 */
async function promote(run: Run, prepared: Prepared): Promise<void> {
  const { work, options, review, connections, hide } = prepared
  const planned = await work.plan(connections)
  const { plan } = planned
  run.know({ plan })
  logPlan(run.actions, plan, options.showValues)
  run.know({ planPath: await writePlan(plan, options, hide) })
  if (!hasProblems(plan.remarks)) {
    // A merge queue asks before the merge, while something can still be done about it.
    const isAsked = isQueued(run.actions.event()) && options.reviewedPlan === 'comment'
    if (isAsked || options.mode === 'apply') await assertReviewed(run.actions, plan, review)
    if (options.mode === 'apply') await apply(run, planned, prepared)
  }
  assertSucceeded(plan, run.result)
}

async function apply(run: Run, planned: Planned, prepared: Prepared): Promise<void> {
  const { plan, target, planner } = planned
  const { actions } = run
  const { options, connections, secrets, time, stop } = prepared
  if (hasChanges(plan)) await run.comment?.assertAlone(plan)
  run.know({ outcomes: nothingAttempted(plan) })
  const now = await recheckTarget(planner, plan, target, connections.target)
  if (!hasChanges(plan)) return
  const journal = openJournal(plan, now)
  run.atEnd(journal.close)
  run.know({ journalPath: journal.path })
  // Of a run that is killed, nothing else would tell.
  actions.info(`Journal: ${journal.path}`)
  actions.setOutput('journal-path', journal.path)
  const outcomes = await applyPlan(plan, now, connections.target, {
    parallelism: options.parallelism,
    secrets,
    journal,
    onProgress: progress('writes done', actions.info, time.now),
    sleep: (milliseconds) => time.sleep(milliseconds, stop.draining)
  })
  run.know({ outcomes })
}
