// Faults without a server: which request is struck, and what is left of it.

import { describe, expect, test } from '@jest/globals'
import {
  handleWithFaults,
  parseFault,
  takeFault,
  type ArmedFault,
  type Fault,
  type Json,
  type SandboxRequest
} from '../../sandbox/index.ts'
import {
  environmentsPath,
  jobBody,
  jobsPath,
  NOW,
  projectPath,
  TOKEN,
  world
} from '../../testing/worlds/small.ts'

const armed = (...faults: readonly Fault[]): readonly ArmedFault[] =>
  faults.map((fault) => ({ fault, seen: 0 }))

const html: Fault['action'] = { kind: 'html' }
const get: SandboxRequest = { method: 'GET', path: '/a/1/?x=1', headers: {}, body: undefined }
const post: SandboxRequest = { ...get, method: 'POST', path: '/a/' }

/** Which of these requests are struck. */
function struck(fault: Fault, ...requests: readonly SandboxRequest[]): boolean[] {
  let faults = armed(fault)
  return requests.map((request) => {
    const taken = takeFault(faults, request)
    faults = taken.faults
    return taken.action !== undefined
  })
}

describe('which request', () => {
  test.each([
    ['the first by default', {}, [true, false, false]],
    ['the n-th', { nth: 2 }, [false, true, false]],
    ['several', { times: 2 }, [true, true, false]],
    ['several from the n-th', { nth: 2, times: 2 }, [false, true, true]],
    ['all', { times: null }, [true, true, true]],
    ['all from the n-th', { nth: 2, times: null }, [false, true, true]]
  ])('%s', (_name, fault, expected) => {
    expect(struck({ ...fault, action: html }, get, post, get)).toEqual(expected)
  })

  test('only those that fit are counted', () => {
    expect(struck({ method: 'POST', action: html }, get, post, post)).toEqual([false, true, false])
    expect(struck({ path: '/a/*/', nth: 2, action: html }, get, post, get)).toEqual([
      false,
      false,
      true
    ])
    expect(struck({ path: '/a/', action: html }, get, post)).toEqual([false, true])
    expect(struck({ path: '*', action: html }, get)).toEqual([true])
    expect(struck({ path: '/a/.*', action: html }, get)).toEqual([false])
  })

  test('the first fault that fits strikes, the others are counted all the same', () => {
    const faults = armed({ action: html }, { nth: 2, action: { kind: 'reset', when: 'before' } })
    const first = takeFault(faults, get)
    expect(first.action).toEqual(html)
    expect(takeFault(first.faults, get).action).toEqual({ kind: 'reset', when: 'before' })
    expect(faults.map(({ seen }) => seen)).toEqual([0, 0])
  })
})

describe('what is left of it', () => {
  function create(action: Fault['action']) {
    const at = world()
    const request: SandboxRequest = {
      method: 'POST',
      path: jobsPath(at),
      headers: { authorization: `Token ${TOKEN}`, 'content-type': 'application/json' },
      body: JSON.stringify(jobBody(at)),
      now: NOW
    }
    const handled = handleWithFaults(at.state, armed({ action }), request)
    return { ...handled, committed: handled.state.jobs.length - at.state.jobs.length }
  }

  test.each([
    [{ kind: 'respond', status: 503 }, 0, 'response'],
    [{ kind: 'respond', status: 503, commit: true }, 1, 'response'],
    [{ kind: 'reset', when: 'before' }, 0, 'reset'],
    [{ kind: 'reset', when: 'after' }, 1, 'reset'],
    [{ kind: 'stall', when: 'before' }, 0, 'silence'],
    [{ kind: 'stall', when: 'after' }, 1, 'silence'],
    [{ kind: 'stall', when: 'after', ms: 5 }, 1, 'response'],
    [{ kind: 'cut' }, 1, 'response'],
    [{ kind: 'trickle', ms: 1 }, 1, 'response'],
    [{ kind: 'html' }, 0, 'response'],
    [{ kind: 'html', commit: true }, 1, 'response'],
    [{ kind: 'redirect', location: '/x/' }, 0, 'response'],
    [{ kind: 'redirect', location: '/x/', commit: true }, 1, 'response'],
    [{ kind: 'list', total: 0 }, 1, 'response']
  ] satisfies [Fault['action'], number, string][])('%j', (action, committed, kind) => {
    const handled = create(action)
    expect(handled.committed).toBe(committed)
    expect(handled.outcome.kind).toBe(kind)
    expect(handled.fault).toBe(action.kind)
  })

  test('another answer', () => {
    const headers = { 'retry-after': '1' }
    const body = { detail: 'busy' }
    expect(create({ kind: 'respond', status: 429, headers, body }).outcome).toEqual({
      kind: 'response',
      response: {
        status: 429,
        headers: { 'content-type': 'application/json', 'retry-after': '1' },
        body: '{"detail":"busy"}'
      }
    })
    expect(create({ kind: 'respond', status: 500, body: 'oops' }).outcome).toMatchObject({
      response: { headers: { 'content-type': 'text/plain' }, body: 'oops' }
    })
  })

  test('the rest', () => {
    expect(create({ kind: 'html' }).outcome).toMatchObject({
      response: { status: 502, headers: { 'content-type': 'text/html; charset=utf-8' } }
    })
    expect(create({ kind: 'html', status: 200 }).outcome).toMatchObject({
      response: { status: 200 }
    })
    expect(create({ kind: 'redirect', location: '/x/' }).outcome).toMatchObject({
      response: { status: 302, headers: { location: '/x/' } }
    })
    expect(create({ kind: 'cut', bytes: 7 }).outcome).toMatchObject({
      cutAt: 7,
      response: { status: 201 }
    })
    expect(create({ kind: 'trickle', ms: 3 }).outcome).toMatchObject({
      trickle: { ms: 3, bytes: 16 }
    })
    expect(create({ kind: 'stall', when: 'after', ms: 3 }).outcome).toMatchObject({ delayMs: 3 })
  })

  test('a list of another kind, and what is no list as it is', () => {
    const at = world()
    const headers = { authorization: `Token ${TOKEN}` }
    const answer = (path: string, action: Fault['action']): unknown => {
      const { outcome } = handleWithFaults(at.state, armed({ action }), { ...get, path, headers })
      return outcome.kind === 'response' ? JSON.parse(outcome.response.body) : outcome
    }
    const environments = environmentsPath(at)
    const pages = (action: Fault['action']): unknown => {
      const { data, extra } = answer(environments, action) as {
        data: readonly unknown[]
        extra?: { readonly pagination: unknown }
      }
      return [data.length, extra?.pagination]
    }
    expect(pages({ kind: 'list' })).toEqual([2, { count: 2, total_count: 2 }])
    expect(pages({ kind: 'list', total: 0 })).toEqual([2, { count: 2, total_count: 0 }])
    expect(pages({ kind: 'list', total: null })).toEqual([2, undefined])
    expect(pages({ kind: 'list', most: 1 })).toEqual([1, { count: 1, total_count: 2 }])
    for (const path of [projectPath(at), '/a/1/'])
      expect(
        JSON.stringify(
          handleWithFaults(at.state, armed({ action: { kind: 'list', total: 0 } }), {
            ...get,
            path,
            headers
          }).outcome
        )
      ).toBe(JSON.stringify(handleWithFaults(at.state, [], { ...get, path, headers }).outcome))
  })

  test('objects of another shape', () => {
    const at = world()
    const headers = { authorization: `Token ${TOKEN}` }
    const read = { method: 'GET', headers, body: undefined }
    const shown = (action: Fault['action']): unknown => {
      const path = `${jobsPath(at)}?pk=${String(at.job)}`
      const { outcome } = handleWithFaults(at.state, armed({ action }), { ...read, path })
      if (outcome.kind !== 'response') throw new Error(outcome.kind)
      return (JSON.parse(outcome.response.body) as { data: unknown[] }).data[0]
    }
    const set = { name: null, 'settings.threads': '4' }
    const shape = { drop: ['execute_steps', 'triggers.schedule'], set }
    const whole = shown({ kind: 'trickle', ms: 1 })
    expect(shown({ kind: 'reshape', ids: [0], ...shape })).toEqual(whole)
    const other = shown({ kind: 'reshape', ids: [at.job], ...shape })
    expect(other).toMatchObject({ name: null, settings: { threads: '4' } })
    expect(other).not.toHaveProperty('execute_steps')
    expect(other).not.toHaveProperty('triggers.schedule')
    expect(other).toHaveProperty('triggers.github_webhook')
  })

  test('without faults it is the request itself', () => {
    const at = world()
    const request = { ...get, path: jobsPath(at), headers: { authorization: `Token ${TOKEN}` } }
    const handled = handleWithFaults(at.state, [], request)
    expect(handled).toMatchObject({ fault: undefined, unknownRoute: false })
    expect(handled.outcome).toMatchObject({ response: { status: 200 } })
    expect(handleWithFaults(at.state, [], get).unknownRoute).toBe(true)
  })
})

describe('reading a fault', () => {
  test('what is right is taken as it is', () => {
    const fault: Json = { nth: 1, times: null, method: 'GET', path: '*', action: { kind: 'cut' } }
    expect(parseFault(fault)).toBe(fault)
  })

  test.each([
    [null, 'A fault is a JSON object.'],
    [{ action: { kind: 'cut' }, when: 'x' }, "A fault has no key 'when'."],
    [{}, 'A fault has an action of kind'],
    [{ action: { kind: 'explode' } }, 'A fault has an action of kind'],
    [{ action: { kind: 'constructor' } }, 'A fault has an action of kind'],
    [{ action: { kind: 'respond' } }, "An action of kind respond has a key 'status'."],
    [{ action: { kind: 'reset' } }, "An action of kind reset has a key 'when'."],
    [{ action: { kind: 'reset', when: 'never' } }, "'when' is before or after."],
    [{ nth: 0, action: { kind: 'cut' } }, "'nth' is a whole number above 0."],
    [{ nth: null, action: { kind: 'cut' } }, "'nth' is a whole number above 0."],
    [{ times: '2', action: { kind: 'cut' } }, "'times' is a whole number above 0."]
  ] satisfies [Json, string][])('%j is none', (value, message) => {
    expect(() => parseFault(value)).toThrow(message)
  })
})
