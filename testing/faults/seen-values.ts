// What a project holds of variables, overrides and extended attributes, as the judge tells it apart.
import type { ExtendedAttributes, State, Variable } from '../../sandbox/index.ts'

/** The environment that no promotion names. */
export const theirOwn = 'Their own'

/** One variable, override or record; what it holds, by place. */
export interface SeenValues {
  readonly id: number
  readonly kind: 'variable' | 'override' | 'attributes'
  readonly environment: string
  readonly name: string
  readonly held: Readonly<Record<string, string>>
}

/** Where the values of a project count, by the id of the row: `NAME, project`, or `NAME, environment/job`. */
export function placesOfValues(state: State, project: number): ReadonlyMap<number, string> {
  const places = new Map<number, string>()
  for (const row of rowsOf(state, project)) {
    const place = placeOf(row, namesIn(state))
    if (!place.startsWith(theirOwn)) places.set(row.id, `${row.name}, ${place}`)
  }
  return places
}

/** The variables of a project, and the overrides of its jobs, but for what is of an environment that nobody names. */
export function seenVariables(state: State, project: number): readonly SeenValues[] {
  const names = namesIn(state)
  const variables = new Map<string, { readonly id: number; held: Record<string, string> }>()
  const overrides: SeenValues[] = []
  for (const row of rowsOf(state, project)) {
    const { id, name, raw_value } = row
    const place = placeOf(row, names)
    if (place.startsWith(theirOwn)) continue
    if (row.type === 'job') {
      const held = { [place]: raw_value }
      overrides.push({ id, kind: 'override', environment: place, name, held })
    } else {
      const variable = variables.get(name) ?? { id, held: {} }
      variable.held[place] = raw_value
      variables.set(name, variable)
    }
  }
  return [
    ...[...variables].map(([name, { id, held }]): SeenValues => {
      const inOrder = Object.fromEntries(Object.entries(held).sort())
      return { id, kind: 'variable', environment: '', name, held: inOrder }
    }),
    ...overrides
  ]
}

/** The records of a project that an environment with a name refers to, or that were made and are in vain. */
export function seenRecords(state: State, project: number): readonly SeenValues[] {
  return state.extendedAttributes.filter(isOf(project)).flatMap((each): readonly SeenValues[] => {
    const users = state.environments.filter(
      (environment) => environment.extended_attributes_id === each.id && environment.state === 1
    )
    const held = { content: contentIn(each) }
    const record = { id: each.id, kind: 'attributes', name: 'extended attributes', held } as const
    if (users.length === 0)
      return each.id < firstMade ? [] : [{ ...record, environment: `nobody: ${held.content}` }]
    return users.flatMap(({ name }) =>
      name === theirOwn ? [] : [{ ...record, environment: name }]
    )
  })
}

/** The content of the record with an id, as text; empty without one. */
export function contentOf(state: State, id: number | null): string {
  const record = state.extendedAttributes.find((each) => each.id === id)
  return record ? contentIn(record) : ''
}

/** What is there twice, or is no value but what stands for one. */
export function faultsOfRows(state: State, project: number): readonly string[] {
  const rows = rowsOf(state, project)
  const places = rows.map((row) =>
    [row.name, row.environment_id, row.job_definition_id].map(String).join(' ')
  )
  return [
    ...places
      .filter((place, index) => places.indexOf(place) !== index)
      .map((place) => `${place}: two values`),
    ...rows
      .filter(({ raw_value }) => /^\*+$/.test(raw_value))
      .map(({ name }) => `${name} is a mask`)
  ]
}

/** The first id that the platform gives a record. */
const firstMade = 950_000_001

function contentIn({ extended_attributes }: ExtendedAttributes): string {
  return JSON.stringify(Object.entries(extended_attributes).sort())
}

function isOf(project: number) {
  return (row: { readonly project_id: number; readonly state: number }): boolean =>
    row.project_id === project && row.state === 1
}

function rowsOf(state: State, project: number): readonly Variable[] {
  return state.variables.filter(isOf(project))
}

function namesIn(state: State): ReadonlyMap<number, string> {
  const environments = new Map(state.environments.map(({ id, name }) => [id, name] as const))
  const jobs = state.jobs.map(
    ({ id, environment_id, name }) =>
      [id, `${environments.get(environment_id) ?? ''}/${name}`] as const
  )
  return new Map([...environments, ...jobs])
}

function placeOf(row: Variable, names: ReadonlyMap<number, string>): string {
  const id = row.environment_id ?? row.job_definition_id
  return id === null ? 'project' : (names.get(id) ?? String(id))
}
