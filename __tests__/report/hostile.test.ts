// Every text that comes from elsewhere, hostile, through the whole report.
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  failureLines,
  failureText,
  headLines,
  outcomeLines,
  planGroups
} from '../../src/report/log.ts'
import { commentBytes, summary } from '../../src/report/markdown.ts'
import { outputsOf } from '../../src/report/outputs.ts'
import { plain } from '../../src/report/text.ts'
import {
  account,
  build,
  sourceProject,
  targetProject,
  token,
  world
} from '../../testing/worlds/random.ts'
import { specOf, World } from '../../testing/promote.ts'
import { attacks } from '../../testing/report/attacks.ts'
import { forEach } from '../../testing/each.ts'
import { read } from '../../testing/report/grammar.ts'
import { hostile, plan, planned } from '../../testing/report/results.ts'
import { runs, sampleOf } from '../../testing/effort.ts'

const short = attacks.filter((attack) => attack.length < 1000)

describe('the summary', () => {
  it('holds hostile texts as text', () => {
    forEach(attacks, (attack) => {
      expect(() => read(summary(hostile(attack)))).not.toThrow()
    })
  })

  const parts = [1, 2, 3, 4, 5, 6, 7, 8, 9]

  it('holds them as text where it is cut', () => {
    forEach(attacks, (attack) => {
      const whole = summary(hostile(attack), 1e9)
      for (const part of sampleOf(parts, 2)) {
        const most = 1200 + Math.round((Buffer.byteLength(whole) * part) / 10)
        expect(() => read(summary(hostile(attack), most))).not.toThrow()
      }
    })
  })

  it('shows each whole, wherever it stands', () => {
    forEach(short, (attack) => {
      const { codes, blocks, proses } = read(summary(hostile(attack)))
      const shown = plainWithoutCommands(attack)
      // Two projects, the environment, and the names of three jobs and of four sources.
      expect(codes.filter((each) => each === shown).length).toBeGreaterThanOrEqual(8)
      expect(codes).toContain(`${shown}2`)
      // In messages, quotes are marks of names and values.
      expect(proses.map(withoutQuotes)).toContain(withoutQuotes(shown).trimStart())
      expect(blocks.length).toBeGreaterThan(5)
    })
  })

  it('links only to the platform', () => {
    forEach(attacks, (attack) => {
      for (const url of read(summary(hostile(attack))).links) {
        expect(url).toMatch(
          /^https:\/\/ab123\.us1\.dbt\.com\/deploy\/28885\/projects\/1(?:\/\w+\/\d+)?$/
        )
      }
    })
  })

  it('is as safe in a comment, with all attacks at once', () => {
    const all = attacks.map((attack) => hostile(attack).plan?.changes ?? []).flat()
    const result = planned(plan(all, { warnings: attacks, notices: attacks }))
    expect(() => read(summary(result, commentBytes))).not.toThrow()
    expect(() => read(summary(result))).not.toThrow()
  })
})

it('the summary of any promotion is of the grammar', async () => {
  const spec = specOf({
    'account-id': String(account),
    'source-project': String(sourceProject),
    'target-project': String(targetProject),
    environments: '*'
  })
  await fc.assert(
    fc.asyncProperty(world, async (made) => {
      const promotion = new World(build(made), token)
      const shown = planned(await promotion.plan(spec))
      expect(() => read(summary(shown))).not.toThrow()
      const { plan: of, outcomes } = await promotion.promote(spec)
      expect(() => read(summary({ ...shown, mode: 'apply', plan: of, outcomes }))).not.toThrow()
    }),
    { numRuns: runs(10, 30) }
  )
})

describe('the log', () => {
  it('holds hostile texts in lines that are no command', () => {
    forEach(attacks, (attack) => {
      const result = hostile(attack)
      const groups = planGroups(result.plan!)
      const { written, missing } = outcomeLines(result)
      const lines = [
        ...headLines(result.plan!),
        ...groups.flatMap(({ title, lines }) => [title, ...lines]),
        ...written,
        ...missing,
        ...failureLines(result.failure!).flatMap(({ text, at }) => [
          text,
          ...(at ? [at.text] : [])
        ]),
        ...failureText(result.failure!).split('\n')
      ]
      for (const line of lines) {
        expect(line).not.toMatch(/[\r\n\v\f\u0085\u2028\u2029]/)
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}]/u)
        expect(line).not.toMatch(/^\s*::/)
        expect(line).not.toContain('##[')
      }
      expect(groups.map(({ title }) => title)).toEqual([
        expect.stringMatching(/^Plan for .*: 1 environment and 1 job to create, 1 job to update$/),
        'Plan: 1 unchanged'
      ])
    })
  })
})

describe('the outputs', () => {
  it('hold hostile texts as they are', () => {
    forEach(attacks, (attack) => {
      const outputs = outputsOf(hostile(attack))
      expect(Object.entries(JSON.parse(outputs['environment-ids']) as object)).toEqual([
        [attack, 8001]
      ])
      expect(Object.keys(JSON.parse(outputs['job-ids']) as object).sort()).toEqual(
        [`${attack}2`, `${attack}3`].sort()
      )
      expect(JSON.parse(outputs.jobs)).toContainEqual({
        environment: attack,
        name: attack,
        'source-id': 5,
        'target-id': null,
        action: 'failed'
      })
      // One line each, so that no reader of lines is misled.
      for (const name of ['environment-ids', 'job-ids', 'jobs', 'id-map'] as const) {
        expect(outputs[name]).not.toMatch(/[\r\n]/)
      }
    })
  })
})

function withoutQuotes(text: string): string {
  return text.replaceAll('"', '')
}

// In the summary, workflow commands are no danger, and names are not changed for them.
function plainWithoutCommands(text: string): string {
  return plain(text).replaceAll('\\u{5b}', '[').replaceAll('\\u{3a}', ':')
}
