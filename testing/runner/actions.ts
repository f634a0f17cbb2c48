// A runner that only takes notes: what the action asked of it, in the order in which it did.
import type { Actions, Event } from '../../src/github/actions.ts'
import type { Place } from '../../src/model/remark.ts'
import type { Workflow } from '../../src/github/workflow.ts'
import { withDefaults } from './action-file.ts'

/** One thing that the action asked of the runner, besides reading. */
export type Note =
  | { readonly kind: 'mask'; readonly text: string }
  | { readonly kind: 'info' | 'debug' | 'notice' | 'warning' | 'summary'; readonly text: string }
  | { readonly kind: 'error' | 'fail'; readonly text: string; readonly place?: Place }
  | { readonly kind: 'group'; readonly title: string; readonly lines: readonly string[] }
  | { readonly kind: 'output'; readonly name: string; readonly value: string }
  | { readonly kind: 'succeed' }

/** The runner, and its notes. */
export interface Recorder {
  readonly actions: Actions
  readonly notes: readonly Note[]
  /** Cancels the workflow, as the runner does it. */
  readonly cancel: () => void
}

/** A push to the main branch of a repository. */
export const pushEvent: Event = {
  name: 'push',
  actor: 'octocat',
  payload: {
    ref: 'refs/heads/main',
    repository: { full_name: 'acme/analytics', default_branch: 'main' }
  }
}

/** A run of a workflow that knows no GitHub to ask. */
export const here: Workflow = {
  owner: 'acme',
  repository: 'analytics',
  sha: 'f'.repeat(40),
  ref: 'refs/heads/main',
  branch: 'main',
  run: '77/1',
  runUrl: 'https://github.example/acme/analytics/actions/runs/77',
  apiUrl: 'http://127.0.0.1:9'
}

/** A runner with inputs as the workflow gives them; defaults of action.yml come by themselves. */
export function recordActions(
  inputs: Readonly<Record<string, string>>,
  event: Event = pushEvent,
  workflow: Workflow = here,
  env: Readonly<Record<string, string>> = {}
): Recorder {
  const given = withDefaults(inputs)
  const notes: Note[] = []
  const cancels: (() => void)[] = []
  const note = (kind: 'info' | 'debug' | 'notice' | 'warning' | 'mask') => (text: string) => {
    notes.push({ kind, text })
  }
  return {
    notes,
    cancel: () => {
      for (const cancel of cancels) cancel()
    },
    actions: {
      onCancel: (callback) => {
        cancels.push(callback)
      },
      input: (name) => (given[name] ?? '').trim(),
      rawInput: (name) => given[name] ?? '',
      env: (name) => env[name] ?? '',
      event: () => event,
      workflow: () => workflow,
      mask: note('mask'),
      info: note('info'),
      debug: note('debug'),
      notice: note('notice'),
      warning: note('warning'),
      error: (text, place) => {
        notes.push({ kind: 'error', text, place })
      },
      fail: (text, place) => {
        notes.push({ kind: 'fail', text, ...(place ? { place } : {}) })
      },
      group: (title, lines) => {
        notes.push({ kind: 'group', title, lines })
      },
      setOutput: (name, value) => {
        notes.push({ kind: 'output', name, value })
      },
      writeSummary: (markdown) => {
        notes.push({ kind: 'summary', text: markdown })
        return Promise.resolve()
      },
      succeed: () => {
        notes.push({ kind: 'succeed' })
      }
    }
  }
}
