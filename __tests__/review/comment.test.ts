// The sticky comment: where it is written, found again, changed in place, and what becomes of a run when it can't be.
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { addComment, addPullRequest, headCommit, workflowToken } from '../../e2e/github/state.ts'
import { blog } from '../../sandbox/index.ts'
import { editJob } from '../../testing/worlds/blog.ts'
import {
  proposal,
  pull,
  pushed,
  sha,
  startReview,
  type Review
} from '../../testing/worlds/review.ts'

let review: Review
beforeEach(async () => {
  review = await startReview()
})
afterEach(async () => {
  await review.close()
})

const stagingJob = 59_426

describe('on the pull request', () => {
  it('shows the plan, with a header that a later run knows', async () => {
    const { ok, outputs, summary } = await review.propose()
    expect(ok).toBe(true)
    const hash = outputs['plan-hash']
    const plan = {
      hash,
      pull,
      head: headCommit,
      run: '77/1',
      review: null,
      counts: true,
      seenUntil: null
    }
    expect(review.headers).toEqual([
      {
        promotion: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
        run: '77/1',
        leg: expect.stringMatching(/^[0-9a-f]{16}$/) as unknown,
        tells: hash,
        state: 'planned',
        plan
      }
    ])
    const [body = ''] = review.bodies
    expect(body.split('\n').slice(1, 3)).toEqual(summary.split('\n').slice(0, 2))
    expect(body).toContain('href="https://github.example/acme/analytics/actions/runs/77"')
    expect(body).toContain(`commit <code>${headCommit.slice(0, 7)}</code>`)
    // A seal is for the id of a comment, so there must be one first; then another run may have begun at once.
    expect(review.operations).toEqual(['Comments', 'AddComment', 'Comments', 'UpdateComment'])
  })

  it('is changed in place', async () => {
    const first = await review.propose()
    editJob(review.sandbox, stagingJob, { name: 'another', description: 'new' })
    const second = await review.propose({ threads: '9' })
    expect(second.outputs['plan-hash']).not.toBe(first.outputs['plan-hash'])
    expect(review.headers.map(({ plan }) => plan?.hash)).toEqual([second.outputs['plan-hash']])
  })

  it('is one of its own for each promotion', async () => {
    await review.propose()
    await review.propose({ label: 'nightly' })
    await review.propose({ label: 'nightly' })
    await review.propose({ jobs: '*' })
    await review.propose({
      host: `${review.sandbox.url}/api/`,
      environments: '\n  dev-staging \n'
    })
    expect(new Set(review.headers.map(({ promotion }) => promotion)).size).toBe(3)
    expect(review.headers).toHaveLength(3)
  })

  it('is none without changes, unless always', async () => {
    await review.push({ comment: 'never' })
    await review.propose()
    expect(review.bodies).toEqual([])
    await review.propose({ comment: 'always' })
    expect(review.bodies).toHaveLength(1)
  })

  it('is never one by default', async () => {
    await review.propose({ comment: '' })
    expect(review.operations).toEqual([])
  })

  it('tells no longer of a plan that is no more', async () => {
    await review.propose()
    await review.push({ comment: 'never' })
    const { outputs } = await review.propose()
    expect(outputs['has-changes']).toBe('false')
    expect(review.headers).toMatchObject([
      { plan: { hash: outputs['plan-hash'] }, state: 'planned' }
    ])
    expect(review.bodies[0]).toContain('No changes')
  })

  it('shows problems, and holds no plan to apply then', async () => {
    await review.propose()
    const { ok } = await review.propose({ 'credentials-id': '1' })
    expect(ok).toBe(false)
    expect(review.headers).toMatchObject([{ plan: { counts: false }, state: 'failed' }])
    expect(review.bodies[0]).toContain('problem')
  })

  it('tells a run that failed before it had a plan, in its own comment', async () => {
    await review.propose({ label: 'a' })
    await review.propose({ label: 'b' })
    const { promotion } = review.headers[0]!
    const [, ofB] = review.bodies
    for (const inputs of [{ token: 'dbtc_wrong' }, { token: '' }, { config: '', threads: 'x' }]) {
      await review.propose({ label: 'a', ...inputs })
      expect(review.bodies.filter((body) => body !== ofB)).toHaveLength(1)
      expect(review.headers).toContainEqual(
        expect.objectContaining({ promotion, state: 'failed', tells: '', plan: null })
      )
    }
    expect(review.bodies).toContain(ofB)
    await review.propose({ label: 'a' })
    expect(review.headers.map(({ state }) => state)).toEqual(['planned', 'planned'])
  })

  it('is found beyond the first hundred', async () => {
    await review.propose()
    for (let n = 0; n < 250; n++) addComment(review.github.state, pull)
    await review.propose()
    expect(review.headers).toHaveLength(1)
    expect(review.operations.slice(4)).toEqual([
      ...['Comments', 'Comments', 'Comments'],
      'UpdateComment',
      // Whether another leg of the run wrote there meanwhile.
      ...['Comments', 'Comments', 'Comments']
    ])
  })

  it.each<[string, Parameters<typeof addComment>[2]]>([
    ['a user', { author: { __typename: 'User', login: 'mallory' } }],
    [
      'a user with the name of the bot',
      { author: { __typename: 'User', login: 'github-actions' } }
    ],
    ['another bot', { author: { __typename: 'Bot', login: 'parrot' } }],
    ['a ghost', { author: null }]
  ])('of %s with the same header is not touched', async (_who, forged) => {
    await review.propose()
    const [body = ''] = review.bodies
    review.github.state.comments = []
    addComment(review.github.state, pull, { ...forged, body })
    await review.propose()
    expect(review.bodies).toHaveLength(2)
    expect(review.bodies[0]).toBe(body)
  })

  it('is known by the user of a personal token too', async () => {
    const own = 'ghp_of-a-person-0123456789abcdefghijk'
    Object.assign(review.github.state.tokens, {
      [own]: { login: 'octocat', pullRequests: 'write' }
    })
    await review.propose({ 'github-token': own })
    await review.propose({ 'github-token': own })
    expect(review.headers).toHaveLength(1)
    expect(review.github.state.comments[0]?.author?.login).toBe('octocat')
  })

  it('is cut where GitHub would refuse it', async () => {
    const state = blog()
    state.jobs = state.jobs.flatMap((job) =>
      job.id === stagingJob
        ? Array.from({ length: 400 }, (_, n) => ({
            ...job,
            id: 800_000 + n,
            name: `Job with a long name, number ${String(n)} of many`,
            execute_steps: Array.from(
              { length: 9 },
              (_each, step) => `dbt run -s tag:${String(step)}`
            )
          }))
        : [job]
    )
    review.sandbox.setState(state)
    await review.propose({ 'job-name': '{name}' })
    const [body = ''] = review.bodies
    expect(body.length).toBeGreaterThan(60_000)
    expect(body.length).toBeLessThanOrEqual(65_536)
    expect(body).toContain('This is longer than GitHub shows')
    expect(review.headers).toHaveLength(1)
  })

  it('shows no secret that is the name of something, which GitHub would mask in a log alone', async () => {
    const secret = 'a-name-and-a-secret-too'
    editJob(review.sandbox, stagingJob, { name: `Job ${secret}` })
    const secrets = `DBT_ENV_SECRET_A: ${secret}`
    const resources = 'environments\njobs\nvariables'
    const inputs = { jobs: '*', 'job-name': '{name}', secrets, resources }
    // The log and the summary are masked by the runner, which is not here.
    await expect(review.propose(inputs)).rejects.toThrow('A secret shows')
    expect(review.bodies[0]).toContain('Job ***')
    expect(review.bodies[0]).not.toContain(secret)
  })

  it.each(['pull_request_target', 'pull_request_review', 'pull_request'])(
    'is for %s',
    async (name) => {
      await review.propose({}, { ...proposal, name })
      expect(review.headers).toHaveLength(1)
    }
  )

  it('is for a comment on a pull request, and not for one on an issue', async () => {
    const event = (issue: object) => ({
      ...proposal,
      name: 'issue_comment',
      payload: { issue: { number: pull, ...issue } }
    })
    await review.propose({ mode: 'plan' }, event({}))
    expect(review.bodies).toEqual([])
    await review.propose({ mode: 'plan' }, event({ pull_request: {} }))
    expect(review.headers).toHaveLength(1)
  })
})

describe('after the merge', () => {
  it('tells what was applied, and keeps the hash that was reviewed', async () => {
    const { outputs } = await review.propose()
    review.merge()
    const run = await review.push()
    expect(run.ok).toBe(true)
    expect(review.headers).toMatchObject([
      { plan: { hash: outputs['plan-hash'], counts: false }, state: 'applied' }
    ])
    expect(review.bodies[0]).toContain('Promoted: 1 environment and 1 job created')
    expect(review.operations.slice(4)).toEqual([
      ...['PullRequests', 'Comments'],
      ...['Comments', 'UpdateComment']
    ])
  })

  it('approves nothing by itself where there was none', async () => {
    review.merge()
    await review.push()
    expect(review.headers).toMatchObject([{ plan: null, state: 'applied' }])
  })

  it('tells what failed', async () => {
    await review.propose()
    review.merge()
    review.sandbox.addFault({
      method: 'POST',
      path: '*/jobs/',
      action: { kind: 'respond', status: 400, body: { data: { name: 'not so' } } }
    })
    await review.push()
    expect(review.headers).toMatchObject([{ state: 'failed' }])
    expect(review.bodies[0]).toContain('not so')
  })

  it.each([
    ['a push without one', () => undefined, pushed],
    [
      'a pull request that only has the commit',
      () => {
        addPullRequest(review.github.state, pull, { commits: [sha] })
      },
      pushed
    ],
    [
      'a schedule',
      () => {
        review.merge()
      },
      { ...pushed, name: 'schedule' }
    ]
  ])('is none for %s', async (_what, given, event) => {
    given()
    const { ok, log } = await review.push({}, event)
    expect(ok).toBe(true)
    expect(review.bodies).toEqual([])
    expect(log).toContain('No pull request belongs to this run')
  })

  it('is none where a push only plans', async () => {
    review.merge()
    await review.push({ mode: 'plan' })
    expect(review.operations).toEqual([])
  })
})

describe('when GitHub does not do it, the run is as it would be', () => {
  const body = JSON.stringify({ message: 'Server Error' })

  it('repeats a reading and a change', async () => {
    review.github.addFault({ operation: 'Comments', respond: { status: 502, body } })
    await review.propose()
    review.github.addFault({ operation: 'UpdateComment', respond: 'reset', commit: true })
    const { warnings } = await review.propose()
    expect(warnings.filter((text) => text.includes('comment'))).toEqual([])
    expect(review.headers).toHaveLength(1)
  })

  it.each([true, false])('writes one where the answer is lost (written: %s)', async (commit) => {
    review.github.addFault({ operation: 'AddComment', respond: 'reset', commit })
    const { ok, warnings } = await review.propose()
    expect(ok).toBe(true)
    expect(warnings.filter((text) => text.includes('no comment'))).toEqual([])
    expect(review.headers).toHaveLength(1)
  })

  it.each([
    ['for ever', { operation: 'Comments', times: 99, respond: { status: 503, body: '' } }, /503/],
    [
      'at once',
      {
        operation: 'AddComment',
        respond: { status: 403, body: '{"message":"Resource not accessible by integration"}' }
      },
      /403: Resource not accessible by integration.*pull-requests: write/
    ]
  ] as const)('warns %s', async (_how, fault, said) => {
    review.github.addFault(fault)
    const { ok, warnings, outputs } = await review.propose()
    expect(ok).toBe(true)
    expect(outputs['failure-reason']).toBe('')
    expect(warnings).toContainEqual(expect.stringMatching(said))
  })

  it.each(['read', 'none'] as const)('warns of permission %s', async (pullRequests) => {
    Object.assign(review.github.state.tokens, {
      [workflowToken]: { login: 'github-actions[bot]', pullRequests }
    })
    const { ok, warnings } = await review.propose()
    expect(ok).toBe(true)
    expect(warnings).toContainEqual(
      expect.stringMatching(/Resource not accessible by integration.*pull-requests: write/)
    )
  })

  it('warns of a token that is none, and does not show it', async () => {
    const { ok, warnings, notes } = await review.propose({ 'github-token': 'ghs_nonsense-000000' })
    expect(ok).toBe(true)
    expect(warnings).toContainEqual(expect.stringMatching(/401: Bad credentials/))
    expect(JSON.stringify(notes.filter(({ kind }) => kind !== 'mask'))).not.toContain('nonsense')
  })

  it('follows no redirect', async () => {
    const elsewhere = await startReview()
    const headers = { location: `${elsewhere.github.url}/graphql` }
    review.github.addFault({
      operation: 'Comments',
      times: 9,
      respond: { status: 307, body: '', headers }
    })
    const { ok } = await review.propose()
    expect(ok).toBe(true)
    expect(elsewhere.operations).toEqual([])
    await elsewhere.close()
  })
})

it('is not asked for by a fork, which has no secrets', async () => {
  const fork = { number: pull, head: { repo: { full_name: 'mallory/analytics' } } }
  const payload = { pull_request: { ...fork, base: { repo: { full_name: 'acme/analytics' } } } }
  const { ok } = await review.propose({ token: '' }, { ...proposal, payload })
  expect(ok).toBe(true)
  expect(review.operations).toEqual([])
})

it.each([
  [
    'comment',
    { comment: 'changes', 'github-token': '' },
    'The input github-token is empty, and comment needs it.'
  ],
  [
    'reviewed-plan',
    { comment: 'never', 'reviewed-plan': 'comment', 'github-token': '' },
    'The input github-token is empty, and reviewed-plan needs it.'
  ],
  ['comment', { comment: 'sometimes' }, 'The input comment is none of never, changes, always.'],
  [
    'expected-plan-hash',
    { 'expected-plan-hash': 'abc' },
    'The input expected-plan-hash is no hash of a plan.'
  ]
])('refuses a wrong %s', async (_input, inputs, message) => {
  const { error, outputs } = await review.propose(inputs)
  expect(error).toContain(message)
  expect(outputs['failure-reason']).toBe('invalid-input')
})
