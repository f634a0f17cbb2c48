// The JSON Schema that editors use, against the schema that the action checks with and the files of the page.
import { describe, expect, it } from '@jest/globals'
import { Ajv } from 'ajv'
import { readFileSync } from 'node:fs'
import { parse } from 'yaml'
import { parseConfig } from '../../src/inputs/read-config.ts'
import { schemaText } from '../../scripts/config-schema.ts'

describe('the JSON Schema', () => {
  const committed = readFileSync(
    new URL('../../schema/config-v1.schema.json', import.meta.url),
    'utf8'
  )

  it('is in step with the one that the action checks with', () => {
    expect(committed).toBe(schemaText())
  })

  it('takes every file of the page, and refuses an unknown key', () => {
    const validate = new Ajv({ strict: false }).compile(JSON.parse(committed) as object)
    const page = readFileSync(new URL('../../docs/config.md', import.meta.url), 'utf8')
    const files = [...page.matchAll(/```yaml\n([^]*?)```/g)]
      .map(([, text = '']) => text)
      .filter((text) => /^(#.*\n)?source:/.test(text))
    expect(files.length).toBeGreaterThan(4)
    for (const text of files) {
      expect(validate(parse(text))).toBe(true)
      expect(parseConfig('p.yml', text).problems).toEqual([])
    }
    expect(validate({ refrences: {} })).toBe(false)
  })
})
