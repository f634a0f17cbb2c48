// Variables of the environment that do something else than was meant: told before anything is sent.
import { describe, expect, it } from '@jest/globals'
import { assertProxy, certificateWarning } from '../../src/dbt/environment.ts'
import { Failure } from '../../src/model/failure.ts'

const origin = 'https://ab123.us1.dbt.com'

function faultOf(env: Readonly<Record<string, string>>): Failure | undefined {
  try {
    assertProxy(origin, env)
    return undefined
  } catch (error) {
    if (error instanceof Failure) return error
    throw error
  }
}

describe('a proxy', () => {
  it.each([
    {},
    { HTTPS_PROXY: '' },
    { HTTPS_PROXY: 'http://proxy.example:8080' },
    { https_proxy: 'https://user:p%40ss@proxy.example' },
    { HTTPS_PROXY: ' http://proxy.example:8080/ ' },
    // for other hosts
    { HTTP_PROXY: 'proxy.example:8080' }
  ])('may be %j', (env) => {
    expect(faultOf(env)).toBe(undefined)
  })

  // The library goes past each of these without a word, or fails with "Invalid URL" for each request, five times.
  it.each([
    'proxy.example:8080',
    'localhost:8080',
    'proxy.example',
    'not a url',
    'http://?x',
    'http://[bad',
    'http://proxy.example:port',
    'http://user:100%@proxy.example',
    'socks5://proxy.example:1080'
  ])('can not be %j, which is not shown', (text) => {
    for (const name of ['https_proxy', 'HTTPS_PROXY']) {
      const fault = faultOf({ [name]: text })
      expect(fault).toMatchObject({
        reason: 'invalid-input',
        message: `The environment variable ${name} of this runner is not the URL of a proxy.`
      })
      expect(fault?.remedy).toContain('http://host:port')
      expect(`${fault?.message ?? ''}${fault?.remedy ?? ''}`).not.toContain(text)
    }
  })

  it('that counts is the one that is held to be one', () => {
    const good = 'http://proxy.example'
    expect(faultOf({ https_proxy: good, HTTPS_PROXY: 'bad' })).toBe(undefined)
    expect(faultOf({ https_proxy: 'bad', HTTPS_PROXY: good })?.message).toContain('https_proxy')
  })

  it('is none for hosts on this machine', () => {
    expect(() => {
      assertProxy('http://127.0.0.1:9', { HTTP_PROXY: 'bad' })
    }).not.toThrow()
  })
})

it('certificates that are not checked are worth a warning', () => {
  expect(certificateWarning('0')).toContain('no certificate is checked')
  for (const text of ['', '1', 'false']) expect(certificateWarning(text)).toBe(undefined)
})
