// action.yml is the public contract: it says what the code reads and writes, no more and no less.
import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { allInputs } from '../src/inputs/input-table.ts'
import { outputNames } from '../src/report/outputs.ts'
import { actionFile, actionFolder } from '../testing/runner/action-file.ts'

const { inputs, outputs, runs } = actionFile

it('has the inputs that the code reads', () => {
  expect(Object.keys(inputs).sort()).toEqual([...allInputs].sort())
})

it('has the outputs that the code sets, in their order', () => {
  expect(Object.keys(outputs)).toEqual([...outputNames])
})

it('runs the bundle on the Node that GitHub has', () => {
  expect(runs.using).toBe('node24')
  expect(existsSync(path.join(actionFolder, runs.main))).toBe(true)
})

describe.each(Object.entries(inputs))('the input %s', (name, input) => {
  it('has a name and a description like all others', () => {
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
    expect(input.description).toMatch(/^(?:[A-Z`]|dbt ).*\.$/s)
  })

  it('has a default that is a text, as the runner wants it, or none', () => {
    expect(['string', 'undefined']).toContain(typeof input.default)
    expect(input.default).not.toBe('')
  })

  it('is not required by the runner, which does not check that', () => {
    expect(input.required).toBeUndefined()
  })
})

it.each(Object.entries(outputs))('the output %s has a name and a description', (name, output) => {
  expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/)
  expect(output.description).toMatch(/^(?:[A-Z`]|dbt ).*\.$/s)
})
