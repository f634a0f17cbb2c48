// The published schema is true of every plan, and of nothing that lacks a part of one.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it, test } from '@jest/globals'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { byLevel } from '../../src/model/remark.ts'
import { BLOG, blog, VARIABLES, variables } from '../../sandbox/index.ts'
import type { JsonObject } from '../../src/model/json.ts'
import type { Plan } from '../../src/promotion/plan.ts'
import { givenIn } from '../../src/model/secrets.ts'
import { planFile } from '../../src/report/plan-file.ts'
import {
  account,
  build,
  sourceProject,
  targetProject,
  token,
  world
} from '../../testing/worlds/random.ts'
import { specOf, World } from '../../testing/promote.ts'
import {
  alarm,
  changedEnvironment,
  refusedPlan,
  sameEnvironment,
  typicalPlan
} from '../../testing/report/results.ts'
import { runs } from '../../testing/effort.ts'

const root = path.join(import.meta.dirname, '../..')
const schema = JSON.parse(
  readFileSync(path.join(root, 'schema/plan-v2.schema.json'), 'utf8')
) as JsonObject
const ajv = new Ajv({ allErrors: true, strict: true, strictTypes: false })
const validate = ajv.compile(schema)

function faults(plan: unknown): readonly string[] {
  validate(plan)
  return (validate.errors ?? []).map(
    ({ instancePath, message }) => `${instancePath} ${message ?? ''}`
  )
}

function parsed(plan: Plan): unknown {
  return JSON.parse(planFile(plan))
}

const inputs = {
  'account-id': String(account),
  'source-project': String(sourceProject),
  'target-project': String(targetProject),
  environments: '*',
  'environment-name': 'prod – {name}'
} as const

describe('plans of promotions', () => {
  test('before, after, and after an edit by hand, in random worlds', async () => {
    await fc.assert(
      fc.asyncProperty(world, fc.constantFrom('marker', 'name'), async (made, track) => {
        const promotion = new World(build(made), token)
        const spec = specOf({ ...inputs, track })
        const first = await promotion.promote(spec)
        expect(faults(parsed(first.plan))).toEqual([])
        expect(faults(parsed(await promotion.plan(spec)))).toEqual([])
        const edited = specOf({ ...inputs, track, threads: '13', 'custom-branch': 'release' })
        expect(faults(parsed(await promotion.plan(edited)))).toEqual([])
      }),
      { numRuns: runs(12, 40) }
    )
  })

  it('with variables, overrides, secrets and extended attributes, shown and hidden', async () => {
    const promotion = new World(variables(), VARIABLES.token)
    const values = new Map(VARIABLES.secrets.map((name) => [name, 'given']))
    const spec = {
      ...specOf({
        'account-id': String(VARIABLES.account),
        'source-project': String(VARIABLES.sourceProject),
        'target-project': String(VARIABLES.targetProject),
        environments: '*',
        resources: 'environments\njobs\nvariables\noverrides\nextended-attributes'
      }),
      secrets: givenIn(values)
    }
    const first = await promotion.promote(spec, values)
    const kinds = new Set(first.plan.changes.map(({ kind }) => kind))
    expect([...kinds].sort()).toEqual(['attributes', 'environment', 'job', 'override', 'variable'])
    const again = await promotion.plan({ ...spec, rewriteSecrets: true })
    for (const plan of [first.plan, again]) {
      expect(faults(JSON.parse(planFile(plan, true)))).toEqual([])
      expect(faults(JSON.parse(planFile(plan, false)))).toEqual([])
    }
  })

  it('with problems', async () => {
    const promotion = new World(blog(), BLOG.token)
    const spec = specOf({
      'account-id': String(BLOG.account),
      'source-project': String(BLOG.developmentProject),
      'target-project': String(BLOG.productionProject),
      environments: 'dev-stagin\nnothing'
    })
    const plan = await promotion.plan(spec)
    expect(byLevel(plan.remarks).problems.length).toBeGreaterThan(0)
    expect(faults(parsed(plan))).toEqual([])
  })

  it.each([
    ['typical', typicalPlan],
    ['refused', refusedPlan]
  ])('%s', (_, plan) => {
    expect(faults(parsed(plan))).toEqual([])
  })
})

describe('what is no plan', () => {
  const whole: Plan = {
    ...typicalPlan,
    changes: [
      ...typicalPlan.changes,
      changedEnvironment('staging', [{ path: 'custom_branch', before: null, after: 'main' }]),
      sameEnvironment('other')
    ],
    remarks: [alarm('protected', 'credentials_id changes.'), ...refusedPlan.remarks]
  }
  let copy: JsonObject
  beforeAll(() => {
    copy = parsed(whole) as JsonObject
  })

  it('starts from a plan', () => {
    expect(faults(copy)).toEqual([])
  })

  it.each([...objectsIn(JSON.parse(planFile(whole)))])(
    'lacks a part at %s, or has one too many',
    (at) => {
      const keys = Object.keys(at.length === 0 ? copy : (lookUp(copy, at) as JsonObject))
      for (const key of keys) {
        const without = structuredClone(copy)
        Reflect.deleteProperty(lookUp(without, at) as object, key)
        expect([key, faults(without).length]).not.toEqual([key, 0])
      }
      const more = structuredClone(copy)
      Object.assign(lookUp(more, at) as object, { surplus: 1 })
      expect(faults(more)).not.toEqual([])
    }
  )

  it.each([
    ['another version', { version: 1 }],
    ['another way to track', { track: 'both' }],
    ['a hash that is none', { hash: 'abc' }],
    ['an origin with a path', { source: { ...whole.source, origin: 'https://a.b/c' } }],
    ['an id that is no id', { target: { ...whole.target, account: 0 } }],
    ['no object', { changes: [null] }],
    ['a key of no kind', { remarks: [{ level: 'alarm', kind: 'starts', key: 'x', message: '' }] }],
    ['a remark of no level', { remarks: [{ level: 'error', message: '' }] }]
  ])('has %s', (_, part) => {
    expect(faults({ ...copy, ...part })).not.toEqual([])
  })
})

// The places of all objects of which every key is required: values are free.
function* objectsIn(
  value: unknown,
  at: readonly string[] = []
): Generator<readonly [readonly string[]]> {
  if (typeof value !== 'object' || value === null) return
  const isFree = ['values', 'refs', 'before', 'after'].includes(at.at(-1) ?? '')
  if (isFree) return
  if (!Array.isArray(value)) yield [at]
  for (const [key, inner] of Object.entries(value)) yield* objectsIn(inner, [...at, key])
}

function lookUp(value: unknown, at: readonly string[]): unknown {
  return at.reduce<unknown>((inner, key) => (inner as Record<string, unknown>)[key], value)
}
