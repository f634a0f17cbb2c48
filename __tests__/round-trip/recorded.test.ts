// Answers of older versions of the API are read, planned and written like those of today.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { isObject, type Json, type JsonObject } from '../../src/model/json.ts'
import { decodeEnvironment } from '../../src/kinds/environment.ts'
import { decodeJob } from '../../src/kinds/job.ts'
import type { Snapshot } from '../../src/kinds/snapshot.ts'
import type { PromotionSpec } from '../../src/model/spec.ts'
import {
  bodies,
  ids,
  inputs,
  messages,
  only,
  platform,
  Platform,
  triggers
} from '../../testing/worlds/two-projects.ts'

function recorded(name: string): readonly JsonObject[] {
  const file = new URL(`../fixtures/recorded/${name}_response.json`, import.meta.url)
  const { data } = JSON.parse(readFileSync(file, 'utf8')) as { readonly data: Json }
  return (Array.isArray(data) ? (data as readonly Json[]) : [data]).filter((each) => isObject(each))
}

const jobs = ['get', 'list', 'create', 'delete'].flatMap((what) =>
  recorded(`job_${what}`).map((raw, index) => ({ what: `job_${what} ${String(index)}`, raw }))
)
const environments = ['get', 'list', 'create', 'delete'].flatMap((what) =>
  recorded(`environment_${what}`).map((raw, index) => ({
    what: `environment_${what} ${String(index)}`,
    raw
  }))
)

/** A platform whose source is read from a recording. */
class Recorded extends Platform {
  readonly #source: { readonly environment: JsonObject; readonly jobs: readonly JsonObject[] }

  constructor(environment: JsonObject, all: readonly JsonObject[]) {
    super(platform())
    this.#source = { environment, jobs: all }
  }

  override async snapshots(spec: PromotionSpec): Promise<{ source: Snapshot; target: Snapshot }> {
    const { source, target } = await super.snapshots(spec)
    const environment = decodeEnvironment(this.#source.environment)
    const own = this.#source.jobs.map((raw) =>
      decodeJob({ ...raw, environment_id: environment.id, project_id: ids.source })
    )
    return { source: { ...source, environments: [environment], jobs: own }, target }
  }
}

describe.each(jobs)('$what', ({ raw }) => {
  it('is promoted in one write and settles', async () => {
    const world = new Recorded(only(recorded('environment_create')), [raw])
    // The connection of a recording is not in this account.
    const spec = inputs({ connection: 'Warehouse' })
    const { plan, outcomes, writes } = await world.promote(spec)
    expect(messages(plan)).toEqual([])
    expect(outcomes.map(({ status, refused }) => [status, refused])).toEqual([
      ['applied', []],
      ['applied', []]
    ])
    expect(bodies(writes)[1]).toMatchObject({
      name: raw['name'],
      execute_steps: raw['execute_steps'],
      settings: raw['settings'],
      execution: raw['execution'],
      generate_docs: raw['generate_docs'],
      triggers: triggers()
    })
    expect(bodies(writes)[1]?.['triggers']).not.toHaveProperty('custom_branch_only')
    expect((await world.promote(spec)).writes).toEqual([])
  })

  it('holds nothing that this version does not know', () => {
    expect(decodeJob(raw).unknown).toEqual([])
  })
})

describe.each(environments)('$what', ({ raw }) => {
  it('is promoted and settles', async () => {
    const world = new Recorded(raw, [])
    const spec = inputs({ connection: 'Warehouse' })
    const { plan, outcomes } = await world.promote(spec)
    expect(messages(plan)).toEqual([])
    expect(outcomes.map(({ status, refused }) => [status, refused])).toEqual([['applied', []]])
    expect(only(world.environments())).toMatchObject({
      name: raw['name'],
      type: 'deployment',
      dbt_version: raw['dbt_version'],
      use_custom_branch: raw['use_custom_branch'],
      custom_branch: raw['custom_branch'],
      supports_docs: raw['supports_docs'],
      credentials_id: ids.credentials
    })
    expect((await world.promote(spec)).writes).toEqual([])
  })

  it('holds nothing that this version does not know', () => {
    expect(decodeEnvironment(raw).unknown).toEqual([])
  })
})
