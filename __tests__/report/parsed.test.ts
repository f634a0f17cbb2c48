// The summary as a parser of GitHub's Markdown reads it: whatever a text holds, the page has the same parts.
import { describe, expect, it } from '@jest/globals'
import MarkdownIt from 'markdown-it'
import { summary } from '../../src/report/markdown.ts'
import { attacks } from '../../testing/report/attacks.ts'
import { forEach } from '../../testing/each.ts'
import { hostile } from '../../testing/report/results.ts'

const parser = new MarkdownIt({ html: true, linkify: true })
// GitHub makes no links of bare domains.
parser.linkify.set({ fuzzyLink: false }).add('//', null)

interface Page {
  /** All blocks, in order. */
  readonly blocks: readonly string[]
  /** What is in them besides text and the tags that we write. */
  readonly foreign: readonly string[]
}

const ours = /^<(?:\/?(?:code|span|a|sub)|br|a href="https:\/\/ab123\.us1\.dbt\.com\/[\w/]*")>$/

function pageOf(attack: string): Page {
  const tokens = parser.parse(summary(hostile(attack)), {})
  const inner = tokens.flatMap(({ children }) => children ?? [])
  return {
    blocks: tokens.map(({ type, tag }) => `${type} ${tag}`),
    foreign: inner.flatMap(({ type, content, markup }) => {
      if (type === 'text' || type === 'text_special' || type === 'softbreak') return []
      if (type.startsWith('strong') && markup === '**') return []
      return type === 'html_inline' && ours.test(content) ? [] : [`${type} ${content}`]
    })
  }
}

describe('the page', () => {
  const { blocks } = pageOf('plain')

  it('is the same with hostile texts', () => {
    forEach(
      attacks.filter((attack) => attack.trim() !== ''),
      (attack) => {
        expect(pageOf(attack)).toEqual({ blocks, foreign: [] })
      }
    )
  })
})
