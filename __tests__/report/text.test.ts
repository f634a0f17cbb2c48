import { describe, expect, it } from '@jest/globals'
import { code, fenced, inline, link, plain, prose } from '../../src/report/text.ts'
import { attacks } from '../../testing/report/attacks.ts'
import { forEach } from '../../testing/each.ts'
import { shownAs } from '../../testing/report/grammar.ts'

describe('plain', () => {
  it('is one line without a command', () => {
    forEach(attacks, (attack) => {
      const line = plain(attack)
      expect(line).not.toMatch(/^\s*::/)
      expect(line).not.toContain('##[')
      expect(line).not.toMatch(/[\r\n\v\f\u0085\u2028\u2029]/)
    })
  })

  it('shows all that is invisible or turns text', () => {
    forEach(attacks, (attack) => {
      const line = plain(attack).replaceAll('\u26a0\ufe0f', '')
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]/u)
    })
  })

  it.each([
    ['Nightly [PROD] – all/any @ 6:00 (50%)', 'Nightly [PROD] – all/any @ 6:00 (50%)'],
    ['::error::x', '\\u{3a}:error::x'],
    [' \t::error::x', ' \\u{9}::error::x'],
    ['  ::error::x', '  \\u{3a}:error::x'],
    ['models::all', 'models::all'],
    ['a\n##[Add-Mask]b', 'a\\u{a}##\\u{5b}Add-Mask]b'],
    ['\u001b[31m', '\\u{1b}[31m'],
    ['a\u202eb', 'a\\u{202e}b'],
    ['\u26a0\ufe0f!', '\u26a0\ufe0f!'],
    ['a\ufe0f', 'a\\u{fe0f}'],
    ['\ud83d', '\\u{d83d}'],
    ['\u{1f389}', '\u{1f389}']
  ])('%j is shown as %j', (text, shown) => {
    expect(plain(text)).toBe(shown)
  })
})

describe.each([
  ['inline', inline],
  ['code', code],
  ['prose', prose]
])('%s', (_, escape) => {
  it('shows hostile texts as they are', () => {
    forEach(
      attacks.filter((attack) => attack.length < 2000),
      (attack) => {
        const expected = shownAs(
          escape === code ? `<code>${inline(attack)}</code>` : inline(attack)
        )
        const shown = shownAs(escape(attack))
        const quotesLost = (text: string): string =>
          escape === prose ? text.replaceAll('"', '') : text
        expect(quotesLost(shown)).toBe(quotesLost(expected))
      }
    )
  })

  it('has no markup left', () => {
    forEach(attacks, (attack) => {
      const bare = escape(attack).replace(/<\/?(?:code|span)>|&#\d+;/g, '')
      expect(bare).not.toMatch(/[<>&`*~|[\]\\$@#!"'+=^{}]/)
      expect(bare).not.toMatch(/^[-\d]+[-.)]|^-|--|:\/\/|\bwww\.|^_|_$|\s_|_\s/i)
    })
  })

  it('cuts what is too long to be a name', () => {
    expect(shownAs(escape('x'.repeat(100_000))).length).toBeLessThan(2100)
  })
})

// GitHub looks for these in the finished page, in each text by itself.
describe('what GitHub looks for', () => {
  const texts = (markup: string): readonly string[] => markup.split(/<[^>]*>/).map(shownAs)

  it.each([
    ['@octocat', /@\w/],
    ['(@acme/team)', /@\w/],
    ['#123', /#\d/],
    ['acme/repo#123', /#\d/],
    ['GH-123', /GH-\d/i],
    ['see gh-7', /GH-\d/i],
    [':tada:', /:\w+:/],
    ['a :+1: b', /:\+1:/],
    ['https://evil.example', /:\/\//],
    ['HTTP://evil.example', /:\/\//],
    ['www.evil.example', /www\./i],
    ['see WWW.evil.example', /www\./i],
    ['a@evil.example', /@\w/],
    ['$x$', /\$\S/],
    ['$$x$$', /\$[^$]/]
  ])('%j is parted', (attack, found) => {
    for (const text of texts(inline(attack))) expect(text).not.toMatch(found)
    expect(attack).toMatch(found)
  })

  it.each(['https://evil.example', 'www.evil.example', 'a@evil.example'])(
    'addresses are parted in code too: %j',
    (attack) => {
      for (const text of texts(code(attack))) expect(text).not.toMatch(/:\/\/|www\.|@\w/)
    }
  )
})

describe('prose', () => {
  it.each([
    ['Job "a" in "b" moves.', 'Job <code>a</code> in <code>b</code> moves.'],
    ['Job "a', 'Job &#34;a'],
    ['Job "" is', 'Job &#34;&#34; is'],
    ['', '']
  ])('%j', (message, markup) => {
    expect(prose(message)).toBe(markup)
  })
})

describe('link', () => {
  it('is a link of the web', () => {
    expect(link('a<b', 'https://ab123.us1.dbt.com/deploy/1/projects/2')).toBe(
      '<a href="https://ab123.us1.dbt.com/deploy/1/projects/2"><code>a&#60;b</code></a>'
    )
  })

  it.each([
    'javascript:alert(1)',
    'JavaScript:alert(1)',
    'data:text/html,x',
    'vbscript:x',
    'file:///etc/passwd',
    '//evil.example',
    '/relative',
    ''
  ])('is no link to %j', (url) => {
    expect(link('text', url)).toBe('<code>text</code>')
  })

  it('can not leave its attribute', () => {
    forEach(attacks, (attack) => {
      const url = `https://ab123.us1.dbt.com/${attack}`
      expect(link('text', url)).toMatch(/^<a href="https:[^"<>|`'\s]*"><code>text<\/code><\/a>$/)
    })
  })
})

describe('fenced', () => {
  it.each([
    [['+ a'], '```'],
    [['+ ``` b'], '````'],
    [['+ `````', '- ```'], '``````'],
    [['+ ``'], '```'],
    [[], '```']
  ])('%j needs %s', (lines, fence) => {
    expect(fenced(lines, 'diff')).toEqual({ open: `${fence}diff`, close: fence })
  })
})
