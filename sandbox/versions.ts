// dbt versions: which of them an account takes, and how the old name of the latest track is stored.

import { invalid } from './http.ts'
import type { Account } from './state.ts'

const RENAMED: Readonly<Record<string, string>> = {
  versionless: 'latest',
  // Release notes of 2026-07-22: what was configured was renamed; that a write is, is inferred.
  'latest-fusion': 'fusion-stable'
}

/** The old name of a release track is stored as the new one; the raw version keeps the old name. */
export function storedVersion(version: string): string {
  return RENAMED[version] ?? version
}

/** Refuses a version that the account does not take. The text is recorded for environments; its code is not. */
export function assertVersion(
  account: Account,
  version: string,
  kind: 'Environments' | 'Jobs'
): void {
  const { dbtVersions } = account.features
  if (dbtVersions === null || new RegExp(dbtVersions).test(version)) return
  throw invalid({
    dbt_version: `dbt version ${version} is deprecated (unsupported) and cannot be used to update ${kind}.`
  })
}
