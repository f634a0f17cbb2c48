// What goes into a run of a workflow and what comes out.

/** How a step or a job ended. */
export type Status = 'success' | 'failure' | 'cancelled' | 'skipped'

export interface WorkflowOptions {
  /** The workflow file. */
  readonly file: string
  /** The checkout: working directory of every step, and where `uses: ./` looks for action.yml. */
  readonly workspace: string
  /** The environment of the machine. Nothing is inherited but PATH and HOME. */
  readonly env?: Readonly<Record<string, string>>
  readonly secrets?: Readonly<Record<string, string>>
  readonly vars?: Readonly<Record<string, string>>
  /** Inputs of a workflow_dispatch. */
  readonly inputs?: Readonly<Record<string, string | number | boolean>>
  /** Overrides of the `github` context, such as `event_name`, `ref` or `event`. */
  readonly github?: GitHubOverrides
  /** Cancels the run, as the button on the web page does. */
  readonly signal?: AbortSignal
}

export interface GitHubOverrides {
  readonly repository?: string
  readonly ref?: string
  readonly [key: string]: unknown
}

export interface WorkflowResult {
  readonly status: Status
  readonly jobs: Readonly<Record<string, JobResult>>
}

export interface JobResult {
  readonly id: string
  readonly status: Status
  readonly outputs: Readonly<Record<string, string>>
  readonly steps: readonly StepResult[]
  /** Said by the job itself, outside of its steps. */
  readonly annotations: readonly Annotation[]
}

export interface StepResult {
  readonly id: string
  readonly name: string
  /** How the step ended. */
  readonly outcome: Status
  /** The same after `continue-on-error`. */
  readonly conclusion: Status
  readonly outputs: Readonly<Record<string, string>>
  /** The log as a visitor sees it: secrets masked, commands carried out. */
  readonly log: readonly string[]
  readonly annotations: readonly Annotation[]
  /** Markdown of the job summary, masked. */
  readonly summary: string
}

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly message: string
  /** `title`, `file`, `line` and so on, as given. */
  readonly properties: Readonly<Record<string, string>>
}
