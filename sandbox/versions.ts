// dbt versions: which of them an account takes, and how the old name of the latest track is stored.

import { invalid } from './http.ts'
import type { Account } from './state.ts'

/** `versionless` is stored as `latest`; the raw version keeps the old name. */
export function storedVersion(version: string): string {
  return version === 'versionless' ? 'latest' : version
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
