// What the event that started the workflow says to a promotion.
import { isObject, type Json } from '../promotion/json.ts'
import type { Event } from './actions.ts'

/** Whether the event only proposes a change: then the default is to plan, and not to apply. */
export function isProposal({ name }: Event): boolean {
  return ['pull_request', 'pull_request_target', 'pull_request_review', 'merge_group'].includes(
    name
  )
}

/** The default branch of the repository, where the event tells it. */
export function defaultBranch({ payload }: Event): string | undefined {
  const branch = at(payload, 'repository', 'default_branch')
  return typeof branch === 'string' && branch !== '' ? branch : undefined
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
