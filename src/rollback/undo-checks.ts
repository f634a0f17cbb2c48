// What there is to say of an object that is undone: what the platform would refuse, and what a reviewer must not miss.
import { homeOf, type Held, type UndoContext } from './undo-context.ts'
import { reactivationAlarm, updateAlarms } from '../promotion/alarms.ts'
import { isData, type Update } from '../model/change.ts'
import { lostCredentialsWarnings } from '../promotion/checks.ts'
import type { Desired } from '../model/desired.ts'
import { type Found } from './find-made.ts'
import { triggerProblems } from '../promotion/job-checks.ts'
import { jobTypeProblems, pulled } from '../promotion/type-checks.ts'
import type { ObjectEntry } from './journal.ts'
import { asText } from '../model/json.ts'
import { changeEnvironment } from '../kinds/environment.ts'
import type { Values } from '../model/field.ts'
import type { Job } from '../kinds/job.ts'
import { words } from '../kinds/words.ts'
import { fieldsOf, isKind } from '../kinds/kinds.ts'
import { referencesOf } from '../model/link.ts'
import { quoted } from '../model/names.ts'
import { alarm, problem, type Problem, type Remark } from '../model/remark.ts'
import { contentAlarm } from '../promotion/attributes-changes.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** What there is to say of an object that is put back. */
export function checked(
  entry: ObjectEntry,
  desired: Desired,
  held: Held,
  fields: Update['fields'],
  then: Values,
  { target, found }: UndoContext
): readonly Remark[] {
  if (words[entry.kind].isHidden) return [contentAlarm(entry)]
  const values = held.values as Values
  const live = (of: Values): Values => (entry.kind === 'job' ? pulled(of, target) : of)
  const both = { before: live(values), after: live(then) }
  const alarms = updateAlarms(fieldsOf(entry.kind), desired, both, fields)
  if (entry.kind === 'environment') {
    const restored = Object.fromEntries(fields.map(({ path }) => [path, then[path] ?? null]))
    return [
      ...typeProblems(desired, held.id, fields, target),
      ...lostCredentialsWarnings(
        desired.name,
        values,
        changeEnvironment(values, restored),
        `To keep them, take the line of ${quoted(entry.key)} out of the journal.`
      ),
      ...alarms
    ]
  }
  const moves = fields.some(({ path }) => path === 'environment_id')
  const [job, from] = [
    `Job ${held.id} ${quoted(desired.name)}`,
    quoted(homeOf(values, target) ?? '')
  ]
  return [
    ...jobTypeProblems(desired, held as Job, then, target),
    ...triggerProblems(desired, then),
    ...danglingProblems(desired, fields, found),
    ...(moves
      ? [
          alarm(
            'moved',
            entry.key,
            `${job} moves back from environment ${from}.`,
            `${job} was moved back from environment ${from}.`
          )
        ]
      : []),
    ...alarms,
    ...reactivationAlarm(desired, held as Job)
  ]
}

// The platform allows one production and one staging environment, and there may be another one by now.
function typeProblems(
  { name, values }: Desired,
  id: number,
  fields: Update['fields'],
  { environments }: Snapshot
): readonly Problem[] {
  const type = values['deployment_type'] ?? null
  if (type === null || !fields.some(({ path }) => path === 'deployment_type')) return []
  const other = environments.find((each) => each.id !== id && each.values.deployment_type === type)
  return other
    ? [
        problem(
          `Environment ${quoted(name)} would be the ${asText(type)} environment again, and ${quoted(other.name)} is that now; the platform allows one.`,
          `Give environment ${quoted(other.name)} another type first.`
        )
      ]
    : []
}

// What a job referred to may be gone by now.
function danglingProblems(
  { kind, name }: Desired,
  fields: Update['fields'],
  { held }: Found
): readonly Problem[] {
  const references = referencesOf(fieldsOf(kind))
  return fields.flatMap((field) => {
    if (isData(field)) return []
    const { path, to } = field
    const what = references.get(path)?.kind
    if (!isKind(what) || to === null || 'key' in to || to.project !== undefined) return []
    if (held(what, to.id)) return []
    return [
      problem(
        `${path} of ${kind} ${quoted(name)} would be ${what} ${to.id} again, which is not in the target any more.`,
        'Restore that one, or take the line of this job out of the journal and change the job by hand.'
      )
    ]
  })
}
