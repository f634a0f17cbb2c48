// Reads a workflow with GitHub's own parser and schema, and keeps what this runner can run. What it cannot
// run is refused: a test must not pass because half of a workflow was overlooked.
import {
  convertWorkflowTemplate,
  isMapping,
  isSequence,
  NoOperationTraceWriter,
  parseWorkflow
} from '@actions/workflow-parser'
import type { Job, Step } from '@actions/workflow-parser/model/workflow-template'
import type { MappingToken } from '@actions/workflow-parser/templates/tokens/mapping-token'
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token'
import { readFile } from 'node:fs/promises'

export interface WorkflowFile {
  readonly name: string
  readonly env: TemplateToken | undefined
  /** The defaults of the inputs of workflow_dispatch. */
  readonly inputs: Readonly<Record<string, string | number | boolean>>
  readonly jobs: readonly JobFile[]
}

export interface JobFile {
  readonly id: string
  readonly needs: readonly string[]
  /** An expression that always calls a status function. */
  readonly if: string
  readonly env: TemplateToken | undefined
  readonly outputs: TemplateToken | undefined
  readonly steps: readonly StepFile[]
}

export interface StepFile {
  readonly id: string
  readonly name: TemplateToken | undefined
  readonly if: string
  readonly continueOnError: TemplateToken | undefined
  readonly env: TemplateToken | undefined
  readonly run: TemplateToken | undefined
  readonly uses: string | undefined
  readonly with: TemplateToken | undefined
  readonly shell: string | undefined
  readonly workingDirectory: TemplateToken | undefined
}

// Keys with a meaning here, and keys without one: there is one machine, one token and no queue.
const workflowKeys = ['name', 'run-name', 'on', 'env', 'jobs', 'permissions', 'concurrency']
const jobKeys = ['name', 'needs', 'if', 'env', 'outputs', 'steps']
const idleJobKeys = ['runs-on', 'permissions', 'environment', 'concurrency', 'timeout-minutes']
const stepKeys = ['id', 'name', 'if', 'continue-on-error', 'env', 'run', 'uses', 'with', 'shell']
const moreStepKeys = ['working-directory', 'timeout-minutes']

/** Reads and validates a workflow file. Throws with every finding of GitHub's schema. */
export async function readWorkflow(file: string): Promise<WorkflowFile> {
  const source = { name: file, content: await readFile(file, 'utf8') }
  const { context, value } = parseWorkflow(source, new NoOperationTraceWriter())
  context.errors.check()
  if (value === undefined) throw new Error(`${file} is empty`)
  const template = await convertWorkflowTemplate(context, value)
  context.errors.check()

  const root = value.assertMapping('workflow')
  refuseOthers(root, workflowKeys, 'workflow')
  const jobs = mapping(root, 'jobs')
  const dispatch = template.events.workflow_dispatch?.inputs ?? {}
  return {
    name: root.find('name')?.assertScalar('name').toString() ?? file,
    env: root.find('env'),
    inputs: Object.fromEntries(
      Object.entries(dispatch).flatMap(([name, input]) =>
        input.default === undefined ? [] : [[name, input.default]]
      )
    ),
    jobs: template.jobs.map((job) => {
      if (job.type !== 'job')
        throw new Error(`Job ${job.id.value}: a reusable workflow is not supported`)
      return readJob(job, mapping(jobs, job.id.value))
    })
  }
}

function readJob(job: Job, token: MappingToken): JobFile {
  const where = `job ${job.id.value}`
  refuseOthers(token, [...jobKeys, ...idleJobKeys], where)
  const steps = token.find('steps')
  return {
    id: job.id.value,
    needs: (job.needs ?? []).map((need) => need.value),
    if: job.if.expression,
    env: job.env,
    outputs: job.outputs,
    steps: job.steps.map((step, index) => {
      if (steps === undefined || !isSequence(steps)) throw new Error(`${where}: no steps`)
      return readStep(step, steps.get(index).assertMapping('step'), `${where}, step ${index + 1}`)
    })
  }
}

// The converted step lacks `with` and `shell`, so the token of the file is read beside it.
function readStep(step: Step, token: MappingToken, where: string): StepFile {
  refuseOthers(token, [...stepKeys, ...moreStepKeys], where)
  return {
    id: step.id,
    name: token.find('name'),
    if: step.if?.expression ?? 'success()',
    continueOnError: token.find('continue-on-error'),
    env: token.find('env'),
    run: token.find('run'),
    uses: token.find('uses')?.assertString('uses').value,
    with: token.find('with'),
    shell: token.find('shell')?.assertString('shell').value,
    workingDirectory: token.find('working-directory')
  }
}

function mapping(token: MappingToken, key: string): MappingToken {
  const value = token.find(key)
  if (value === undefined || !isMapping(value)) throw new Error(`${key} is not a mapping`)
  return value
}

function refuseOthers(token: MappingToken, known: readonly string[], where: string): void {
  for (const { key } of token) {
    const name = key.toString()
    if (!known.includes(name))
      throw new Error(`${where}: '${name}' is not supported by this runner`)
  }
}
