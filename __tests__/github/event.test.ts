import { describe, expect, it } from '@jest/globals'
import type { Event } from '../../src/github/actions.ts'
import { defaultBranch, withoutSecrets } from '../../src/github/event.ts'
import type { JsonObject } from '../../src/model/json.ts'

function event(name: string, payload: JsonObject = {}, actor = 'octocat'): Event {
  return { name, actor, payload }
}

function pullRequest(head: JsonObject | null, base: string | null = 'acme/analytics'): JsonObject {
  return { pull_request: { head: { repo: head }, base: { repo: { full_name: base } } } }
}

describe('defaultBranch', () => {
  it.each<[JsonObject, string | undefined]>([
    [{ repository: { default_branch: 'trunk' } }, 'trunk'],
    [{ repository: { default_branch: '' } }, undefined],
    [{ repository: { default_branch: 1 } }, undefined],
    [{ repository: null }, undefined],
    [{ repository: [] }, undefined],
    [{}, undefined]
  ])('in %j is %j', (payload, branch) => {
    expect(defaultBranch(event('push', payload), 'refs/heads/feature')).toBe(branch)
  })

  it('is what a schedule runs on, whose payload does not tell it', () => {
    const payload = { schedule: '17 4 * * *' }
    expect(defaultBranch(event('schedule', payload), 'refs/heads/trunk')).toBe('trunk')
    expect(defaultBranch(event('schedule', payload), '')).toBe(undefined)
  })
})

describe('withoutSecrets', () => {
  it.each<[string, Event, boolean]>([
    ['a fork', event('pull_request', pullRequest({ full_name: 'fork/analytics' })), true],
    ['a fork that is gone', event('pull_request', pullRequest(null)), true],
    [
      'the same repository',
      event('pull_request', pullRequest({ full_name: 'acme/analytics' })),
      false
    ],
    [
      'Dependabot',
      event('pull_request', pullRequest({ full_name: 'acme/analytics' }), 'dependabot[bot]'),
      true
    ],
    [
      'a fork, by pull_request_target',
      event('pull_request_target', pullRequest({ full_name: 'fork/analytics' })),
      true
    ],
    ['a push', event('push', pullRequest({ full_name: 'fork/analytics' })), false],
    ['a push by Dependabot', event('push', {}, 'dependabot[bot]'), false],
    ['a pull request that tells nothing', event('pull_request'), false],
    ['a base without a name', event('pull_request', pullRequest(null, null)), false]
  ])('%s', (_what, of, expected) => {
    expect(withoutSecrets(of)).toBe(expected)
  })
})
