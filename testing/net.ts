// Shows that a change of the code changes nothing that can be seen from outside. `record` plays every scenario and writes
// what was sent, left, said, planned and journalled; `compare` plays them again and shows what is different.
//
//   npx tsx testing/net.ts record DIR [WORD]    only scenarios whose name holds the word
//   npx tsx testing/net.ts compare DIR [WORD]   exit code 1 where more differs than the form of plan and journal
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { differences, type Difference } from './net/differences.ts'
import { play, type Recording, type Scenario } from './net/play.ts'
import { scenarios } from './net/scenarios/index.ts'

const temp = mkdtempSync(path.join(tmpdir(), 'runner-temp-'))
process.env['RUNNER_TEMP'] = temp
process.on('exit', () => {
  rmSync(temp, { recursive: true })
})

const fileOf = (folder: string, { name }: Scenario): string =>
  path.join(folder, `${name.replace(/[^\w,' ]+/g, '--')}.json`)

async function record(folder: string, chosen: readonly Scenario[]): Promise<void> {
  mkdirSync(folder, { recursive: true })
  for (const [index, scenario] of chosen.entries())
    writeFileSync(fileOf(folder, scenario), JSON.stringify(await played(scenario, index)))
  console.log(`${String(chosen.length)} scenarios are recorded in ${folder}`)
}

async function compare(folder: string, chosen: readonly Scenario[]): Promise<void> {
  const all: Difference[] = []
  for (const [index, scenario] of chosen.entries()) {
    const before = JSON.parse(readFileSync(fileOf(folder, scenario), 'utf8')) as Recording
    const found = differences(before, await played(scenario, index))
    for (const each of found.filter(({ isForm }) => !isForm)) tell(each)
    all.push(...found)
  }
  const forms = all.filter(({ isForm }) => isForm)
  for (const part of ['plan', 'journal']) {
    const first = forms.find((each) => each.part === part)
    if (first) tell(first)
  }
  console.log(
    `${String(chosen.length)} scenarios: ${countOf(all, false)} differ; ` +
      `plan or journal differ in ${countOf(all, true)} (the first of each is shown)`
  )
  process.exitCode = all.length === forms.length ? 0 : 1
}

function countOf(all: readonly Difference[], form: boolean): string {
  const names = all.flatMap(({ scenario, isForm }) => (isForm === form ? [scenario] : []))
  return String(new Set(names).size)
}

function tell({ scenario, run, part, lines }: Difference): void {
  console.log(`\n${scenario}, run ${String(run)}: ${part}`)
  for (const line of lines) console.log(`  ${line}`)
}

function played(scenario: Scenario, index: number): Promise<Recording> {
  return play(scenario, path.join(temp, String(index)))
}

const [command = '', folder = '', word = ''] = process.argv.slice(2)
const chosen = scenarios.filter(({ name }) => name.includes(word))
if (folder === '' || (command !== 'record' && command !== 'compare'))
  throw new Error('npx tsx testing/net.ts record|compare DIR [WORD]')
await (command === 'record' ? record(folder, chosen) : compare(folder, chosen))
