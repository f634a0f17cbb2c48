// New jobs that others refer to come first, so that most references are there in the first write.
import { describe, expect, it } from '@jest/globals'
import { parentsFirst } from '../../src/apply/order.ts'
import type { Create } from '../../src/model/change.ts'
import type { Key } from '../../src/model/keys.ts'

function job(name: string, ...parents: readonly string[]): Create {
  const [parent, environment] = parents.map((each) => ({ key: `job:prod/${each}` as const }))
  return {
    op: 'create',
    kind: 'job',
    key: `job:prod/${name}`,
    name,
    environment: 'prod',
    source: { id: 1, name },
    values: {},
    refs: {
      deferring_job_definition_id: parent ?? null,
      job_completion_trigger_condition: environment ? { ...environment, statuses: [10] } : null
    },
    link: [
      ...(parent ? ['deferring_job_definition_id'] : []),
      ...(environment ? ['job_completion_trigger_condition'] : [])
    ],
    managed: []
  }
}

const names = (keys: readonly { readonly key: Key }[]): string =>
  keys.map(({ key }) => key.slice('job:prod/'.length)).join(' ')

describe('the order of new jobs', () => {
  it.each<[string, readonly Create[], string]>([
    ['without references stays', [job('b'), job('a')], 'b a'],
    ['puts a parent first', [job('child', 'parent'), job('parent')], 'parent child'],
    ['follows a chain', [job('c', 'b'), job('b', 'a'), job('a')], 'a b c'],
    ['waits for both parents', [job('c', 'a', 'b'), job('a'), job('b', 'a')], 'a b c'],
    ['knows what is there already', [job('a', 'elsewhere'), job('b')], 'a b'],
    [
      'leaves a cycle, and what hangs on it, for last',
      [job('x', 'y'), job('y', 'x'), job('z', 'y'), job('a')],
      'a x y z'
    ],
    ['leaves what refers to itself for last', [job('me', 'me'), job('a')], 'a me']
  ])('%s', (_what, jobs, expected) => {
    expect(names(parentsFirst(jobs))).toBe(expected)
  })

  it('takes a chain of 10,000 in its stride', () => {
    const chain = Array.from({ length: 10_000 }, (_, n) => job(String(n), String(n + 1)))
    expect(names(parentsFirst([...chain, job('10000')]).slice(0, 2))).toBe('10000 9999')
  })
})
