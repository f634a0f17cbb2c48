// What a run knows so far. It is reported at the end, however that comes.
import type { Actions } from './github/actions.ts'
import type { RunComment } from './github/run-comment.ts'
import type { Result } from './report/result.ts'

/** One run of the action. */
export class Run {
  readonly actions: Actions
  /** What no report may show. */
  secrets: readonly string[] = []
  /** The comment on the pull request, where there is a token for it. */
  comment: RunComment | undefined
  /** How many requests were sent to the dbt API. */
  requests: () => number = () => 0
  #result: Result = {
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
  readonly #closes: (() => void)[] = []

  constructor(actions: Actions) {
    this.actions = actions
  }

  /** All that is known. */
  get result(): Result {
    return { ...this.#result, requests: this.requests() }
  }

  /** Notes what became known. */
  know(more: Partial<Result>): void {
    this.#result = { ...this.#result, ...more }
  }

  /** Closes something when the run ends. */
  atEnd(close: () => void): void {
    this.#closes.push(close)
  }

  close(): void {
    for (const close of this.#closes) close()
  }
}
