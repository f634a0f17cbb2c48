// What the event that started the workflow says to a promotion.
import { isObject, type Json } from '../model/json.ts'
import type { Event } from './actions.ts'

/** The default branch of the repository, where the run tells it. @param ref what the run is for */
export function defaultBranch({ name, payload }: Event, ref: string): string | undefined {
  const branch = at(payload, 'repository', 'default_branch')
  if (typeof branch === 'string' && branch !== '') return branch
  // A schedule runs on the default branch alone, and its payload tells nothing of it (github/codeql-action#1211).
  return name === 'schedule' ? /^refs\/heads\/(.+)$/s.exec(ref)?.[1] : undefined
}

/** Whether the event is the merge of a pull request: that it is closed. */
export function isMerge({ name, payload }: Event): boolean {
  return (
    (name === 'pull_request' || name === 'pull_request_target') &&
    payload['action'] === 'closed' &&
    at(payload, 'pull_request', 'merged') === true
  )
}

/** Whether GitHub withholds secrets from this run: a pull request from a fork, or by Dependabot. */
export function withoutSecrets(event: Event): boolean {
  if (!event.name.startsWith('pull_request')) return false
  const head = at(event.payload, 'pull_request', 'head', 'repo', 'full_name')
  const base = at(event.payload, 'pull_request', 'base', 'repo', 'full_name')
  return event.actor === 'dependabot[bot]' || (typeof base === 'string' && head !== base)
}

function at(value: Json | undefined, ...path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>(
    (inner, key) => (isObject(inner) ? inner[key] : undefined),
    value
  )
}
