import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from '@jest/globals'
import { pagePath, whatIsPromoted } from '../../scripts/what-is-promoted.ts'

it('the page of all fields is in step with the tables (npx tsx scripts/what-is-promoted.ts)', () => {
  const file = path.join(import.meta.dirname, '../..', pagePath)
  expect(readFileSync(file, 'utf8')).toBe(whatIsPromoted())
})
