// Rollbacks: what the promotions by inputs and of values did is undone, from their journals.
import { isTypical } from './faults.ts'
import type { Promotion } from './promotion.ts'
import { values } from './values.ts'
import { byInputs, firstOf } from './world.ts'

const a = (n: number): number => firstOf.alpha + n

const asItWas = <T>(state: T): T => state

/** The rollback of the promotion by inputs. */
export const ofInputs: Promotion = {
  ...byInputs,
  name: 'a journal',
  undoes: byInputs,
  sinceThen: asItWas,
  places: ['read target', 'read again', 'update env', 'update job', 'pause job'],
  strikes: (fault, place) => place === 'pause job' || isTypical(fault),
  // Of the jobs that it made, these start by themselves.
  gone: [a(2), a(3), a(5), a(6), a(10), a(11)]
}

/** The rollback of the promotion of values. A secret that it wrote over stays, so nothing writes one. */
export const ofValues: Promotion = {
  ...values,
  name: 'a journal with values',
  undoes: values,
  sinceThen: asItWas,
  places: [
    'read variables',
    'read overrides',
    'read attributes',
    'patch attributes',
    'update env',
    'update variable',
    'read back',
    'update override',
    'pause job'
  ],
  // The update of an environment clears its record: after a lost answer nothing must take that for done.
  strikes: (fault, place) =>
    place === 'update env' ||
    (isTypical(fault) &&
      (['patch attributes', 'update variable', 'read back', 'update override'].includes(place) ||
        fault.kills === true)),
  gone: [a(1), a(2), a(3)]
}
