// An exact name wins over the same text read as a wildcard: in selections, and in the rules beside them.
import { expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import {} from '../../sandbox/index.ts'
import { objectChanges } from '../../testing/changes.ts'
import { World } from '../../testing/promote.ts'
import { specOfText } from '../../testing/spec.ts'
import { platform } from '../../testing/world.ts'

async function threads(
  names: readonly string[],
  rule: string
): Promise<Readonly<Record<string, unknown>>> {
  const jobs = names.map((name) => ({ name, settings: { threads: 1, target_name: 'a' } }))
  const state = platform({
    id: 28_885,
    tokens: { dbtc_test: undefined },
    projects: [{ id: 1, environments: [{ name: 'dev', jobs }] }, { id: 2 }]
  })
  const plan = await new World(state, 'dbtc_test').plan(
    specOfText(
      `source: { project: 1 }\ntarget: { project: 2 }\nenvironments: [dev]\n` +
        `jobs:\n  rules:\n    - { match: '${rule}', name: '{name} too', set: { settings.threads: 9 } }\n`
    )
  )
  expect(byLevel(plan.remarks).problems).toEqual([])
  return Object.fromEntries(
    objectChanges(plan).flatMap((change) =>
      change.op === 'create' && change.kind === 'job'
        ? [[change.name, change.values['settings.threads']]]
        : []
    )
  )
}

it.each([
  [['Wild * 1', 'Wild and 1'], 'Wild * 1', { 'Wild * 1 too': 9, 'Wild and 1': 1 }],
  [['  Wild * 1', 'Wild and 1'], 'Wild * 1', { '  Wild * 1 too': 9, 'Wild and 1': 1 }],
  [['Wild or 1', 'Wild and 1'], 'Wild * 1', { 'Wild or 1 too': 9, 'Wild and 1 too': 9 }],
  [['*', 'Wild and 1'], '*', { '* too': 9, 'Wild and 1 too': 9 }]
])('%j by %s', async (names, rule, expected) => {
  const held = await threads(names, rule)
  const trimmed = (all: Readonly<Record<string, unknown>>): unknown =>
    Object.fromEntries(Object.entries(all).map(([name, value]) => [name.trim(), value]))
  expect(trimmed(held)).toEqual(trimmed(expected))
})
