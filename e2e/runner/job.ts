// Runs the steps of one job, one after another.
import { holds, type Scope, text, texts } from './expressions.ts'
import type { Machine } from './machine.ts'
import type { Masks } from './masks.ts'
import { runStep } from './step.ts'
import type { Annotation, JobResult, Status, StepResult } from './types.ts'
import type { JobFile, StepFile } from './workflow-file.ts'

export interface JobRun {
  readonly job: JobFile
  /** `github`, `vars`, `secrets`, `inputs`, `needs`, and `env` of the workflow. */
  readonly contexts: Readonly<Record<string, unknown>>
  readonly env: Readonly<Record<string, string>>
  readonly machine: Machine
  readonly masks: Masks
  readonly signal: AbortSignal | undefined
}

/** Runs a job whose condition holds. */
export async function runJob(run: JobRun): Promise<JobResult> {
  const { job, machine, masks, signal } = run
  const github = { ...machine.github, job: job.id }
  const base = { ...run.contexts, github, runner: machine.runner, env: run.env }
  const steps: StepResult[] = []
  let status: Status = 'success'
  let env = { ...run.env, ...texts(job.env, { contexts: base, status }) }
  let paths: readonly string[] = []

  const scope = (more: Readonly<Record<string, string>> = {}): Scope => ({
    status,
    contexts: {
      ...base,
      env: { ...env, ...more },
      job: { status },
      steps: Object.fromEntries(
        steps.map(({ id, outputs, outcome, conclusion }) => [id, { outputs, outcome, conclusion }])
      )
    }
  })

  for (const step of job.steps) {
    if (signal?.aborted === true) status = 'cancelled'
    // A step whose condition still holds after a cancellation runs to its end.
    const already = signal?.aborted === true
    const begun = begin(step, scope)
    if ('failure' in begun || !begun.holds) {
      const message = 'failure' in begun ? masks.apply(begun.failure) : undefined
      steps.push(notRun(step, message))
      if (message !== undefined && status === 'success') status = 'failure'
      continue
    }

    const effects = await runStep({
      step,
      scope: scope(begun.env),
      env: { ...env, ...begun.env },
      paths,
      github: { ...github, action: step.id },
      machine,
      masks,
      signal: already ? undefined : signal
    })
    const outcome = effects.ok
      ? 'success'
      : signal?.aborted === true && !already
        ? 'cancelled'
        : 'failure'
    const forgiven =
      outcome === 'failure' && text(step.continueOnError, scope(begun.env)) === 'true'
    const conclusion = forgiven ? 'success' : outcome
    const { outputs, log, annotations, summary } = effects
    const name = masks.apply(begun.name)
    steps.push({ id: step.id, name, outcome, conclusion, outputs, log, annotations, summary })
    env = { ...env, ...effects.env }
    paths = [...effects.paths, ...paths]
    if (conclusion !== 'success' && status === 'success') status = conclusion
  }
  if (signal?.aborted === true) status = 'cancelled'

  const { outputs, annotations } = jobOutputs(job, scope(), masks)
  return { id: job.id, status, outputs, steps, annotations }
}

type Begun =
  | { readonly holds: boolean; readonly name: string; readonly env: Record<string, string> }
  | { readonly failure: string }

/** Evaluates what a step needs before it starts. */
function begin(step: StepFile, scope: (more?: Record<string, string>) => Scope): Begun {
  try {
    const env = texts(step.env, scope())
    const inner = scope(env)
    return { holds: holds(step.if, inner), name: stepName(step, inner), env }
  } catch (error) {
    return { failure: error instanceof Error ? error.message : String(error) }
  }
}

function stepName(step: StepFile, scope: Scope): string {
  if (step.name !== undefined) return text(step.name, scope)
  const first = step.uses ?? text(step.run, scope).trimStart().split('\n')[0] ?? ''
  return `Run ${first}`
}

/** A step that was skipped, or that failed before it started. */
function notRun(step: StepFile, message: string | undefined): StepResult {
  const status = message === undefined ? 'skipped' : 'failure'
  return {
    id: step.id,
    name: step.name?.assertScalar('name').toString() ?? step.uses ?? step.id,
    outcome: status,
    conclusion: status,
    outputs: {},
    log: message === undefined ? [] : [`##[error]${message}`],
    annotations: message === undefined ? [] : [{ level: 'error', message, properties: {} }],
    summary: ''
  }
}

/** The outputs of a job. One that holds a secret does not leave the machine. */
function jobOutputs(
  job: JobFile,
  scope: Scope,
  masks: Masks
): Pick<JobResult, 'outputs' | 'annotations'> {
  const all = Object.entries(texts(job.outputs, scope))
  const secret = all.filter(([, value]) => masks.apply(value) !== value).map(([name]) => name)
  return {
    outputs: Object.fromEntries(all.filter(([name]) => !secret.includes(name))),
    annotations: secret.map((name): Annotation => ({
      level: 'warning',
      message: `Skip output '${name}' since it may contain secret.`,
      properties: {}
    }))
  }
}
