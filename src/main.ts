// The story of a run: inputs, spec, snapshots, plan, apply, report. The one place that knows the mode, and the one
// that catches.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { applyPlan, nothingAttempted } from './apply/apply.ts'
import type { ConfigResult } from './config/read-config.ts'
import type { ReadSecrets } from './config/read-secrets.ts'
import { connectBoth, type Connections } from './dbt/connect.ts'
import { httpTransport, type OpenTransport } from './dbt/http.ts'
import { recheckTarget } from './apply/recheck.ts'
import { readBoth } from './dbt/snapshot.ts'
import { Stop } from './dbt/stop.ts'
import { realTime, type Time } from './dbt/time.ts'
import { asFailure, Failure, failureOf, type FailureReason } from './failure.ts'
import type { Actions } from './github/actions.ts'
import { defaultBranch, isProposal, withoutSecrets } from './github/event.ts'
import { openGitHub, openOnce } from './github/api.ts'
import { comment, type CommentOptions } from './github/comment.ts'
import { progress } from './github/progress.ts'
import { logPlan, publish } from './github/publish.ts'
import { assertReviewed } from './github/review.ts'
import {
  githubProblems,
  readGitHubToken,
  readRunOptions,
  readSecrets,
  readSpecInputs,
  readTokens,
  tokenProblems,
  type RunOptions,
  type Tokens
} from './inputs.ts'
import type { Outcome } from './promotion/outcome.ts'
import { givenIn } from './promotion/secrets.ts'
import { parseSpec } from './promotion/parse-spec.ts'
import { hasChanges, planPromotion, type Plan } from './promotion/plan.ts'
import type { Problem } from './promotion/problem.ts'
import type { PromotionSpec } from './promotion/spec.ts'
import { planFile } from './report/plan-file.ts'
import type { Result } from './report/result.ts'

/** Runs the action. It always resolves; the runner is told how it ended. */
export async function run(
  actions: Actions,
  time: Time = realTime,
  open: OpenTransport = httpTransport
): Promise<void> {
  let result = nothingYet
  let stop: Stop | undefined
  let connections: Connections | undefined
  let comments: CommentOptions | undefined
  try {
    const tokens = readTokens(actions)
    const githubToken = readGitHubToken(actions)
    if (isWithoutSecrets(actions, tokens)) {
      actions.notice(
        'GitHub gives no secrets to pull requests from forks and by Dependabot: nothing is planned here.'
      )
    } else {
      const secrets = await readSecrets(actions)
      const { options, problems } = readRunOptions(actions, isProposal(actions.event()))
      const github = openOnce(() => openGitHub(actions.workflow(), githubToken, time))
      result = { ...result, mode: options.mode, showValues: options.showValues }
      if (githubToken !== '') comments = { policy: options.comment, github, time }
      const spec = await readSpec(actions, options, secrets, [
        ...tokenProblems(tokens),
        ...githubProblems(githubToken, options),
        ...problems
      ])
      stop = new Stop(time, options.deadlineMinutes)
      actions.onCancel(() => void stop?.stop('cancelled'))
      const reading = progress('requests sent', actions.info, time.now)
      connections = connectBoth(spec, tokens, {
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

      const { source, target } = await readBoth(connections, spec)
      const plan = planPromotion(spec, source, target)
      result = { ...result, plan }
      logPlan(actions, plan, options.showValues)
      result = { ...result, planPath: await writePlan(plan, options) }

      if (options.mode === 'apply' && plan.problems.length === 0) {
        await assertReviewed(actions, plan, { ...options, github })
        const sleep = (milliseconds: number): Promise<void> =>
          time.sleep(milliseconds, stop?.draining)
        const onProgress = progress('writes done', actions.info, time.now)
        const how = { parallelism: options.parallelism, secrets: secrets.values, onProgress, sleep }
        result = { ...result, outcomes: nothingAttempted(plan) }
        const now = await recheckTarget(spec, plan, source, target, connections.target)
        result = { ...result, outcomes: await applyPlan(plan, now, connections.target, how) }
      }
      assertSucceeded(plan, result)
    }
  } catch (error) {
    result = { ...result, failure: asFailure(error) }
  } finally {
    stop?.end()
    connections?.close()
  }
  const told = { ...result, requests: connections?.requests() ?? 0 }
  await publish(actions, told)
  if (comments) await comment(actions, told, comments)
}

const nothingYet: Result = {
  mode: 'plan',
  showValues: false,
  plan: undefined,
  outcomes: null,
  failure: undefined,
  requests: 0,
  planPath: ''
}

function isWithoutSecrets(actions: Actions, { source, target }: Tokens): boolean {
  return source.value === '' && target.value === '' && withoutSecrets(actions.event())
}

/** @param others what is wrong with the inputs besides */
async function readSpec(
  actions: Actions,
  options: RunOptions,
  secrets: ReadSecrets,
  others: readonly Problem[]
): Promise<PromotionSpec> {
  const file = await readConfigFile(options.config)
  const { spec, problems } = parseSpec(readSpecInputs(actions), {
    defaultBranch: defaultBranch(actions.event()),
    config: file.located,
    secrets: givenIn(secrets.values)
  })
  // With a file that can't be read, what else is missing is no news.
  const ofSpec = file.problems.length > 0 ? file.problems : problems
  const all = [...secrets.problems, ...ofSpec, ...others]
  if (all.length > 0)
    throw failureOf('invalid-input', `${String(all.length)} things are wrong with the inputs.`, all)
  return spec
}

// YAML and the schema are only loaded where there is a file to read.
async function readConfigFile(file: string): Promise<ConfigResult> {
  if (file === '') return { located: undefined, problems: [] }
  const { readConfig } = await import('./config/read-config.ts')
  return readConfig(file)
}

async function writePlan(
  plan: Plan,
  { planFile: file, showValues }: Pick<RunOptions, 'planFile' | 'showValues'>
): Promise<string> {
  if (file === '') return ''
  try {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true })
    await writeFile(file, planFile(plan, showValues))
    return file
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new Failure(
      'invalid-input',
      `The plan could not be written to ${file}: ${why}`,
      'Change the input plan-file.'
    )
  }
}

/** Throws, after everything is planned and applied, what makes the run a failure. */
function assertSucceeded(plan: Plan, { mode, outcomes }: Result): void {
  if (plan.problems.length > 0) {
    throw failureOf(
      'plan-problems',
      `The plan has ${String(plan.problems.length)} problems.`,
      plan.problems
    )
  }
  if (mode === 'check' && hasChanges(plan)) {
    throw new Failure(
      'differs',
      'The target differs from what the source and the inputs say.',
      'See the plan.'
    )
  }
  const errors = (outcomes ?? []).flatMap(({ error }) => (error ? [error] : []))
  if (errors.length === 0) return
  throw failureOf(
    applyReason(outcomes ?? []),
    `${String(errors.length)} changes were not applied.`,
    errors
  )
}

/** Why a promotion is incomplete: that it was cancelled, then what is in doubt, then what says more than "failed". */
function applyReason(outcomes: readonly Outcome[]): FailureReason {
  const reasons = outcomes.flatMap(({ error }) => (error ? [error.reason] : []))
  if (reasons.includes('cancelled')) return 'cancelled'
  if (outcomes.some(({ status }) => status === 'unclear')) return 'unclear'
  const isUntouched = outcomes.every(
    ({ status }) => status === 'failed' || status === 'not-attempted'
  )
  const telling: readonly FailureReason[] = [
    'deadline',
    'rate-limited',
    ...(isUntouched ? (['unauthorized'] as const) : [])
  ]
  return telling.find((reason) => reasons.includes(reason)) ?? 'apply-failed'
}
