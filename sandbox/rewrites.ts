// Rewrites: fields that an account stores otherwise than they are sent. Of the live platform, some are known: versions are
// renamed, features dropped without a word (Terraform's provider, job.go; release notes of 2026-07-22). The others are
// what a platform may do as well, field by field, for tests that must not depend on a list of fields.

import { between, type Check } from './check.ts'
import { isObject, valueAt, withValue, type Json, type JsonObject } from './json.ts'
import type { Account, Environment, Job, State } from './state.ts'
import { find, put } from './table.ts'

/** What becomes of a value. */
export type Rewriting =
  | { readonly max: number }
  | { readonly min: number }
  /** Blanks at the ends go: of a text, or of each text in a list. */
  | { readonly trim: true }
  /** Always this value. */
  | { readonly value: Json }
  /** A list loses these items. */
  | { readonly without: readonly Json[] }
  /** One text for another. */
  | { readonly instead: Readonly<Record<string, string>> }

/** A field, by dotted path, that is stored otherwise. */
export interface Rewrite {
  readonly kind: 'job' | 'environment'
  readonly field: string
  readonly to: Rewriting
}

/** Rewrites by name, each of one thing that a platform may do. */
export const REWRITES: Readonly<Record<string, readonly Rewrite[]>> = {
  threads: [{ kind: 'job', field: 'settings.threads', to: { max: 2 } }],
  timeout: [{ kind: 'job', field: 'execution.timeout_seconds', to: { max: 3600 } }],
  steps: [{ kind: 'job', field: 'execute_steps', to: { trim: true } }],
  cron: [
    { kind: 'job', field: 'schedule.cron', to: { trim: true } },
    { kind: 'job', field: 'schedule.date.cron', to: { trim: true } }
  ],
  description: [{ kind: 'job', field: 'description', to: { trim: true } }],
  name: [{ kind: 'job', field: 'name', to: { trim: true } }],
  target: [{ kind: 'job', field: 'settings.target_name', to: { trim: true } }],
  version: [{ kind: 'job', field: 'dbt_version', to: { instead: { compatible: 'latest' } } }],
  features: [
    {
      kind: 'job',
      field: 'cost_optimization_features',
      to: { without: ['state_aware_orchestration', 'efficient_testing', 'dbt_state'] }
    }
  ],
  docs: [{ kind: 'job', field: 'generate_docs', to: { value: false } }],
  lint: [{ kind: 'job', field: 'run_lint', to: { value: false } }],
  compare: [{ kind: 'job', field: 'run_compare_changes', to: { value: false } }],
  'environment-name': [{ kind: 'environment', field: 'name', to: { trim: true } }],
  'environment-branch': [{ kind: 'environment', field: 'custom_branch', to: { trim: true } }],
  'environment-version': [
    { kind: 'environment', field: 'dbt_version', to: { instead: { compatible: 'latest' } } }
  ],
  'environment-docs': [{ kind: 'environment', field: 'supports_docs', to: { value: false } }],
  'environment-state': [{ kind: 'environment', field: 'enable_dbt_state', to: { value: false } }],
  'environment-history': [
    { kind: 'environment', field: 'enable_model_query_history', to: { value: false } }
  ]
}

function texts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value)
  if (!Array.isArray(value)) return value
  return (value as readonly Json[]).map((item) => (typeof item === 'string' ? change(item) : item))
}

function rewritten(value: Json, to: Rewriting): Json {
  if ('value' in to) return to.value
  if ('trim' in to) return texts(value, (text) => text.trim())
  if ('instead' in to) return texts(value, (text) => to.instead[text] ?? text)
  if ('without' in to)
    return Array.isArray(value) ? value.filter((item) => !to.without.includes(item as Json)) : value
  if (typeof value !== 'number') return value
  return 'max' in to ? Math.min(value, to.max) : Math.max(value, to.min)
}

/** The row as this account stores it. A field that the row does not have stays away. */
export function asStored<T extends Job | Environment>(
  account: Account,
  kind: Rewrite['kind'],
  row: T
): T {
  const mine = account.features.rewrites.filter((rewrite) => rewrite.kind === kind)
  return mine.reduce((current, { field, to }) => {
    const path = field.split('.')
    const value = valueAt(current as unknown as JsonObject, path)
    if (value === undefined) return current
    const next = withValue(current as unknown as JsonObject, path, rewritten(value, to))
    return next as unknown as T
  }, row)
}

/**
 * What the answer to a write shows: what is stored, or what was sent. `updated_at` is that of the write either way, so
 * that a later look with the same moment tells the platform's hand from a person's.
 */
export function asAnswered<T extends Job | Environment>(account: Account, sent: T, stored: T): T {
  return account.features.writeAnswers === 'as-sent' ? sent : stored
}

/** The state with more rewrites in an account: by name, or spelt out. */
export function withRewrites(
  state: State,
  accountId: number,
  rewrites: readonly (string | Rewrite)[]
): State {
  const account = find(state.accounts, accountId)
  if (account === undefined) throw new Error(`There is no account ${accountId}.`)
  const added = rewrites.flatMap((rewrite) => {
    if (typeof rewrite !== 'string') return [rewrite]
    const named = Object.hasOwn(REWRITES, rewrite) ? REWRITES[rewrite] : undefined
    if (named !== undefined) return named
    throw new Error(`There is no rewrite '${rewrite}', but ${Object.keys(REWRITES).join(', ')}.`)
  })
  const features = { ...account.features, rewrites: [...account.features.rewrites, ...added] }
  return { ...state, accounts: put(state.accounts, { ...account, features }) }
}

const NUMBER = between(Number.MIN_SAFE_INTEGER)
const wrong = (isRight: boolean): string | undefined => (isRight ? undefined : 'is of a wrong type')

const HOW: Readonly<Record<string, Check>> = {
  max: NUMBER,
  min: NUMBER,
  trim: (value) => wrong(value === true),
  value: () => undefined,
  without: (value) => wrong(Array.isArray(value)),
  instead: (value) =>
    wrong(isObject(value) && Object.values(value).every((text) => typeof text === 'string'))
}

/**
 * Reads a rewrite that came as JSON: a name, or one that is spelt out.
 * @throws when it is neither; the message says why
 */
export function parseRewrite(value: Json): string | Rewrite {
  if (typeof value === 'string') return value
  if (!isObject(value)) throw new Error('A rewrite is a name or a JSON object.')
  const unknown = Object.keys(value).find((key) => !['kind', 'field', 'to'].includes(key))
  if (unknown !== undefined) throw new Error(`A rewrite has no key '${unknown}'.`)
  const { kind, field, to } = value
  if (kind !== 'job' && kind !== 'environment') throw new Error(`'kind' is job or environment.`)
  if (typeof field !== 'string' || field === '') throw new Error(`'field' is a dotted path.`)
  const [how, ...rest] = isObject(to) ? Object.keys(to) : []
  const check = how !== undefined && Object.hasOwn(HOW, how) ? HOW[how] : undefined
  if (check === undefined || rest.length > 0 || !isObject(to))
    throw new Error(`'to' has one of ${Object.keys(HOW).join(', ')}.`)
  if (check(to[how ?? ''] ?? null) !== undefined) throw new Error(`'${how ?? ''}' is wrong.`)
  return { kind, field, to: to as unknown as Rewriting }
}
