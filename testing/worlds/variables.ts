// Two projects with variables, secrets, overrides and extended attributes, and what a test says of a promotion of them.
import {
  addCredentials,
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addProfile,
  addVariable,
  type Features,
  type GivenVariable,
  type State
} from '../../sandbox/index.ts'
import { parseSpec } from '../../src/inputs/parse-spec.ts'
import { specInputs, type SpecInput } from '../../src/inputs/input-table.ts'
import { givenIn, type SecretValues } from '../../src/model/secrets.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import { parseConfig } from '../../src/inputs/read-config.ts'
import { platform as accountOf } from '../world.ts'

export const account = 28_885
export const token = 'dbtc_test'
export const source = 1
export const target = 2

/** The source: environments `dev` and `staging`, and a development one. */
export function platform(features: Partial<Features> = {}): State {
  return accountOf({
    id: account,
    features,
    tokens: { [token]: undefined },
    projects: [
      {
        id: source,
        name: 'Source',
        environments: [
          { id: 10, name: 'Development', type: 'development' },
          { id: 11, name: 'dev' },
          { id: 12, name: 'staging' }
        ]
      },
      { id: target, name: 'Target' }
    ]
  })
}

/** A spec by inputs and the text of a config file. @throws when they are wrong */
export function specOf(
  inputs: Partial<Record<SpecInput, string>> = {},
  {
    secrets = new Map(),
    file = ''
  }: { readonly secrets?: SecretValues; readonly file?: string } = {}
): PromotionSpec {
  const given: Partial<Record<SpecInput, string>> = {
    host: 'ab123.us1.dbt.com',
    'account-id': String(account),
    'source-project': String(source),
    'target-project': String(target),
    environments: 'dev -> production\nstaging',
    resources: 'environments\njobs\nvariables\noverrides',
    ...inputs
  }
  const texts = Object.fromEntries(specInputs.map((name) => [name, given[name] ?? ''])) as Record<
    SpecInput,
    string
  >
  const config = file === '' ? undefined : parseConfig('promote.yml', file)
  const { spec, problems } = parseSpec(texts, {
    defaultBranch: undefined,
    config: config?.located,
    secrets: givenIn(secrets)
  })
  const all = [...(config?.problems ?? []), ...problems]
  if (all.length > 0) throw new Error(all.map(({ message }) => message).join(' '))
  return spec
}

/** The values of a project's variables, by name and scope, secrets in clear: what really is stored. */
export function stored(
  state: State,
  project: number
): Readonly<Record<string, Readonly<Record<string, string>>>> {
  const environments = new Map(state.environments.map(({ id, name }) => [id, name]))
  const jobs = new Map(state.jobs.map(({ id, name }) => [id, name]))
  const all = new Map<string, [string, string][]>()
  for (const row of state.variables) {
    if (row.project_id !== project || row.state !== 1) continue
    const scope =
      row.job_definition_id !== null
        ? `job ${jobs.get(row.job_definition_id) ?? ''}`
        : row.environment_id === null
          ? 'project'
          : (environments.get(row.environment_id) ?? '')
    all.set(row.name, [...(all.get(row.name) ?? []), [scope, row.raw_value]])
  }
  // Through entries, since an environment may be called `__proto__`.
  return Object.fromEntries(
    [...all].map(([name, values]) => [name, Object.fromEntries(values)] as const)
  )
}

export {
  addCredentials,
  addProfile,
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addVariable,
  type GivenVariable
}
