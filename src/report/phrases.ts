// The fixed phrases of the report, each in one place.
import type { AlarmKind } from '../model/remark.ts'
import { isOfValues, type Cause, type Change } from '../model/change.ts'
import type { Fate } from './result.ts'

/** The heading of each kind of alarm, before and after it is written, in the order in which it should be seen. */
export const alarmTitles: Readonly<Record<AlarmKind, readonly [planned: string, done: string]>> = {
  starts: ['Jobs that will run by themselves', 'Jobs that were set to run by themselves'],
  stops: [
    'Jobs that will no longer run by themselves',
    'Jobs that were stopped from running by themselves'
  ],
  times: ['Jobs that will run at other times', 'Jobs that were set to run at other times'],
  reactivated: ['Deactivated jobs that are saved', 'Deactivated jobs that were saved'],
  paused: [
    'Jobs that are switched off, since their source job is gone',
    'Jobs that were switched off, since their source job is gone'
  ],
  moved: ['Jobs that move to another environment', 'Jobs that were moved to another environment'],
  adopted: ['Jobs that are taken over', 'Jobs that were taken over'],
  version: ['dbt versions that go back', 'dbt versions that went back'],
  protected: ['Values that belong to the target', 'Values of the target that were changed']
}

/** What a cause is called. */
export const causeTexts: Readonly<Record<Cause, string>> = {
  source: 'source or spec moved',
  target: 'target edited by hand',
  unknown: 'cannot tell who moved',
  rollback: 'as before the promotion'
}

/** What is said of things after their number, in the order in which it is said: `3 jobs to create`. */
export const fateTexts: Readonly<Record<Fate, string>> = {
  create: 'to create',
  update: 'to update',
  pause: 'to pause',
  created: 'created',
  unlinked: 'created without references and triggers',
  updated: 'updated',
  paused: 'paused',
  partial: 'written in part',
  unclear: 'unclear',
  failed: 'failed',
  'not-attempted': 'not attempted',
  unchanged: 'unchanged'
}

/** What a kind is called, one and several. */
export const kindTexts: Readonly<Record<Change['kind'], readonly [string, string]>> = {
  attributes: ['record of extended attributes', 'records of extended attributes'],
  environment: ['environment', 'environments'],
  variable: ['variable', 'variables'],
  job: ['job', 'jobs'],
  override: ['override', 'overrides']
}

/** A change in words: `job "Nightly"`. @param name shows a name */
export function resourceText(change: Change, name: (text: string) => string): string {
  switch (change.kind) {
    case 'attributes':
      return 'extended attributes'
    case 'override':
      return `override of ${name(change.name)} for job ${name(change.job?.name ?? '')}`
    case 'environment':
    case 'variable':
    case 'job':
      return `${change.kind} ${name(change.name)}`
  }
}

/** A number of things: `1 job`, `2 jobs`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`
}

/** What is to be known of a change besides its fields. */
export function remarksOf(change: Change): readonly string[] {
  if (isOfValues(change)) {
    const reasons = new Set(change.kept.map(({ why }) => why))
    return [
      ...(reasons.has('secret') ? ['secret kept'] : []),
      ...(reasons.has('differs') ? ['another value kept'] : [])
    ]
  }
  if (change.op !== 'update') return []
  const isMarkedOnly = change.fields.length === 0
  return [
    ...(change.adopted ? ['taken over'] : []),
    ...(isMarkedOnly ? ['only marked'] : []),
    // Environments have no marker, so nothing is known of who moved them.
    ...(change.kind === 'job' && !isMarkedOnly ? [causeTexts[change.cause]] : [])
  ]
}
