// Reads what a rollback is asked for. What a promotion takes is of no interest to it, so that a workflow may give the
// same inputs to both; but where the token goes, the workflow must say, and not the journal.
import { fileReader, type InputTexts, type SpecContext, type SpecInput } from './parse-spec.ts'
import type { Journal } from '../rollback/journal.ts'
import { quoted } from '../model/names.ts'
import { problem, type Problem } from '../model/remark.ts'
import type { RollbackSpec } from '../rollback/rollback.ts'
import { TextReader } from './text-reader.ts'

/** What a rollback is asked for, with the account in which the workflow wants it. */
export interface RollbackRequest extends RollbackSpec {
  readonly origin: string
  readonly account: number
}

/** Reads the request; with problems, it must not be used. */
export function parseRollback(
  inputs: InputTexts,
  { config }: Pick<SpecContext, 'config'>
): { readonly request: RollbackRequest; readonly problems: readonly Problem[] } {
  const problems: Problem[] = []
  const input = new TextReader<SpecInput>(inputs, (name) => `The input ${name}`, problems)
  const file = fileReader(config, problems)
  const reader = (name: SpecInput): TextReader<SpecInput> => (input.has(name) ? input : file)
  const host = input.has('target-host') ? 'target-host' : 'host'
  const account = input.has('target-account-id') ? 'target-account-id' : 'account-id'
  const missing = [host, account].filter((name) => !input.has(name as SpecInput))
  problems.push(
    ...missing.map((name) =>
      problem(
        `The input ${name} is required and empty.`,
        'A rollback needs host, account-id and a token. What else it needs is in the journal.'
      )
    )
  )
  const request = {
    origin: input.has(host) ? input.origin(host) : '',
    account: input.has(account) ? input.id(account) : 0,
    project: reader('target-project').has('target-project')
      ? reader('target-project').project('target-project')
      : undefined,
    maxChanges: reader('max-changes').optionalCount('max-changes') ?? null,
    protect: reader('protect').selectors('protect')
  }
  return { request, problems }
}

/** The problems of a journal of another target than the inputs name. */
export function otherTarget(request: RollbackRequest, { head }: Journal): readonly Problem[] {
  const { origin, account, project } = head.target
  const wanted = request.project
  const differing = [
    ...(request.origin === origin ? [] : [['host', origin, request.origin]]),
    ...(request.account === account ? [] : [['account', String(account), String(request.account)]]),
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
