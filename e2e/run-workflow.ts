// Runs a real workflow file on this machine, without docker and without GitHub.
//
// The file is parsed by GitHub's own parser, held against GitHub's own schema, and its expressions are
// evaluated by GitHub's own evaluator; what is left to do here is what actions/runner does between them:
// the environment of a step, the commands that it gives, masking, conditions, outputs. It runs bash steps
// and local node24 actions, and refuses what it does not know.
//
// The GitHub packages import JSON without an attribute, which plain Node refuses: run this under tsx or jest.
import { holds, texts } from './runner/expressions.ts'
import { runJob } from './runner/job.ts'
import { createMachine } from './runner/machine.ts'
import { Masks } from './runner/masks.ts'
import type {
  JobResult,
  Status,
  StepResult,
  WorkflowOptions,
  WorkflowResult
} from './runner/types.ts'
import { type JobFile, readWorkflow } from './runner/workflow-file.ts'

export type {
  Annotation,
  JobResult,
  Status,
  StepResult,
  WorkflowOptions,
  WorkflowResult
} from './runner/types.ts'

/** Runs all jobs of a workflow, one at a time and in the order of their needs. */
export async function runWorkflow(options: WorkflowOptions): Promise<WorkflowResult> {
  const workflow = await readWorkflow(options.file)
  const machine = createMachine(options, workflow.name)
  try {
    const masks = new Masks()
    const secrets = { GITHUB_TOKEN: String(machine.github['token']), ...options.secrets }
    Object.values(secrets).forEach((secret) => {
      masks.add(secret)
    })
    const contexts = {
      github: machine.github,
      vars: options.vars,
      secrets,
      inputs: { ...workflow.inputs, ...options.inputs }
    }
    const env = texts(workflow.env, { contexts, status: 'success' })

    const done = new Map<string, JobResult>()
    for (const job of inOrder(workflow.jobs)) {
      const needed = job.needs.flatMap((id) => done.get(id) ?? [])
      const earlier = ancestors(job, workflow.jobs).flatMap((id) => done.get(id) ?? [])
      const needs = Object.fromEntries(
        needed.map(({ id, status, outputs }) => [id, { result: status, outputs }])
      )
      const scope = { contexts: { ...contexts, needs }, status: worst(earlier, options.signal) }
      done.set(
        job.id,
        holds(job.if, scope)
          ? await runJob({
              job,
              contexts: scope.contexts,
              env,
              machine,
              masks,
              signal: options.signal
            })
          : { id: job.id, status: 'skipped', outputs: {}, steps: [], annotations: [] }
      )
    }

    const jobs = [...done.values()]
    const ran = jobs.filter(({ status }) => status !== 'skipped')
    return { status: worst(ran, options.signal), jobs: Object.fromEntries(done) }
  } finally {
    machine.remove()
  }
}

/** A step of a job by its id. */
export function stepOf(result: WorkflowResult, job: string, id: string): StepResult {
  const step = result.jobs[job]?.steps.find((candidate) => candidate.id === id)
  if (step === undefined) throw new Error(`The workflow has no step ${id} in a job ${job}`)
  return step
}

/** A run as text: what one would read on the web page. */
export function transcript(result: WorkflowResult): string {
  return Object.values(result.jobs)
    .flatMap((job) => [
      `=== ${job.id}: ${job.status}`,
      ...job.steps.flatMap((step) => [`--- ${step.name}: ${step.outcome}`, ...step.log])
    ])
    .join('\n')
}

/** The jobs so that each comes after those that it needs. The parser has refused circles. */
function inOrder(jobs: readonly JobFile[]): JobFile[] {
  const ordered: JobFile[] = []
  while (ordered.length < jobs.length) {
    const ready = jobs.filter(
      (job) =>
        !ordered.includes(job) && job.needs.every((id) => ordered.some((other) => other.id === id))
    )
    if (ready.length === 0) throw new Error('The jobs need each other in a circle')
    ordered.push(...ready)
  }
  return ordered
}

/** The jobs that a job needs, and those that they need: success() and failure() ask about all of them. */
function ancestors(job: JobFile, jobs: readonly JobFile[]): string[] {
  const found = new Set<string>()
  const visit = (id: string): void => {
    found.add(id)
    jobs.find((other) => other.id === id)?.needs.forEach(visit)
  }
  job.needs.forEach(visit)
  return [...found]
}

/** What jobs amount to together. */
function worst(jobs: readonly JobResult[], signal: AbortSignal | undefined): Status {
  if (signal?.aborted === true) return 'cancelled'
  const has = (status: Status): boolean => jobs.some((job) => job.status === status)
  return has('failure')
    ? 'failure'
    : has('cancelled')
      ? 'cancelled'
      : has('skipped')
        ? 'skipped'
        : 'success'
}
