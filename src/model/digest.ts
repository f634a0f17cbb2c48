// Digests of JSON values, over their canonical text.
import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from './json.ts'

/** SHA-256 of the canonical JSON, as 64 hex digits. */
export function digest(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}

/** SHA-256 of a sequence of values, each by its canonical JSON on a line of its own, as 64 hex digits. */
export function digestAll(values: Iterable<Json>): string {
  const hash = createHash('sha256')
  for (const value of values) hash.update(`${canonicalJson(value)}\n`)
  return hash.digest('hex')
}
