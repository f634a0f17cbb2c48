import { modeAt, namedMode } from '../../src/inputs/mode.ts'
import { environmentKey } from '../../src/model/keys.ts'
import type { Alarm } from '../../src/model/remark.ts'
import type { Result } from '../../src/report/result.ts'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { failureOf } from '../../src/model/failure.ts'
import type { Change } from '../../src/model/change.ts'
import { commentBytes, summary, summaryBytes } from '../../src/report/markdown.ts'
import { read, shownAs } from '../../testing/report/grammar.ts'
import {
  alarm,
  applied,
  changedJob,
  incomplete,
  largePlan,
  newEnvironment,
  newJob,
  outcome,
  plan,
  planned,
  refused,
  sameJob,
  stopped,
  typicalPlan,
  saying
} from '../../testing/report/results.ts'
import { isWhole } from '../../testing/effort.ts'

// npx tsx scripts/preview-summary.ts NAME > __tests__/fixtures/summaries/NAME.md
describe('the whole text', () => {
  it.each([
    ['plan', planned(typicalPlan)],
    ['incomplete', incomplete]
  ])('of %s', (name, result) => {
    const file = path.join(import.meta.dirname, `../fixtures/summaries/${name}.md`)
    expect(summary(result)).toBe(readFileSync(file, 'utf8'))
  })

  it('of a run without a plan', () => {
    expect(summary(stopped)).toBe(
      `## Nothing was changed: the promotion stopped before it had a plan

> [!CAUTION]
> **What is wrong**
>
> - Reading project 86704 of the source (GET /api/v3/accounts/28885/projects/86704/) failed with 401: Invalid token. <br>→ Check the token in the input source-token.

<sub>1 request</sub>
`
    )
  })
})

describe('the mode', () => {
  it('stands open, or in a warning where an apply may have been meant', () => {
    const at = (name: string): string =>
      summary(
        planned(typicalPlan, { chosen: modeAt({ name, actor: '', payload: {} }, 'refs/heads/a') })
      )
    expect(at('pull_request')).toContain('\n\nMode plan: the event is pull_request.\n\n')
    expect(at('push')).toMatch(
      /\n\n> \[!WARNING\]\n> Mode plan: this is a push to <code>a<\/code>,.*<code>mode: apply<\/code>/
    )
  })
})

describe('the alarms', () => {
  const change = newJob('production', 'Nightly')
  const told = (kind: Alarm['kind'] = 'starts'): Alarm =>
    alarm(kind, 'It will.', { key: change.key, done: 'It was.' })
  const others = [alarm('starts', 'Another will.', { done: 'Another was.' })]
  const alarmsOf = (result: Result): readonly string[] =>
    summary(result).match(
      /\b(It|Another) (will|was)|unclear whether this was done|\*\*Jobs.*\*\*/g
    ) ?? []

  it('are of what the plan would do, also where it has problems, until it is applied', () => {
    const of = plan([change], { alarms: [told()] })
    const title = '**Jobs that will run by themselves**'
    expect(alarmsOf(planned(of))).toEqual([title, 'It will'])
    expect(alarmsOf(planned(of, { mode: 'check', failure: stopped.failure }))).toEqual([
      title,
      'It will'
    ])
    // Of an apply that wrote nothing, there is nothing to warn of.
    expect(alarmsOf(planned(of, { mode: 'apply', failure: stopped.failure }))).toEqual([])
  })

  it('are of what was written, in the past tense', () => {
    const of = plan([change], { alarms: [told(), ...others] })
    const title = '**Jobs that were set to run by themselves**'
    expect(alarmsOf(applied(of))).toEqual([title, 'It was'])
    expect(alarmsOf(applied(of, 'failed'))).toEqual([])
    expect(alarmsOf(applied(of, 'not-attempted'))).toEqual([])
    expect(alarmsOf(applied(of, 'unclear'))).toEqual([
      title,
      'unclear whether this was done',
      'It will'
    ])
    // Without its references, it is made with its triggers off.
    expect(alarmsOf(applied(of, 'unlinked'))).toEqual([])
    expect(alarmsOf(applied(plan([change], { alarms: [told('moved')] }), 'unlinked'))).toEqual([
      '**Jobs that were moved to another environment**',
      'It was'
    ])
  })
})

describe('the order', () => {
  const parts = (text: string, ...found: readonly string[]): readonly number[] =>
    found.map((part) => text.indexOf(part))
  const sorted = (numbers: readonly number[]): boolean =>
    numbers.every((each, index) => each > (numbers[index - 1] ?? -1))

  it('is verdict, what is wrong, mode, alarms, warnings, notes, tables, differences, unchanged, footer', () => {
    const alarms = [alarm('protected', 'It changes.', { key: environmentKey('production') })]
    const text = summary({
      ...incomplete,
      chosen: namedMode('apply'),
      plan: saying(typicalPlan, { alarms, warnings: ['A warning.'], notices: ['A note.'] })
    })
    const order = parts(
      text,
      '## The promotion is incomplete',
      '**What is wrong**',
      'Mode apply, as the input mode says.',
      '**Values of the target that were changed** (1)',
      '**Warnings**',
      '**Notes**',
      '### Environment <code>production</code>',
      '```diff',
      '1 unchanged</summary>',
      '<sub>11 requests · plan <code>44fc'
    )
    expect([order, sorted(order)]).toEqual([order, true])
  })

  it('puts the alarms of a kind together, those that start or stop jobs first', () => {
    const kinds = ['protected', 'adopted', 'starts', 'moved', 'stops', 'reactivated'] as const
    const alarms = [...kinds, ...kinds].map((kind) => alarm(kind, `${kind}.`))
    const text = summary(planned(saying(typicalPlan, { alarms })))
    expect(text.match(/^> \*\*.*\(2\)$/gm)).toEqual([
      '> **Jobs that will run by themselves** (2)',
      '> **Jobs that will no longer run by themselves** (2)',
      '> **Deactivated jobs that are saved** (2)',
      '> **Jobs that move to another environment** (2)',
      '> **Jobs that are taken over** (2)',
      '> **Values that belong to the target** (2)'
    ])
  })

  it('begins with the failure of a run that has no plan too, and then says the mode', () => {
    const text = summary({ ...stopped, chosen: namedMode('plan') })
    const order = parts(text, '**What is wrong**', 'Mode plan, as the input mode says.')
    expect([order, sorted(order)]).toEqual([order, true])
  })

  it('keeps an environment and its jobs together', () => {
    const changes = [
      newEnvironment('eu'),
      newEnvironment('us'),
      newJob('eu', 'a'),
      newJob('us', 'b')
    ]
    const text = summary(planned(plan(changes)))
    const order = parts(
      text,
      '### Environment <code>eu</code>',
      '| job <code>a</code>',
      '### Environment <code>us</code>',
      '| job <code>b</code>',
      'create environment <code>eu</code>',
      'create job <code>a</code>',
      'create environment <code>us</code>',
      'create job <code>b</code>'
    )
    expect([order, sorted(order)]).toEqual([order, true])
  })
})

describe('a row', () => {
  const rowOf = (change: Change, result = planned(plan([change]))): string =>
    summary(result)
      .split('\n')
      .find((line) => line.includes(`<code>${change.name}</code> |`)) ?? ''

  it('links the ids of both sides', () => {
    expect(read(summary(planned(plan([changedJob('e', 'A', [])])))).links).toEqual([
      'https://ab123.us1.dbt.com/deploy/28885/projects/86704',
      'https://ab123.us1.dbt.com/deploy/28885/projects/86711',
      'https://ab123.us1.dbt.com/deploy/28885/projects/86711/jobs/7001',
      'https://ab123.us1.dbt.com/deploy/28885/projects/86704/jobs/59427'
    ])
  })

  it('has no id for what is not there yet', () => {
    expect(shownAs(rowOf(newJob('e', 'A')))).toBe('| create | job A |  | a 59426 |  |')
  })

  it.each([
    ['source', 'settings.threads; source or spec moved'],
    ['target', 'settings.threads; **target edited by hand**'],
    ['unknown', 'settings.threads; cannot tell who moved']
  ] as const)('tells the cause %s', (cause, expected) => {
    const fields = [{ path: 'settings.threads', before: 1, after: 2 }]
    expect(shownAs(rowOf(changedJob('e', 'A', fields, { cause })))).toBe(
      `| update | job A | 7001 | a 59427 | ${expected} |`
    )
  })

  it('names four fields and counts the rest', () => {
    const fields = ['a', 'b', 'c', 'd', 'e', 'f'].map((each) => ({
      path: each,
      before: 1,
      after: 2
    }))
    expect(shownAs(rowOf(changedJob('e', 'A', fields)))).toContain('| a, b, c, d, 2 more; source')
  })

  it('says what became of it', () => {
    const change = newJob('e', 'A')
    const stateOf = (status: Parameters<typeof outcome>[1]): string =>
      rowOf(change, applied(plan([change]), status)).split(' | ')[0] ?? ''
    expect(
      (['applied', 'failed', 'unclear', 'unlinked', 'not-attempted'] as const).map(stateOf)
    ).toEqual([
      '| created',
      '| **failed**',
      '| **unclear**',
      '| **unlinked**',
      '| **not attempted**'
    ])
  })
})

describe('messages', () => {
  it('tells what the account does not take, once for each field', () => {
    const changes = Array.from({ length: 7 }, (_, index) =>
      sameJob('e', `Job ${String(index)}`, { refused: ['run_compare_changes'] })
    )
    const job = newJob('e', 'New')
    const outcomes = [outcome(job, 'applied', { refused: ['cost_optimization_features'] })]
    const { proses } = read(summary({ ...applied(plan([...changes, job])), outcomes }))
    expect(proses).toEqual([
      'The target account does not take run_compare_changes of job Job 0, job Job 1, job Job 2, job Job 3, job Job 4 and 2 more.',
      'The target account does not take cost_optimization_features of job New.'
    ])
  })

  it('shows all problems, however many', () => {
    const problems = Array.from({ length: 300 }, (_, index) => ({
      message: `Problem ${String(index)}.`,
      remedy: 'Do something.'
    }))
    const failure = failureOf('plan-problems', 'Many.', problems)
    const { proses } = read(summary({ ...refused, failure }))
    expect(proses).toHaveLength(300)
    expect(proses.at(-1)).toBe('Problem 299. → Do something.')
  })

  it('shows the first of many alarms and warnings, and folds all of them', () => {
    const many = Array.from({ length: 57 }, (_, index) => `Number ${String(index)}.`)
    const alarms = many.map((message) => alarm('starts', message))
    const text = summary(planned(saying(typicalPlan, { alarms, warnings: many, notices: [] })))
    const { proses } = read(text)
    expect(proses.filter((each) => each === 'and 37 more, below')).toHaveLength(2)
    expect(proses.filter((each) => each.startsWith('Number'))).toHaveLength(2 * (20 + 57))
    expect(text).toContain('<summary>Jobs that will run by themselves: all 57</summary>')
  })
})

describe('differences', () => {
  const fields = [{ path: 'settings.threads', before: 1, after: 2 }]
  const opened = (changes: readonly Change[]): number =>
    summary(planned(plan(changes))).split('<details open>').length - 1

  it('stand open where they are short and few', () => {
    expect(opened([changedJob('e', 'a', fields), newJob('e', 'b')])).toBe(1)
    const long = Array.from({ length: 9 }, (_, index) => ({
      ...fields[0]!,
      path: `f${String(index)}`
    }))
    expect(opened([changedJob('e', 'a', long)])).toBe(0)
    expect(
      opened(Array.from({ length: 21 }, (_, index) => changedJob('e', String(index), fields)))
    ).toBe(0)
  })

  it('are left out where there is none', () => {
    expect(summary(planned(plan([changedJob('e', 'a', [], { adopted: true })])))).not.toContain(
      '```'
    )
  })

  it('have a fence that their text can not close', () => {
    const text = summary(
      planned(plan([changedJob('e', 'a', [{ path: 'x', before: '```', after: '`````' }])]))
    )
    expect(text).toContain('\n``````diff\n- x: "```"\n+ x: "`````"\n``````\n')
  })
})

describe('what is longer than GitHub shows', () => {
  // Every character of these names has three or four bytes.
  const wide = planned(
    largePlan(10_000, (index) => `日本\u{1f389} ${String(index)}`),
    { planPath: 'out/plan.json' }
  )

  it('fits, is closed, and says where the rest is', () => {
    for (const most of [summaryBytes, commentBytes, 20_000]) {
      const text = summary(wide, most)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most)
      expect(Buffer.byteLength(text)).toBeGreaterThan(most - 1000)
      expect(() => read(text)).not.toThrow()
      expect(text).toMatch(
        /> This is longer than GitHub shows, and ends here\. The whole plan is in the plan file <code>out\/plan\.json<\/code>\.\n\n<sub>.*<\/sub>\n$/
      )
    }
  })

  it('names the input where no plan file was written', () => {
    expect(summary({ ...wide, planPath: '' }, commentBytes)).toContain(
      'The input <code>plan-file</code> writes the whole plan to a file.'
    )
  })

  it('keeps verdict, alarms and tables, and loses differences first', () => {
    const jobs = planned(largePlan(100, (index) => `Job ${String(index)}`))
    const all = summary(jobs)
    const cut = summary(jobs, Buffer.byteLength(all) - 5000)
    expect(cut.match(/^\| create/gm)).toHaveLength(101)
    expect(cut.match(/^```diff$/gm)?.length).toBeLessThan(101)
    expect(cut).toContain('## Plan: 1 environment and 100 jobs to create')
    expect(all).not.toContain('ends here')
  })

  it('is whole wherever it is cut', () => {
    const all = summary(incomplete)
    const lines = new Set(all.split('\n'))
    for (let most = 1000; most < Buffer.byteLength(all) + 200; most += isWhole ? 7 : 31) {
      const text = summary(incomplete, most)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(most)
      expect(() => read(text)).not.toThrow()
      const foreign = text
        .split('\n')
        .filter((line) => !lines.has(line) && !/^> (?:\[!NOTE\]|This is longer)/.test(line))
      expect(foreign).toEqual([])
    }
  })
})
