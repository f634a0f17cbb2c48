// The text of a comment: secrets are out of it before it is cut, however markup writes them.
import { expect, it } from '@jest/globals'
import { hidingInMarkup } from '../../src/model/hide.ts'
import { commentBody } from '../../src/report/comment-text.ts'
import type { CommentHeader } from '../../src/report/comment-header.ts'
import { attacks } from '../../testing/report/attacks.ts'
import { largePlan, newJob, plan, planned } from '../../testing/report/results.ts'

const header: CommentHeader = {
  promotion: '0123456789abcdef',
  leg: 'a',
  run: '77/1',
  tells: '',
  state: 'planned',
  plan: null
}
const how = { seals: [], runUrl: '', commit: '', remarks: [] }

it('is never too long, though what hides a secret is longer than the secret', () => {
  const result = planned(largePlan(3000, (index) => `e e e e e e e e e e ${String(index)}`))
  const body = commentBody(header, result, { ...how, hide: hidingInMarkup(['e']) })
  expect(body).toContain('*** *** ***')
  expect(body).not.toMatch(/\be\b/)
  expect(body.length).toBeLessThanOrEqual(65_536)
  expect(body).toMatch(/ends here.*\n\n<sub>.*<\/sub>\n$/)
})

it('shows no secret, whichever signs it has, as a page shows it', () => {
  const odd = 'p@ss!w:rd#1 <b>&"$x"'
  const pem = '-----BEGIN KEY-----\nMIIE+vg/IBADA=N\n-----END KEY-----'
  // Signs that nobody sees are written as their numbers, and very long names end early.
  const visible = attacks.filter((attack) => /^[\x20-\x7e]{6,1000}$/.test(attack))
  for (const secret of [odd, pem, ...visible]) {
    const [name = ''] = secret.split('\n').slice(-2)
    const result = planned(plan([newJob('production', `Job -${name}- x`)]))
    const body = commentBody(header, result, { ...how, hide: hidingInMarkup([secret]) })
    const shown = body
      .replace(/<\/?(?:span|code)>/g, '')
      .replace(/&#(\d+);/g, (_entity, code: string) => String.fromCodePoint(Number(code)))
    expect(shown).not.toContain(name)
    expect(shown).toContain('***')
  }
})
