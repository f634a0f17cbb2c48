import { describe, expect, it } from '@jest/globals'
import { hiding } from '../../src/model/hide.ts'

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
    ['what Python shows', [`it's \\ "so"\n`], String.raw`got 'it\'s \\ "so"\n'`, "got '***'"],
    ['what Python shows in double quotes', [`it's\nso`], String.raw`got "it's\nso"`, 'got "***"'],
    ['JSON of ASCII', ['schlüssel-1'], String.raw`got schl\u00fcssel-1`, 'got ***'],
    ['JSON of PHP', ['a/b/c/d/e/f'], String.raw`got a\/b\/c\/d\/e\/f`, 'got ***'],
    ['an address', ['p@ss/w rd+1!'], 'at ?p=p%40ss%2Fw%20rd%2B1!&q=1', 'at ?p=***&q=1'],
    ['a strict address', ['p@ss/w rd+1!'], 'at ?p=p%40ss%2Fw%20rd%2B1%21', 'at ?p=***'],
    ['an address in lower case', ['p@ss/w rd+1!'], 'at ?p=p%40ss%2fw%20rd%2b1!', 'at ?p=***'],
    ['a path', ['p@ss/w rd+1!'], 'at p%40ss/w%20rd%2B1!', 'at ***'],
    ['a form', ['p@ss/w rd+1!'], 'at p%40ss%2Fw+rd%2B1!', 'at ***'],
    ['base64', ['token:pass?>word'], 'Basic dG9rZW46cGFzcz8+d29yZA==', 'Basic ***=='],
    ['base64 of addresses', ['token:pass?>word'], 'at dG9rZW46cGFzcz8-d29yZA', 'at ***'],
    ['half a pair', ['\ud800-secret'], 'got \ud800-secret', 'got ***'],
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
