// The story of a run: inputs, spec, snapshots, plan, apply, report. The one place that knows the mode, and the one
// that catches.
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { applyPlan } from './apply/apply.ts'
import { connectBoth, type Connections } from './dbt/connect.ts'
import { recheckTarget } from './apply/recheck.ts'
import { readSnapshot } from './dbt/snapshot.ts'
import { asFailure, Failure, failureOf } from './failure.ts'
import type { Actions } from './github/actions.ts'
import { defaultBranch, isProposal, withoutSecrets } from './github/event.ts'
import { progress } from './github/progress.ts'
import { publish } from './github/publish.ts'
import {
  readRunOptions,
  readSpecInputs,
  readTokens,
  tokenProblems,
  type RunOptions,
  type Tokens
} from './inputs.ts'
import { parseSpec } from './promotion/parse-spec.ts'
import { hasChanges, planPromotion, type Plan } from './promotion/plan.ts'
import { needsOf, nothingElse } from './promotion/snapshot.ts'
import type { PromotionSpec } from './promotion/spec.ts'
import { planFile } from './report/plan-file.ts'
import type { Result } from './report/result.ts'

/** Runs the action. It always resolves; the runner is told how it ended. */
export async function run(actions: Actions): Promise<void> {
  let result: Result = {
    mode: 'plan',
    plan: undefined,
    outcomes: null,
    failure: undefined,
    requests: 0,
    planPath: ''
  }
  let connections: Connections | undefined
  try {
    const tokens = readTokens(actions)
    if (
      tokens.source.value === '' &&
      tokens.target.value === '' &&
      withoutSecrets(actions.event())
    ) {
      actions.notice(
        'GitHub gives no secrets to pull requests from forks and by Dependabot: nothing is planned here.'
      )
    } else {
      const { spec, options } = readRequest(actions, tokens)
      connections = connectBoth(spec, tokens, options)
      const [source, target] = await Promise.all([
        readSnapshot(connections.source, spec.source, nothingElse),
        readSnapshot(connections.target, spec.target, needsOf(spec))
      ])
      const plan = planPromotion(spec, source, target)
      result = { ...result, mode: options.mode, plan }
      result = { ...result, planPath: await writePlan(plan, options.planFile) }
      if (options.mode === 'apply' && plan.problems.length === 0) {
        const outcomes = hasChanges(plan)
          ? await applyPlan(
              plan,
              await recheckTarget(spec, plan, source, target, connections.target),
              connections.target,
              {
                parallelism: options.parallelism,
                onProgress: progress('writes done', actions.info)
              }
            )
          : []
        result = { ...result, outcomes }
      }
      assertSucceeded(plan, result)
    }
  } catch (error) {
    result = { ...result, failure: asFailure(error) }
  } finally {
    connections?.close()
  }
  await publish(actions, { ...result, requests: connections?.requests() ?? 0 })
}

function readRequest(
  actions: Actions,
  tokens: Tokens
): { spec: PromotionSpec; options: RunOptions } {
  const event = actions.event()
  const { spec, problems } = parseSpec(readSpecInputs(actions), {
    defaultBranch: defaultBranch(event)
  })
  const run = readRunOptions(actions, isProposal(event))
  const all = [...tokenProblems(tokens), ...problems, ...run.problems]
  if (all.length > 0)
    throw failureOf('invalid-input', `${String(all.length)} things are wrong with the inputs.`, all)
  return { spec, options: run.options }
}

async function writePlan(plan: Plan, file: string): Promise<string> {
  if (file === '') return ''
  try {
    await mkdir(path.dirname(path.resolve(file)), { recursive: true })
    await writeFile(file, planFile(plan))
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
  const isUnclear = outcomes?.some(({ status }) => status === 'unclear') === true
  const told = errors.find(({ reason }) =>
    ['deadline', 'rate-limited', 'cancelled'].includes(reason)
  )
  const reason = isUnclear ? 'unclear' : (told?.reason ?? 'apply-failed')
  throw failureOf(reason, `${String(errors.length)} changes were not applied.`, errors)
}
