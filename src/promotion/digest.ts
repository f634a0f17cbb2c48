// Digests of JSON values, over their canonical text.
import { createHash } from 'node:crypto'
import { canonicalJson, type Json } from './json.ts'

/** SHA-256 of the canonical JSON, as 64 hex digits. */
export function digest(value: Json): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex')
}
