import { describe, expect, it } from '@jest/globals'
import { parseOrigin } from '../../src/inputs/host.ts'

describe('parseOrigin', () => {
  it.each([
    ['ab123.us1.dbt.com', 'https://ab123.us1.dbt.com'],
    ['  ab123.us1.dbt.com\n', 'https://ab123.us1.dbt.com'],
    ['AB123.US1.dbt.com', 'https://ab123.us1.dbt.com'],
    ['https://ab123.us1.dbt.com', 'https://ab123.us1.dbt.com'],
    ['HTTPS://ab123.us1.dbt.com', 'https://ab123.us1.dbt.com'],
    ['https://ab123.us1.dbt.com/', 'https://ab123.us1.dbt.com'],
    ['https://ab123.us1.dbt.com///', 'https://ab123.us1.dbt.com'],
    ['ab123.us1.dbt.com/api', 'https://ab123.us1.dbt.com'],
    ['ab123.us1.dbt.com/api/', 'https://ab123.us1.dbt.com'],
    ['ab123.us1.dbt.com:443', 'https://ab123.us1.dbt.com'],
    ['dbt.example.com:8443', 'https://dbt.example.com:8443'],
    ['localhost:4010', 'https://localhost:4010'],
    ['bücher.example', 'https://xn--bcher-kva.example'],
    ['http://localhost:4010', 'http://localhost:4010'],
    ['http://LOCALHOST:4010', 'http://localhost:4010'],
    ['http://127.0.0.1:4010/api/', 'http://127.0.0.1:4010'],
    ['http://127.12.0.1', 'http://127.12.0.1'],
    ['http://127.1:4010', 'http://127.0.0.1:4010'],
    ['http://[::1]:4010', 'http://[::1]:4010'],
    ['http://[0:0:0:0:0:0:0:1]:4010', 'http://[::1]:4010'],
    ['https://[2001:db8::1]', 'https://[2001:db8::1]']
  ])('%j is %j', (host, origin) => {
    expect(parseOrigin(host)).toEqual({ origin })
  })

  it.each([
    ['', 'is no host name'],
    ['https://', 'is no host name'],
    ['two words', 'is no host name'],
    ['host:port', 'is no host name'],
    ['host:99999', 'is no host name'],
    ['a<b>', 'is no host name'],
    ['ftp://ab123.us1.dbt.com', 'is neither https nor http'],
    ['ws://localhost', 'is neither https nor http'],
    ['https://user@ab123.us1.dbt.com', 'holds a user name or password'],
    ['user:secret@ab123.us1.dbt.com', 'holds a user name or password'],
    ['https://ab123.us1.dbt.com@evil.example', 'holds a user name or password'],
    ['http://localhost@evil.example', 'holds a user name or password'],
    ['ab123.us1.dbt.com?x=1', 'holds more than a host'],
    ['ab123.us1.dbt.com/#/projects', 'holds more than a host'],
    ['https://ab123.us1.dbt.com/deploy/28885', 'holds the path /deploy/28885'],
    ['ab123.us1.dbt.com/api/v2', 'holds the path /api/v2'],
    ['ab123.us1.dbt.com/API', 'holds the path /API'],
    ['ab123.us1.dbt.com/apis', 'holds the path /apis'],
    ['ab123.us1.dbt.com\\@evil.example', 'holds the path /@evil.example'],
    ['http://ab123.us1.dbt.com', 'is http'],
    ['http://127.0.0.1.evil.example', 'is http'],
    ['http://localhost.evil.example', 'is http'],
    ['http://128.0.0.1', 'is http'],
    ['http://0.0.0.0:4010', 'is http'],
    ['http://[::2]:4010', 'is http']
  ])('%j %s', (host, error) => {
    expect(parseOrigin(host)).toEqual({
      error: expect.stringMatching(new RegExp(`^${error.replaceAll('?', '\\?')}`))
    })
  })
})
