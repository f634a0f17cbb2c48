// Prints the job summary of sample results, to be looked at in any viewer of GitHub's Markdown:
// npx tsx scripts/preview-summary.ts [NAME...], without a name all of them.
import { Failure } from '../src/model/failure.ts'
import type { AlarmKind } from '../src/model/remark.ts'
import { summary } from '../src/report/markdown.ts'
import { alarmTitles } from '../src/report/phrases.ts'
import type { Result } from '../src/report/result.ts'
import {
  alarm,
  applied,
  hostile,
  incomplete,
  largePlan,
  plan,
  planned,
  refused,
  sameEnvironment,
  sameJob,
  stopped,
  typicalPlan,
  saying
} from '../testing/report/results.ts'

const kinds = Object.keys(alarmTitles) as readonly AlarmKind[]
const alarms = kinds.flatMap((kind) =>
  ['Hourly', 'Nightly'].map((name) => alarm(kind, `Job "${name}" in "production": ${kind}.`))
)

const samples: Readonly<Record<string, Result>> = {
  plan: planned(typicalPlan),
  applied: applied(typicalPlan, 'applied', { planPath: 'out/plan.json' }),
  nothing: applied(plan([sameEnvironment('production'), sameJob('production', 'Nightly')])),
  check: planned(typicalPlan, {
    mode: 'check',
    failure: new Failure('differs', 'The target differs from what the source and the inputs say.')
  }),
  problems: refused,
  incomplete,
  stopped,
  alarms: planned(saying(typicalPlan, { alarms })),
  hostile: hostile('<img src=x onerror=alert(1)> | `@octocat` [a](https://evil.example) ```'),
  large: planned(largePlan(10_000, (index) => `Job ${String(index)}`))
}

const names = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(samples)
for (const name of names) {
  const sample = samples[name]
  if (!sample)
    throw new Error(`There is no sample ${name}, but ${Object.keys(samples).join(', ')}.`)
  // The large one is for its end.
  const text = summary(sample, name === 'large' ? 8000 : undefined)
  process.stdout.write(names.length > 1 ? `<!-- ${name} -->\n\n${text}\n` : text)
}
