// Reads what a rollback is asked for. What a promotion takes is of no interest to it, so that a workflow may give the
// same inputs to both; but where the token goes, the workflow must say, and not the journal.
import { fileInputs } from './input-table.ts'
import { readers, type InputTexts, type SpecContext } from './parse-spec.ts'
import type { Journal } from '../rollback/journal.ts'
import { quoted } from '../model/names.ts'
import { problem, type Problem } from '../model/remark.ts'
import type { RollbackSpec } from '../rollback/rollback.ts'

/** What a rollback is asked for, with the account in which the workflow wants it. */
interface WantedRollback extends RollbackSpec {
  readonly origin: string
  readonly account: number
}

/** Reads what is wanted; with problems, it must not be used. */
export function parseRollback(
  inputs: InputTexts,
  { config }: Pick<SpecContext, 'config'>
): { readonly wanted: WantedRollback; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const { input, counting } = readers(inputs, config, problems)
  const host = input('target-host').isSet ? 'target-host' : 'host'
  const account = input('target-account-id').isSet ? 'target-account-id' : 'account-id'
  const missing = ([host, account] as const).filter((name) => !input(name).isSet)
  problems.push(
    ...missing.map((name) =>
      problem(
        `The input ${name} is required and empty.`,
        'A rollback needs host, account-id and a token. What else it needs is in the journal.'
      )
    )
  )
  const project = counting('target-project')
  const wanted = {
    origin: missing.includes(host) ? '' : input(host).origin(),
    account: missing.includes(account) ? 0 : input(account).id(),
    project: project.isSet ? (project.named('project') ?? { id: 0 }) : undefined,
    maxChanges: fileInputs['max-changes'].read(counting('max-changes')),
    protect: fileInputs.protect.read(counting('protect'))
  }
  return { wanted, problems }
}

/** The problems of a journal of another target than the inputs name. */
export function otherTarget(rollback: WantedRollback, { head }: Journal): readonly Problem[] {
  const { origin, account, project } = head.target
  const wanted = rollback.project
  const differing = [
    ...(rollback.origin === origin ? [] : [['host', origin, rollback.origin]]),
    ...(rollback.account === account
      ? []
      : [['account', String(account), String(rollback.account)]]),
    ...(wanted === undefined || 'name' in wanted || wanted.id === project.id
      ? []
      : [['project', `${project.id} ${quoted(project.name)}`, String(wanted.id)]])
  ]
  return differing.map(([what = '', has = '', asked = '']) =>
    problem(
      `The journal is of ${what} ${has}, and the inputs name ${what} ${asked} as the target.`,
      'Give the journal of a run that wrote this target, or the inputs of the target that it wrote.'
    )
  )
}
