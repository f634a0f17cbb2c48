// The published schema is true of every line of a journal, and in step with the one that the action reads with.
import { readFileSync } from 'node:fs'
import { expect, it, test } from '@jest/globals'
import { Ajv } from 'ajv'
import fc from 'fast-check'
import { byLevel } from '../../src/model/remark.ts'
import { VARIABLES, variables } from '../../sandbox/index.ts'
import { givenIn } from '../../src/model/secrets.ts'
import { journalSchemaFile, journalSchemaText } from '../../scripts/journal-schema.ts'
import {
  account,
  build,
  sourceProject,
  targetProject,
  token,
  world
} from '../../testing/worlds/random.ts'
import { specOf, World } from '../../testing/promote.ts'
import { runs } from '../../testing/effort.ts'

const committed = readFileSync(journalSchemaFile, 'utf8')
const validate = new Ajv({ allErrors: true, strict: true, strictTypes: false }).compile(
  JSON.parse(committed) as object
)

function faults(text: string): readonly unknown[] {
  return text.split('\n').flatMap((line) => {
    if (line === '' || validate(JSON.parse(line))) return []
    return [{ line, errors: validate.errors }]
  })
}

it('is in step', () => {
  expect(committed).toBe(journalSchemaText())
})

test('journals of promotions and of rollbacks, in random worlds', async () => {
  await fc.assert(
    fc.asyncProperty(world, fc.constantFrom('marker', 'name'), async (made, track) => {
      const promotion = new World(build(made), token)
      const { journal } = await promotion.promote(
        specOf({
          'account-id': String(account),
          'source-project': String(sourceProject),
          'target-project': String(targetProject),
          environments: '*',
          'environment-name': 'prod – {name}',
          track
        })
      )
      expect(faults(journal)).toEqual([])
      expect(faults((await promotion.rollback(journal)).journal)).toEqual([])
    }),
    { numRuns: runs(8, 25) }
  )
})

it('with variables, overrides, secrets and extended attributes', async () => {
  const promotion = new World(variables(), VARIABLES.token)
  const values = new Map(VARIABLES.secrets.map((name) => [name, 'given']))
  const spec = specOf({
    'account-id': String(VARIABLES.account),
    'source-project': String(VARIABLES.sourceProject),
    'target-project': String(VARIABLES.targetProject),
    environments: '*',
    'credentials-id': String(VARIABLES.targetCredentials),
    resources: 'environments\njobs\nvariables\noverrides\nextended-attributes'
  })
  const { journal, plan } = await promotion.promote({ ...spec, secrets: givenIn(values) }, values)
  expect(byLevel(plan.remarks).problems).toEqual([])
  expect(journal.split('\n').filter((line) => line.includes('"writes"')).length).toBeGreaterThan(9)
  expect(faults(journal)).toEqual([])
})

it('is of nothing else', () => {
  for (const line of [{}, { key: 'job:a/b' }, { op: 'delete' }, [], 'x'])
    expect(validate(line)).toBe(false)
})
