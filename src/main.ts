// The story of a run: inputs, spec, snapshots, plan, review, apply, report. The one place that knows the mode, and the one
// that catches.
import { applyPlan, nothingAttempted } from './apply/apply.ts'
import { connectBoth, type Connections } from './dbt/connect.ts'
import { certificateWarning } from './dbt/environment.ts'
import { httpTransport, type OpenTransport } from './dbt/http.ts'
import { openJournal, type JournalFile } from './apply/journal-file.ts'
import { recheckTarget } from './apply/recheck.ts'
import { Stop } from './dbt/stop.ts'
import { realTime, type Time } from './dbt/time.ts'
import { assertSucceeded } from './ending.ts'
import { asFailure } from './model/failure.ts'
import type { Actions } from './github/actions.ts'
import { hiding, hidingInMarkup } from './model/hide.ts'
import { openGitHub, openOnce } from './github/api.ts'
import { promotionId } from './inputs/promotion-id.ts'
import { withoutSecrets } from './github/event.ts'
import { progress } from './github/progress.ts'
import { isQueued } from './github/pull-request.ts'
import { logMode, logPlan } from './github/publish.ts'
import { assertReviewed } from './github/review.ts'
import { report, runComment, type RunComment } from './github/run-comment.ts'
import {
  githubProblems,
  hashProblems,
  readGitHubToken,
  readRunOptions,
  readSecrets,
  readTokens,
  type Tokens
} from './inputs/inputs.ts'
import { hasProblems } from './model/remark.ts'
import { hasChanges } from './promotion/plan.ts'
import { writePlan } from './plan-output.ts'
import type { Result } from './report/result.ts'
import { readWork } from './read-work.ts'

/** Runs the action. It always resolves; the runner is told how it ended. */
export async function run(
  actions: Actions,
  time: Time = realTime,
  open: OpenTransport = httpTransport
): Promise<void> {
  let result = nothingYet
  let stop: Stop | undefined
  let connections: Connections | undefined
  let journal: JournalFile | undefined
  let comment: RunComment | undefined
  let hidden: readonly string[] = []
  const started = time.now()
  try {
    const tokens = readTokens(actions)
    const githubToken = readGitHubToken(actions)
    if (isWithoutSecrets(actions, tokens)) {
      actions.notice(
        'GitHub gives no secrets to pull requests from forks and by Dependabot: nothing is planned here.'
      )
    } else {
      const secrets = await readSecrets(actions)
      const { options, problems } = readRunOptions(actions)
      const github = openOnce(() => openGitHub(actions.workflow(), githubToken, time, started))
      result = {
        ...result,
        mode: options.mode,
        chosen: options.chosen,
        showValues: options.showValues
      }
      if (options.chosen) logMode(actions, options.chosen)
      const insecure = certificateWarning(actions.env('NODE_TLS_REJECT_UNAUTHORIZED'))
      if (insecure !== undefined) actions.warning(insecure)
      const keys = [tokens.source.value, tokens.target.value]
      hidden = [githubToken, ...keys, ...secrets.texts]
      const hide = hiding(hidden)
      const review = { github, keys, ...promotionId(actions) }
      if (githubToken !== '') {
        const how = { ...review, policy: options.comment, time, hide: hidingInMarkup(hidden) }
        const isAsked = options.mode === 'apply' && options.reviewedPlan !== 'comment'
        comment = runComment(actions, how, isAsked)
      }
      const work = await readWork(actions, tokens, secrets, options, [
        ...problems,
        ...githubProblems(githubToken, options),
        ...hashProblems(options)
      ])
      stop = new Stop(time, options.deadlineMinutes)
      actions.onCancel(() => void stop?.stop('cancelled'))
      const reading = progress('requests sent', actions.info, time.now)
      connections = connectBoth(work.sides, work.tokens, {
        ...options,
        secrets: secrets.texts,
        time,
        stop,
        open,
        log: actions.info,
        onRequest: (count) => {
          if (result.plan === undefined) reading(count)
        }
      })

      const { target, planner } = await work.read(connections)
      const plan = planner.plan(target)
      result = { ...result, plan }
      logPlan(actions, plan, options.showValues)
      result = { ...result, planPath: await writePlan(plan, options, hide) }

      // A merge queue asks before the merge, while something can still be done about it.
      const isAsked = isQueued(actions.event()) && options.reviewedPlan === 'comment'
      const isSound = !hasProblems(plan.remarks)
      if (isSound && (isAsked || options.mode === 'apply'))
        await assertReviewed(actions, plan, { ...options, ...review })
      if (options.mode === 'apply' && isSound) {
        const sleep = (milliseconds: number): Promise<void> =>
          time.sleep(milliseconds, stop?.draining)
        const onProgress = progress('writes done', actions.info, time.now)
        const how = { parallelism: options.parallelism, secrets: secrets.values, onProgress, sleep }
        if (hasChanges(plan)) await comment?.assertAlone(plan)
        result = { ...result, outcomes: nothingAttempted(plan) }
        const now = await recheckTarget(planner, plan, target, connections.target)
        if (hasChanges(plan)) {
          journal = openJournal(plan, now)
          result = { ...result, journalPath: journal.path }
          announceJournal(actions, journal.path)
          const recorded = { ...how, journal }
          result = { ...result, outcomes: await applyPlan(plan, now, connections.target, recorded) }
        }
      }
      assertSucceeded(plan, result)
    }
  } catch (error) {
    result = { ...result, failure: asFailure(error) }
  } finally {
    stop?.end()
    connections?.close()
    journal?.close()
  }
  const told = { ...result, requests: connections?.requests() ?? 0 }
  await report(actions, told, hidden, comment)
}

const nothingYet: Result = {
  mode: 'plan',
  chosen: undefined,
  showValues: false,
  plan: undefined,
  outcomes: null,
  failure: undefined,
  requests: 0,
  planPath: '',
  journalPath: ''
}

function isWithoutSecrets(actions: Actions, { source, target }: Tokens): boolean {
  return source.value === '' && target.value === '' && withoutSecrets(actions.event())
}

// Of a run that is killed, nothing else would tell.
function announceJournal(actions: Actions, path: string): void {
  actions.info(`Journal: ${path}`)
  actions.setOutput('journal-path', path)
}
