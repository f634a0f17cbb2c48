// Values: variables, overrides, secrets and extended attributes, of which the target has some from an earlier promotion,
// some changed by hand, and some that nobody promotes. No text of a value is like another, so that none is taken for it.
import path from 'node:path'
import {
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addVariable,
  type Job,
  type State
} from '../../sandbox/index.ts'
import { isTypical } from './faults.ts'
import type { Promotion } from './promotion.ts'
import { placesOfValues } from './seen-values.ts'
import type { Place } from './wire.ts'
import {
  beta,
  canaryOf,
  completionOf,
  earlierState as ofInputs,
  firstOf,
  inputs as common,
  off,
  sourceProject,
  targetProject
} from './world.ts'

const alpha = 5_000_100
const gamma = 5_000_300
const a = (n: number): number => firstOf.alpha + n
const b = (n: number): number => firstOf.beta + n
const records = {
  alpha: 5_800_001,
  beta: 5_800_002,
  gamma: 5_800_003,
  theirs: 800_901,
  lost: 800_902
}
const nightly = { ...off, schedule: true }

const inputs = {
  ...common,
  resources: 'environments\njobs\nvariables\noverrides\nextended-attributes',
  config: path.join(import.meta.dirname, 'values.yml'),
  'rewrite-secrets': 'true',
  secrets: [
    `DBT_ENV_SECRET_OLD: ${canaryOf('given anew')}`,
    'DBT_ENV_SECRET_NEW:',
    `  project: ${canaryOf('given')}`,
    `  prod Alpha: ${canaryOf('given for Alpha')}`
  ].join('\n')
}

const written: readonly Place[] = [
  'create attributes',
  'patch attributes',
  'create variable',
  'update variable',
  'rewrite secret',
  'read back',
  'create override',
  'update override'
]

export const values: Promotion = {
  name: 'inputs with values',
  earlierInputs: {
    ...inputs,
    environments: 'Beta\nGamma',
    secrets: `DBT_ENV_SECRET_OLD: ${canaryOf('given once')}`
  },
  inputs,
  // A secret is written over itself again and again where that is asked for.
  lastInputs: { ...inputs, 'rewrite-secrets': 'false' },
  earlierState,
  sinceThen,
  places: [
    'read variables',
    'read overrides',
    'read attributes',
    'create attributes',
    'patch attributes',
    'create env',
    'create variable',
    'update variable',
    'rewrite secret',
    'read anew',
    'read back',
    'create override',
    'update override',
    'create job',
    'link job',
    'update job'
  ],
  // What is no write of values stops one half-way; the rest of it is as in the promotion by inputs.
  strikes: (fault, place) =>
    fault.at !== undefined ||
    (isTypical(fault) &&
      !alike.includes(fault.name) &&
      (written.includes(place) || stops(fault.name))),
  jobs: 6,
  gone: [],
  faultsOf
}

/** To a write of values these are what another fault is: `reset, after`, `403`, or a 503. */
const alike = [
  'cut body, after',
  '409, after',
  'HTML with 200, before',
  'a redirect',
  '400 that repeats the token',
  '401'
]

function stops(fault: string): boolean {
  return ['503 for ever, before', 'reset for ever, after', '404', 'killed, after'].includes(fault)
}

function earlierState(): State {
  const state = ofInputs()
  state.jobs = state.jobs.filter(({ id, project_id }) => project_id !== sourceProject || id <= b(3))
  state.jobs = state.jobs.map((job) =>
    job.project_id === sourceProject
      ? {
          ...job,
          triggers: job.id === b(3) ? off : nightly,
          deferring_job_definition_id: null,
          job_completion_trigger_condition: null
        }
      : job
  )
  addEnvironment(state, sourceProject, { id: gamma, name: 'Gamma', credentials_id: 5_900_001 })
  addExtendedAttributes(state, sourceProject, {
    id: records.beta,
    extended_attributes: { warehouse: canaryOf('warehouse'), nested: { roles: ['one'] } }
  })
  bind(state, beta, records.beta)
  const both = (what: string): { project: string; environments: Record<string, string> } => ({
    project: canaryOf(what),
    environments: { Beta: canaryOf(`${what} in Beta`) }
  })
  addVariable(state, sourceProject, {
    name: 'DBT_UPDATED',
    ...both('updated'),
    jobs: { [b(1)]: canaryOf('updated for b1') }
  })
  addVariable(state, sourceProject, {
    name: 'DBT_KEPT',
    ...both('kept'),
    jobs: { [b(2)]: canaryOf('kept for b2') }
  })
  addVariable(state, sourceProject, { name: 'DBT_WIDER', project: canaryOf('wider') })
  addVariable(state, sourceProject, {
    name: 'DBT_ENV_SECRET_OLD',
    ...both('secret of the source'),
    jobs: { [b(1)]: canaryOf('secret of the source for b1') }
  })
  return state
}

// In the target: values by hand of what is promoted, and others that nobody promotes.
const byHand: Readonly<Record<string, string>> = {
  'DBT_KEPT, prod Beta': canaryOf('kept by hand'),
  'DBT_KEPT, prod Beta/b2': canaryOf('kept by hand for b2'),
  'DBT_WIDER, prod Gamma': canaryOf('by hand in Gamma'),
  'DBT_THEIRS, project': canaryOf('theirs')
}

function sinceThen(promoted: State): State {
  const state: State = { ...promoted }
  const theirs = 800_001
  const inTarget = (name: string): number =>
    state.environments.find((each) => each.project_id === targetProject && each.name === name)
      ?.id ?? 0
  addVariable(state, targetProject, {
    name: 'DBT_THEIRS',
    project: canaryOf('theirs'),
    environments: { [theirs]: canaryOf('theirs there') }
  })
  for (const name of ['DBT_UPDATED', 'DBT_WIDER', 'DBT_ENV_SECRET_OLD'])
    addVariable(state, targetProject, {
      name,
      environments: { [theirs]: canaryOf(`their ${name}`) }
    })
  addVariable(state, targetProject, {
    name: 'DBT_UPDATED',
    jobs: { 800_100: canaryOf('updated for their a1') }
  })
  addVariable(state, targetProject, {
    name: 'DBT_WIDER',
    environments: { [inTarget('prod Gamma')]: canaryOf('by hand in Gamma') }
  })
  for (const id of [records.theirs, records.lost])
    addExtendedAttributes(state, targetProject, { id, extended_attributes: { own: String(id) } })
  bind(state, theirs, records.theirs)

  const places = placesOfValues(state, targetProject)
  state.variables = state.variables.map((row) => {
    const place = places.get(row.id)
    const hand = place === undefined ? undefined : byHand[place]
    if (hand !== undefined) return { ...row, raw_value: hand }
    return row.project_id === sourceProject && row.name === 'DBT_UPDATED'
      ? { ...row, raw_value: canaryOf(`${row.raw_value} anew`) }
      : row
  })

  addEnvironment(state, sourceProject, { id: alpha, name: 'Alpha', credentials_id: 5_900_001 })
  const content = (of: string): { warehouse: string; threads: number } => ({
    warehouse: canaryOf(`warehouse of ${of}`),
    threads: 7_654_321
  })
  for (const each of ['alpha', 'gamma'] as const)
    addExtendedAttributes(state, sourceProject, {
      id: records[each],
      extended_attributes: content(each)
    })
  bind(state, alpha, records.alpha)
  bind(state, gamma, records.gamma)
  state.extendedAttributes = state.extendedAttributes.map((each) =>
    each.id === records.beta ? { ...each, extended_attributes: content('beta') } : each
  )

  // Of these none may start before its overrides are there, though all do in the end.
  addJob(state, alpha, { id: a(1), name: 'a1', triggers: nightly })
  addJob(state, alpha, {
    id: a(2),
    name: 'a2',
    job_completion_trigger_condition: completionOf(b(1))
  })
  addJob(state, alpha, { id: a(3), name: 'a3', triggers: nightly })
  state.jobs = state.jobs.map((job): Job => (job.id === b(3) ? { ...job, triggers: nightly } : job))

  const alphaToo = (what: string): Record<string, string> => ({
    Alpha: canaryOf(`${what} in Alpha`)
  })
  addVariable(state, sourceProject, {
    name: 'DBT_NEW',
    project: canaryOf('new'),
    environments: { Beta: canaryOf('new in Beta'), ...alphaToo('new') },
    jobs: { [a(1)]: canaryOf('new for a1'), [b(2)]: canaryOf('new for b2') }
  })
  addVariable(state, sourceProject, { name: 'DBT_ONLY', environments: alphaToo('only') })
  addVariable(state, sourceProject, {
    name: 'DBT_ENV_SECRET_NEW',
    project: canaryOf('new secret of the source'),
    environments: alphaToo('new secret of the source')
  })
  addVariable(state, sourceProject, {
    name: 'DBT_WIDER',
    environments: alphaToo('wider'),
    jobs: { [a(2)]: canaryOf('wider for a2'), [b(3)]: canaryOf('wider for b3') }
  })
  addVariable(state, sourceProject, {
    name: 'DBT_ENV_SECRET_OLD',
    environments: alphaToo('secret of the source'),
    jobs: { [a(1)]: canaryOf('secret of the source for a1') }
  })
  return state
}

function bind(state: State, environment: number, record: number): void {
  state.environments = state.environments.map((each) =>
    each.id === environment ? { ...each, extended_attributes_id: record } : each
  )
}

// What the spec does not name, word for word.
function faultsOf(_before: State, now: State): readonly string[] {
  const places = placesOfValues(now, targetProject)
  const held = new Map(
    now.variables.flatMap((row) => {
      const place = places.get(row.id)
      return place === undefined ? [] : [[place, row.raw_value] as const]
    })
  )
  return Object.entries(byHand).flatMap(([place, value]) =>
    held.get(place) === value ? [] : [`${place} is not kept`]
  )
}
