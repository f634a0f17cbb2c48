import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { apiWords, isEnvelope, parseBody, saysFailure } from '../../src/dbt/envelope.ts'

const folder = path.join(import.meta.dirname, '../fixtures/errors')

/** What the API said, in the bodies that were recorded. */
const words: Readonly<Record<string, string>> = {
  '400-environment-v3-credentials-invalid.json':
    "credentials: {'id': 1, 'account_id': 1, 'project_id': 1, 'type': 'bigquery', 'state': 1, 'threads': 4, " +
    "'user': '', 'auth_type': '', 'database': '', 'role': '', 'warehouse': '', 'schema': 'mydataset'} is not valid " +
    'under any of the given schemas',
  '400-environments-v2-databricks-connection.json': 'connection: not a valid value',
  '400-job-create-missing-keys.json':
    'state: required key not provided; id: required key not provided; triggers: required key not provided; ' +
    'schedule: required key not provided',
  '400-job-schedule-hours.json':
    'schedule.time.interval: extra keys not allowed; schedule.time.hours: required key not provided',
  '400-job-schedule-interval-missing.json': 'schedule.time.interval: required key not provided',
  '400-job-triggers-additional-property.json':
    "triggers: Additional properties are not allowed ('custom_branch_only' was unexpected)",
  '400-job-update-id-mismatch.json': 'id: The provided id does not match.',
  '400-v3-developer-message.json':
    'Invalid request data: "BigqueryConnection" object has no field "deployment_env_auth_type"',
  '401-invalid-token.json': 'Invalid token.',
  '403-ip-restrictions.json': 'Forbidden: Access denied',
  '404-extended-attributes.json': 'The specified Extended Attributes record was not found.',
  '404-not-found-or-no-permission.json':
    'The requested resource was not found. Please check that you have the proper permissions.',
  '405-job-cost-optimization-invalid.json': 'node_selection are not valid features.',
  '405-missing-trailing-slash.json': 'Method "GET" not allowed.',
  '500-environment-without-credentials.json': 'There was a server error. Please contact support!'
}

describe('apiWords', () => {
  it('is held against every error that was recorded', () => {
    const files = readdirSync(folder).filter((name) => name.endsWith('.json'))
    expect(files.sort()).toEqual(Object.keys(words).sort())
  })

  it.each(Object.entries(words))('of %s', (file, expected) => {
    expect(apiWords(readFileSync(path.join(folder, file), 'utf8'))).toBe(expected)
  })

  it.each([
    ['', 'an empty answer'],
    [' \n', 'an empty answer'],
    [
      '<!DOCTYPE html><html><body>Bad Gateway</body></html>',
      'an HTML page, not an answer of the API'
    ],
    ['\n<html>\n', 'an HTML page, not an answer of the API'],
    ['<head></head>', 'an HTML page, not an answer of the API'],
    ['upstream  connect\nerror', 'upstream connect error'],
    ['{"status":{"code":', '{"status":{"code":'],
    ['null', 'null'],
    ['"text"', '"text"'],
    ['[1]', '[1]'],
    ['{}', '{}'],
    ['{"data":"plain"}', 'plain'],
    ['{"data":"","detail":"told"}', 'told'],
    ['{"data":[],"status":{"user_message":"told"}}', 'told'],
    ['{"data":["a",{"b":"c"}]}', '0: a; 1.b: c'],
    ['{"status":{"developer_message":" ","user_message":"told"}}', 'told'],
    ['{"status":{"developer_message":"first","user_message":"second"}}', 'first'],
    ['{"status":"odd","detail":"told"}', 'told'],
    ['{"status":{"user_message":7},"x":1}', '{"status":{"user_message":7},"x":1}']
  ])('of %j', (body, expected) => {
    expect(apiWords(body)).toBe(expected)
  })

  it('are not longer than a message may be', () => {
    expect(apiWords(JSON.stringify({ data: 'x'.repeat(10_000) }))).toHaveLength(501)
    expect(apiWords('x'.repeat(10_000))).toHaveLength(201)
  })
})

describe('parseBody', () => {
  it.each(['', 'null', '[]', '"a"', '1', '{', '<html>', '{"a":1}x'])(
    'finds no object in %j',
    (body) => {
      expect(parseBody(body)).toBeUndefined()
    }
  )

  it('finds an object', () => {
    expect(parseBody(' {"a":1}\n')).toEqual({ a: 1 })
  })
})

describe('saysFailure and isEnvelope', () => {
  it.each([
    [{ status: { code: 400, is_success: false } }, true, true],
    [{ status: { code: 200, is_success: true } }, false, true],
    [{ status: { is_success: false } }, true, false],
    [{ status: 'error' }, false, false],
    [{ detail: 'x' }, false, false]
  ])('of %j', (answer, fails, envelope) => {
    expect(saysFailure(answer)).toBe(fails)
    expect(isEnvelope(answer)).toBe(envelope)
  })
})
