// Random platforms, the same ones each time, promoted with one set of inputs after another.
import fc from 'fast-check'
import { build, sourceProject, targetProject, token, account, world } from '../../worlds/random.ts'
import type { Scenario } from '../play.ts'
import { editJobs } from './edits.ts'

const count = 60

const inputs = {
  token,
  host: 'ab123.us1.dbt.com',
  'account-id': String(account),
  'source-project': String(sourceProject),
  'target-project': String(targetProject),
  environments: '*',
  'credentials-id': '108731',
  mode: 'apply'
} as const

const turns: readonly Readonly<Record<string, string>>[] = [
  {},
  { schedule: 'source' },
  { 'environment-name': 'prod {name}', 'job-name': '{environment}: {name}' },
  { schedule: 'paused', track: 'name' },
  { removals: 'pause', label: 'x' }
]

export const ofRandom: readonly Scenario[] = fc
  .sample(world, { seed: 20_26, numRuns: count })
  .map((plan, n) => {
    const given = { ...inputs, ...turns[n % turns.length] }
    return {
      name: `random platforms/${String(n)}`,
      state: () => build(plan),
      steps: [
        { inputs: given },
        { inputs: given },
        {
          inputs: given,
          edit: editJobs(
            sourceProject,
            ({ id }) => id % 2 === 0,
            ({ execute_steps }) => ({ execute_steps: [...execute_steps, 'dbt test'] })
          )
        },
        { inputs: given, undoes: 1 },
        { inputs: given, undoes: 4 }
      ]
    }
  })
