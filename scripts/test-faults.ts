// `npm run test:faults`: every fault at every request of each promotion, as tables, and a sample of it over HTTP with the
// bundle of `dist/`. It fails when a cell is red.
//
//   npm run test:faults -- [WORD]   only the faults whose name holds the word
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { faults } from '../testing/faults/faults.ts'
import { baseline, runMatrix, tableOf } from '../testing/faults/matrix.ts'
import { promotions } from '../testing/faults/promotions.ts'
import { momentOf, playKill, playSample, samples } from '../testing/faults/over-http.ts'

// Journals are left by the thousand.
const temp = mkdtempSync(path.join(tmpdir(), 'runner-temp-'))
process.env['RUNNER_TEMP'] = temp
process.on('exit', () => {
  rmSync(temp, { recursive: true })
})

const word = process.argv[2] ?? ''
const begin = performance.now()
const base = await baseline()
const red: string[] = []
let cases = 0

for (const promotion of promotions) {
  const matrix = await runMatrix(
    await baseline(promotion),
    faults.filter(({ name }) => name.includes(word))
  )
  console.log(`\na promotion by ${promotion.name}\n\n${tableOf(matrix)}`)
  red.push(...matrix.red.map((text) => `${promotion.name}: ${text}`))
  cases += matrix.cases
}

const overHttp = [
  ...samples.map((sample) => [sample.name, () => playSample(base, sample)] as const),
  ...[0, 1, 2, 3, 4, 5].map((sixth) => {
    const nth = momentOf(base, sixth)
    return [`killed at request ${String(nth)}`, () => playKill(base, nth)] as const
  })
].filter(([name]) => name.includes(word))
console.log('\nover HTTP, with the bundle')
for (const [name, play] of overHttp) {
  const complaints = await play()
  console.log(`${name.padEnd(40)}  ${complaints.length === 0 ? 'ok' : 'RED'}`)
  if (complaints.length > 0) red.push(`over HTTP, ${name}: ${complaints.join('; ')}`)
}

console.log(
  `\n${String(cases + overHttp.length)} cases, ${String(red.length)} red, ` +
    `in ${((performance.now() - begin) / 1000).toFixed(0)} s`
)
for (const text of red) console.log(`RED ${text}`)
process.exitCode = red.length === 0 ? 0 : 1
