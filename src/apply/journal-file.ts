// The file of a journal. All that is planned is in it before the first write; after that each line is appended as it
// comes, so that a large promotion costs one short write for each of its own, and a killed one leaves all but the line
// that was being written.
import {
  appendFileSync,
  closeSync,
  mkdtempSync,
  openSync,
  renameSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'
import { Failure } from '../model/failure.ts'
import { attemptLine, outcomeLine, plannedLines } from '../rollback/journal.ts'
import type { Values } from '../model/field.ts'
import type { Key } from '../model/keys.ts'
import type { Outcome } from '../model/outcome.ts'
import type { Plan } from '../promotion/plan.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** What is told of each write. */
export interface Recorder {
  /**
   * Told before an object is sent.
   * @param before the object as it was; null for a new one
   * @throws Failure when it can't be noted: then it must not be sent
   */
  readonly sending: (key: Key, sent: Values, before: Values | null) => void
  /** Told what became of a change, as often as that is told. It never throws. */
  readonly outcome: (outcome: Outcome) => void
}

/** A journal that is being written. */
interface JournalFile extends Recorder {
  readonly path: string
  readonly close: () => void
}

/**
 * Writes the journal of a plan, in a folder of its own below that of the runner's temporary files.
 * @throws Failure when it can't be written: then nothing else must be
 */
export function openJournal(plan: Plan, target: Snapshot): JournalFile {
  const { file, descriptor } = begun(plannedLines(plan, target))
  let fault: unknown
  const append = (line: string): void => {
    try {
      if (fault === undefined) appendFileSync(descriptor, line)
    } catch (error) {
      fault = error
    }
  }
  return {
    path: file,
    sending: (key, sent, before) => {
      append(attemptLine(key, sent, before))
      if (fault !== undefined) throw notWritten(fault)
    },
    outcome: (outcome) => {
      append(outcomeLine(outcome))
    },
    close: () => {
      closeSync(descriptor)
    }
  }
}

// Whoever finds the file finds it whole: it gets its name last.
function begun(lines: readonly string[]): {
  readonly file: string
  readonly descriptor: number
} {
  try {
    const temp = process.env['RUNNER_TEMP'] ?? ''
    const folder = mkdtempSync(path.join(temp === '' ? tmpdir() : temp, 'dbt-promote-'))
    const file = path.join(folder, 'journal.jsonl')
    writeFileSync(`${file}.new`, lines.join(''), { mode: 0o600, flag: 'wx' })
    renameSync(`${file}.new`, file)
    return { file, descriptor: openSync(file, 'a') }
  } catch (error) {
    throw notWritten(error)
  }
}

function notWritten(error: unknown): Failure {
  const why = error instanceof Error ? error.message : String(error)
  return new Failure(
    'apply-failed',
    `The journal could not be written: ${why}`,
    'Nothing is written without it. Give the runner room for temporary files, then run this again.'
  )
}
