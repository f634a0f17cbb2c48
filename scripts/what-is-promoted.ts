// Writes docs/what-is-promoted.md from the field tables of the code, so that it says what the code does.
// With --check, it only fails when the two are out of step.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Field, Fields } from '../src/model/field.ts'
import { kinds } from '../src/kinds/kinds.ts'

/** The page, relative to the root of the repository. */
export const pagePath = 'docs/what-is-promoted.md'

const introduction = `# What is promoted

Every field of the dbt API that this action knows, and who decides its value in the target. This page is made from the
tables that the code works by: \`npx tsx scripts/what-is-promoted.ts\` writes it.

## Who decides

<!-- prettier-ignore-start -->

| | when the object is new | when the target has it |
| --- | --- | --- |
| **name** | the source's name, through the name template or the mapping | the same |
| **source** | the source | the source: an edit in the target is undone, and the report says so |
| **target** | the source's value where it can be valid in the target | the target |
| **schedule** | the source, or nothing with \`schedule: paused\` | the target, or the source with \`schedule: source\` |
| **reference** | what stands in the target for what the source refers to | the same |
| **promotion** | the promotion: the value says where the object lives | the same |
| **platform** | the platform: never written | never written |

<!-- prettier-ignore-end -->

- **What belongs to a place stays there.** A promotion gives a new object what it can of the fields that the target
  decides, such as connection and branch, and leaves an existing one alone. Where an input or a \`set\` rule names such a
  value, that decides instead, and the report raises an alarm where it changes something. A \`keep\` rule leaves any field
  to the target once the object is there.
- **Nothing starts or stops running unseen.** Whether a job runs by itself, by a trigger of its own or because another
  job completes, is up to the input \`schedule\`; at what times it would run is copied like any other field. But
  while the source job has its schedule off and the target's has it on, the target keeps its times, unless
  \`schedule: source\` or a \`set\` says otherwise: a job that sleeps carries a placeholder. A job that starts or stops
  running by itself is an alarm, and so are changed times of one that runs on its schedule.
- **References never point back.** An id of the source is replaced by that of the counterpart in the target. Where there
  is none, the plan has a problem, and nothing is written.
- **Some values an account may refuse**, marked ◊: features that a plan does not include or an administrator switched off.
  The API takes such a value without an error and keeps the old one. The action compares each answer with what it sent,
  reports what was refused, and does not send it again until it changes.
- **What is not listed here** does not exist for this version. Where an object that is written holds something in a field
  that no table knows, on either side, the report warns of it by name; in an environment that is updated it is an alarm,
  since the update resets it.
`

const titles = {
  environment: 'Environments',
  job: 'Jobs',
  attributes: 'Extended attributes'
} as const satisfies Record<keyof typeof kinds, string>

/** The page as the field tables have it now. */
export function whatIsPromoted(): string {
  const kindNames = Object.keys(titles) as readonly (keyof typeof kinds)[]
  return [introduction, ...kindNames.map((kind) => section(titles[kind], kinds[kind].fields))].join(
    '\n'
  )
}

function section(title: string, table: Fields): string {
  const all = Object.entries(table)
  const written = all.filter(([, { rule }]) => rule !== 'generated')
  const generated = all.filter(([, { rule }]) => rule === 'generated')
  const rows = written.map(
    ([path, field]) => `| \`${path}\` | ${decides(field)} | ${noteOf(field)} |`
  )
  const platform = generated.map(([path, { note }]) =>
    note === undefined ? `\`${path}\`` : `\`${path}\` (${note})`
  )
  // The formatter would pad every row to the longest one, and change them all with it.
  return [
    `## ${title}`,
    '',
    '<!-- prettier-ignore-start -->',
    '',
    '| field | who decides | note |',
    '| --- | --- | --- |',
    ...rows,
    '',
    ...(platform.length > 0 ? [`Left to the platform: ${platform.join(', ')}.`, ''] : []),
    '<!-- prettier-ignore-end -->',
    ''
  ].join('\n')
}

function decides({ rule, refersTo }: Field): string {
  switch (rule) {
    case 'reference':
      return `reference to ${refersTo?.kind === 'job' ? 'a job' : 'an environment'}`
    case 'name':
      return 'name'
    case 'copy':
      return 'source'
    case 'rewrite':
      return 'promotion'
    case 'keep-target':
      return 'target'
    case 'trigger':
      return 'schedule'
    case 'generated':
      return 'platform'
  }
}

function noteOf({ note, refusable }: Field): string {
  return [refusable === true ? '◊' : '', note ?? ''].filter((part) => part !== '').join(' ')
}

if (process.argv[1] === import.meta.filename) {
  const file = join(import.meta.dirname, '..', pagePath)
  const page = whatIsPromoted()
  if (!process.argv.includes('--check')) {
    writeFileSync(file, page)
    console.log(`${pagePath} is written`)
  } else if (readFileSync(file, 'utf8') === page) {
    console.log(`${pagePath} is in step with the field tables`)
  } else {
    console.error(
      `${pagePath} is out of step with the field tables. Run: npx tsx scripts/what-is-promoted.ts`
    )
    process.exitCode = 1
  }
}
