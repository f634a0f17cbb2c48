// Why the values of a variable or an override are not as they should be, in words.
import type { JsonObject } from '../model/json.ts'
import { hiding, type Hide } from '../model/hide.ts'
import { Failure } from '../model/failure.ts'
import type { ValuesChange } from '../model/change.ts'
import { quoted } from '../model/names.ts'
import { failureOf, type Lost, type ValueWrite } from '../promotion/value-writes.ts'

/** What a good answer to a write tells. */
export interface Told {
  /** What it says against single values. */
  readonly failures: JsonObject
  /** The value that it shows, of the write of an override. */
  readonly shown?: string | undefined
  /** Whether another attempt may have been carried out before it. */
  readonly inDoubt: boolean
}

/** A write of a variable that was sent, with what came of it. */
export interface Sent extends Told {
  readonly change: ValuesChange
  readonly write: ValueWrite
  /** Why it could not be sent once more. */
  readonly error?: Failure
}

export function changedMeanwhile({ name }: ValuesChange): Failure {
  return new Failure(
    'plan-changed',
    `Variable ${name} was changed by somebody else while this run wrote other things, so it was not written.`,
    'Run this again to plan from what is there now.'
  )
}

// The list of jobs told of it; its id, without which it can't be changed, is only told for the job by itself.
export function unseen({ doing }: ValueWrite): Failure {
  return new Failure(
    'apply-failed',
    `${doing}: the platform lists this value with the job, and does not show it when it is asked for those of the job.`,
    'Set the value in the target.'
  )
}

export function otherValue({ doing }: ValueWrite): Failure {
  return new Failure(
    'apply-failed',
    `${doing}: the platform answered that the value is another than the one that was sent.`,
    'Look at the value in the target, then run this again.'
  )
}

export function notSet(
  { change, failures, write, error }: Sent,
  lost: readonly Lost[],
  hideSecrets: Hide
): Failure {
  const hide = hiding(write.request.sensitive ?? [])
  const words = lost.map(({ place, why }) => {
    if (why === 'gone') return `${quoted(place)} (it had one before)`
    if (why === 'other') return `${quoted(place)} (somebody else gave it another one)`
    const reason = failureOf(failures, write.keys, place)
    const told = typeof reason === 'string' ? hide(hideSecrets(reason)).slice(0, mostOfReason) : ''
    return `${quoted(place)}${told === '' ? '' : ` (${told})`}`
  })
  const cause = error ? ` ${error.message}` : ''
  return new Failure(
    error?.reason ?? 'apply-failed',
    `Variable ${change.name} was written, and it has no such value now for ${words.join(', ')}.${cause}`,
    'Run this again: an environment that is new may not be known everywhere yet. If it lasts, set the value in the target.'
  )
}

/** The longest reason that is told, in characters. */
const mostOfReason = 200
