// The fixed phrases of the report, each in one place.
import { words } from '../kinds/words.ts'
import type { AlarmKind } from '../model/remark.ts'
import { isOfValues, type By, type Cause, type Change, type Update } from '../model/change.ts'
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

/** Why a change is about its object of the target. */
export const pairTexts: Readonly<Record<By, string>> = {
  new: 'there is none yet',
  marker: 'known by its marker',
  name: 'known by its name',
  mapping: 'mapped by id',
  adopted: 'taken over by its name',
  binding: 'the environment refers to it',
  journal: 'named by the journal'
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

/** A change in words: `job "Nightly"`. @param name shows a name */
export function resourceText(change: Change, name: (text: string) => string): string {
  return words[change.kind].title(change, name)
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
    ...(isPairingTold(change) ? [pairTexts[change.by]] : []),
    ...(isMarkedOnly ? ['only marked'] : []),
    // Environments have no marker, so nothing is known of who moved them.
    ...(words[change.kind].tellsCause && !isMarkedOnly ? [causeTexts[change.cause]] : [])
  ]
}

// That an object has the name that it gets needs no word.
function isPairingTold({ by, fields }: Update): boolean {
  return by === 'mapping' || (by === 'marker' && fields.some(({ path }) => path === 'name'))
}
