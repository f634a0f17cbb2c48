import { describe, expect, it } from '@jest/globals'
import { hiding } from '../../src/dbt/hide.ts'

const key = '-----BEGIN KEY-----\nfirst+line/of=it\n  second+line\n-----END KEY-----'

describe('hiding', () => {
  it.each<[string, readonly string[], string, string]>([
    ['nothing', [], 'all of it', 'all of it'],
    ['an empty text', [''], 'all of it', 'all of it'],
    ['every place', ['abcdefgh'], 'abcdefgh and xabcdefghx', '*** and x***x'],
    ['a longer one first', ['abcdefgh', 'abcdefghij'], 'abcdefghij', '***'],
    ['a short one as a word', ['on'], 'on, not one', '***, not one'],
    ['a short one of signs', ['$1'], 'costs $1.', 'costs ***.'],
    ['what JSON writes', ['a "b"\n\\c'], String.raw`got a \"b\"\n\\c`, 'got ***'],
    ['what HTML writes', ['<a&"b">'], 'got &lt;a&amp;"b"&gt;', 'got ***'],
    ['what Django writes', [`<a&'b">`], 'got &lt;a&amp;&#x27;b&quot;&gt;', 'got ***'],
    ['what others write', [`<a&'b">`], 'got &lt;a&amp;&#39;b&#34;&gt;', 'got ***'],
    ['a line of a text', [key], 'at first+line/of=it, second+line', 'at ***, ***'],
    [
      'lines as another system ends them',
      [key.replaceAll('\n', '\r\n')],
      'at second+line',
      'at ***'
    ],
    ['no bracket', ['{\n"a": 1\n}'], '{ "a": 1 }', '{ *** }'],
    ['no part of one line', ['one two three'], 'one two', 'one two']
  ])('hides %s', (_what, texts, text, shown) => {
    expect(hiding(texts)(text)).toBe(shown)
  })
})
