// What a run leaves behind.

import type { Json } from '../json.ts'
import { timestamp } from '../time.ts'
import { stepsOf, type BegunStep } from './steps.ts'
import type { Run } from './types.ts'

/** Artifacts are saved so much later than the run ends: until then they are a 404 (kestra-io/plugin-dbt#275). */
export const SAVING_MS = 5_000

// A parse leaves a manifest and no results (fal-ai/dbt-cloud-action#23), the freshness of sources no manifest
// (kestra-io/plugin-dbt#275), `dbt docs generate` a catalog too.
function filesOf(command: string): readonly string[] {
  if (/^dbt\s+(.*\s)?parse(\s|$)/.test(command)) return ['manifest.json']
  if (/^dbt\s+(.*\s)?source\s/.test(command)) return ['sources.json']
  if (/^dbt\s+(.*\s)?docs\s/.test(command))
    return ['catalog.json', 'manifest.json', 'run_results.json']
  return ['manifest.json', 'run_results.json']
}

// Runs that failed keep the results of what they did (kestra-io/plugin-dbt#321); a cancelled run leaves nothing
// (voi-oss/dbt-toolkit#2).
function ended(run: Run, now: number): readonly BegunStep[] {
  if (!run.savesArtifacts || run.status === 30 || run.finishedAt === null) return []
  return stepsOf(run, now).filter(
    ({ planned, status }) => planned.command !== null && status !== 30
  )
}

/** True for a run that has results of dbt to resume from. */
export function hasResults(run: Run): boolean {
  return ended(run, Infinity).some(({ planned }) =>
    filesOf(planned.command ?? '').includes('run_results.json')
  )
}

/** The paths of all artifacts, or null where there are none: clients of the API expect either (dbt-mcp). */
export function listArtifacts(run: Run, now: number): readonly string[] | null {
  if (run.finishedAt === null || run.finishedAt + SAVING_MS > now) return null
  const files = ended(run, now).flatMap(({ planned }) => filesOf(planned.command ?? ''))
  return files.length === 0 ? null : [...new Set(files)].sort()
}

const SCHEMAS: Readonly<Record<string, string>> = {
  'catalog.json': 'https://schemas.getdbt.com/dbt/catalog/v1.json',
  'manifest.json': 'https://schemas.getdbt.com/dbt/manifest/v12.json',
  'run_results.json': 'https://schemas.getdbt.com/dbt/run-results/v6.json',
  'sources.json': 'https://schemas.getdbt.com/dbt/sources/v3.json'
}

/** One artifact: of the step with this index, or of the last one that has it (spec v2, Retrieve Run Artifact). */
export function readArtifact(
  run: Run,
  path: string,
  step: number | undefined,
  now: number
): Json | undefined {
  if (listArtifacts(run, now) === null) return undefined
  const steps = ended(run, now).filter(({ index }) => step === undefined || index === step)
  const last = steps.findLast(({ planned }) => filesOf(planned.command ?? '').includes(path))
  if (last === undefined) return undefined
  const metadata = {
    dbt_schema_version: SCHEMAS[path] ?? null,
    generated_at: timestamp(last.finishedAt ?? now),
    env: { DBT_CLOUD_RUN_ID: String(run.id), DBT_CLOUD_JOB_ID: String(run.job_definition_id) }
  }
  const args = { which: (last.planned.command ?? '').split(' ')[1] ?? '' }
  if (path !== 'run_results.json') return { metadata }
  const status = last.status === 20 ? 'error' : 'success'
  return { metadata, args, results: [{ unique_id: 'model.jaffle_shop.orders', status }] }
}
