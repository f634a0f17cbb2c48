// dbt versions. Release tracks were renamed, and the old names are still about.
import type { Json } from '../model/json.ts'
import type { Values } from '../model/field.ts'

/** The form in which two versions are compared. */
export function canonVersion(value: Json): Json {
  if (value === 'versionless') return 'latest'
  // Release notes of 2026-07-22: the one is the other's name now.
  return value === 'latest-fusion' ? 'fusion-stable' : value
}

/** Values with the version as it is sent: `versionless` is refused since March 2026 (release notes of 2026-03-04). */
export function sentVersion(values: Values): Values {
  return values['dbt_version'] === 'versionless' ? { ...values, dbt_version: 'latest' } : values
}
