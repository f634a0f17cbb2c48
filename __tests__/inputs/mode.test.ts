// What `auto` does at each event, and that it says why.
import { describe, expect, it } from '@jest/globals'
import { modeAt, namedMode } from '../../src/inputs/mode.ts'
import type { JsonObject } from '../../src/model/json.ts'

const repository = { default_branch: 'trunk' }
const [trunk, feature, tag] = ['refs/heads/trunk', 'refs/heads/feature', 'refs/tags/trunk']
const merged = { action: 'closed', pull_request: { merged: true } }
const closed = { action: 'closed', pull_request: { merged: false } }

/** An event, what it is for, and, where it is not only the repository, its payload. */
type Case = readonly [name: string, ref: string, payload?: JsonObject]

const modeOf = ([name, ref, payload = {}]: Case) =>
  modeAt({ name, actor: 'octocat', payload: { repository, ...payload } }, ref)

describe('auto', () => {
  it.each<Case>([
    ['push', trunk],
    ['schedule', trunk],
    // Of a schedule, the payload has no repository.
    ['schedule', trunk, { repository: null, schedule: '17 4 * * *' }],
    ['workflow_dispatch', trunk],
    ['repository_dispatch', trunk],
    ['release', tag, { action: 'published' }]
  ])('applies at %s on %s %j', (...at) => {
    expect(modeOf(at)).toMatchObject({ mode: 'apply', isDoubtful: false })
    expect(modeOf(at).why).toMatch(/^Mode apply: this is .*\.$/)
  })

  it.each<Case>([
    ['push', feature],
    ['push', tag],
    ['push', 'trunk'],
    ['push', ''],
    ['push', trunk, { repository: {} }],
    ['push', trunk, { repository: null }],
    ['workflow_dispatch', feature],
    ['workflow_dispatch', tag],
    ['repository_dispatch', feature],
    ['workflow_run', trunk],
    ['release', tag, { action: 'created' }],
    ['release', tag],
    ['pull_request', 'refs/pull/1/merge', merged],
    ['pull_request_target', trunk, merged]
  ])('plans at %s on %s %j, and says how to apply', (...at) => {
    expect(modeOf(at)).toMatchObject({ mode: 'plan', isDoubtful: true })
    expect(modeOf(at).why).toMatch(/^Mode plan: this is .* Nothing is applied: .*"mode: apply"\.$/)
  })

  it.each<Case>([
    ['pull_request', 'refs/pull/1/merge'],
    ['pull_request', 'refs/pull/1/merge', closed],
    ['pull_request_target', trunk],
    ['pull_request_review', 'refs/pull/1/merge'],
    ['pull_request_review', 'refs/pull/1/merge', merged],
    ['pull_request_review_comment', trunk],
    ['issue_comment', trunk],
    ['merge_group', 'refs/heads/gh-readonly-queue/trunk/pr-1'],
    ['deployment', trunk],
    ['an_event_of_tomorrow', trunk]
  ])('plans at %s on %s %j', (...at) => {
    expect(modeOf(at)).toEqual({
      mode: 'plan',
      why: `Mode plan: the event is ${at[0]}.`,
      isDoubtful: false
    })
  })

  it('names branches, tags and what is not known', () => {
    expect([
      modeOf(['push', trunk]).why,
      modeOf(['push', feature]).why,
      modeOf(['push', tag]).why,
      modeOf(['push', trunk, { repository: {} }]).why,
      modeOf(['workflow_dispatch', trunk]).why
    ]).toEqual([
      'Mode apply: this is a push to the default branch "trunk".',
      expect.stringContaining('a push to "feature", and the default branch is "trunk".'),
      expect.stringContaining('a push to tag "trunk".'),
      expect.stringContaining('a push to "trunk", without a word of which branch is the default'),
      'Mode apply: this is a run by hand on the default branch "trunk".'
    ])
  })
})

it('says that the input names the mode', () => {
  expect(namedMode('check')).toEqual({
    mode: 'check',
    why: 'Mode check, as the input mode says.',
    isDoubtful: false
  })
})
