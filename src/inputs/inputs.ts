// Reads the inputs: secrets first, so that they are masked before anything else can be logged.
import type { ReadSecrets } from './read-secrets.ts'
import type { Actions } from '../github/actions.ts'
import type { CommentPolicy } from '../github/write-comment.ts'
import { specInputs } from './input-table.ts'
import type { InputTexts } from './parse-spec.ts'
import { problem, type Problem } from '../model/remark.ts'
import { modeAt, namedMode } from './mode.ts'
import { didYouMean } from '../model/near.ts'
import { plainTruth } from './text-reader.ts'
import type { ChosenMode, Mode } from '../report/result.ts'
import { anyHash, hashForm } from '../report/reviewed-plan.ts'

/** The tokens of both sides, each with the input that it came from. */
export interface Tokens {
  readonly source: Token
  readonly target: Token
}
interface Token {
  readonly value: string
  readonly input: string
}

/** How a promotion is run, apart from what it promotes. */
export interface RunOptions {
  readonly mode: Mode
  /** Why it is that mode; undefined where none could be chosen. */
  readonly chosen: ChosenMode | undefined
  /** The path of the config file; empty for none. */
  readonly config: string
  /** Where to write the plan; empty for nowhere. */
  readonly planFile: string
  /** The path of a journal to undo; empty for a promotion. */
  readonly rollbackFrom: string
  /** Whether reports show the values of variables that are no secrets. */
  readonly showValues: boolean
  readonly parallelism: number
  readonly requestsPerMinute: number
  readonly deadlineMinutes: number
  readonly comment: CommentPolicy
  /** What must have been reviewed: `comment`, or the path of a plan file; empty for nothing. */
  readonly reviewedPlan: string
  /** The hash that the plan must have, or `any`; empty where the workflow gives none for it, which no plan has. */
  readonly expectedPlanHash: string
}

/** Reads and masks the tokens. */
export function readTokens(actions: Actions): Tokens {
  const read = (input: string): Token => {
    const value = actions.input(input)
    if (value !== '') actions.mask(value)
    return { value, input }
  }
  const both = read('token')
  const source = read('source-token')
  const target = read('target-token')
  return {
    source: source.value === '' ? both : source,
    target: target.value === '' ? both : target
  }
}

/** Reads and masks the token for GitHub. */
export function readGitHubToken(actions: Actions): string {
  const token = actions.input('github-token')
  if (token !== '') actions.mask(token)
  return token
}

/**
 * Reads and masks the secrets for variables. The library that reads them is only loaded where there are some.
 */
export async function readSecrets(actions: Actions): Promise<ReadSecrets> {
  const text = actions.rawInput('secrets')
  if (text.trim() === '') return { values: new Map(), texts: [], problems: [] }
  const { parseSecrets } = await import('./read-secrets.ts')
  const read = parseSecrets(text)
  for (const secret of read.texts) actions.mask(secret)
  return read
}

/** What is wrong with the tokens: a side that has none, or a text that can be no token. */
export function tokenProblems({ source, target }: Tokens): readonly Problem[] {
  const missing = [source, target].some(({ value }) => value === '')
  const odd = [source, target].filter(({ value }) => value !== '' && !/^[\x21-\x7e]+$/.test(value))
  return [
    ...(missing
      ? [
          problem(
            'The input token is required and empty.',
            'Give it a secret: token: ${{ secrets.DBT_TOKEN }}. ' +
              'A secret that is not set, or not passed on to a reusable workflow, arrives empty.'
          )
        ]
      : []),
    ...[...new Set(odd.map(({ input }) => input))].map((input) =>
      problem(
        `The input ${input} holds blanks, line breaks or characters that no token has.`,
        'Store the secret again, with nothing around it.'
      )
    )
  ]
}

/** What is wrong with the token for GitHub: that it is missing where it is needed. */
export function githubProblems(
  token: string,
  { comment, reviewedPlan }: Pick<RunOptions, 'comment' | 'reviewedPlan'>
): readonly Problem[] {
  const needing = [
    ...(comment === 'never' ? [] : ['comment']),
    ...(reviewedPlan === 'comment' ? ['reviewed-plan'] : [])
  ]
  const [first] = needing
  if (token !== '' || first === undefined) return []
  return [
    problem(
      `The input github-token is empty, and ${first} needs it.`,
      'Leave it out, which takes the token of the workflow, or give it a secret.'
    )
  ]
}

/**
 * What is wrong with the hash that is expected: that it is empty where it is to decide. GitHub empties an output that
 * contains a secret, so an empty hash is not the same as none. None is `any`, the default in action.yml: the runner puts a
 * default only where the workflow does not name the input, also where it is empty
 * (https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionRunner.cs).
 */
export function hashProblems({
  mode,
  expectedPlanHash
}: Pick<RunOptions, 'mode' | 'expectedPlanHash'>): readonly Problem[] {
  if (mode !== 'apply' || expectedPlanHash !== '') return []
  return [
    problem(
      'The input expected-plan-hash is empty, so no plan may be applied.',
      'GitHub empties an output that contains a secret, and a job that did not run has none: see whether the job that ' +
        'planned says so. Without this input, or with any, every plan may be applied.'
    )
  ]
}

/** Reads the inputs of the spec. */
export function readSpecInputs(actions: Actions): InputTexts {
  return Object.fromEntries(specInputs.map((name) => [name, actions.input(name)])) as InputTexts
}

/** Reads how to run; what is wrong is told with everything else. */
export function readRunOptions(actions: Actions): {
  readonly options: RunOptions
  readonly problems: readonly Problem[]
} {
  const problems: Problem[] = []
  const number = (name: string, otherwise: number, most: number): number => {
    const text = actions.input(name)
    if (text === '') return otherwise
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= 1 && value <= most) return value
    problems.push(
      problem(
        `The input ${name} is no whole number from 1 to ${most}.`,
        `Without it, it is ${otherwise}.`
      )
    )
    return otherwise
  }
  const oneOf = <T extends string>(
    name: string,
    values: readonly T[],
    otherwise: T,
    wrong = otherwise
  ): T => {
    const text = plainTruth(actions.input(name))
    const found = values.find((each) => each === (text === '' ? otherwise : text))
    if (found !== undefined) return found
    const fault = `The input ${name} is none of ${values.join(', ')}.`
    const remedy = `${didYouMean(text, values)} Without it, it is ${otherwise}.`.trim()
    problems.push(problem(fault, remedy))
    return wrong
  }
  const mode = oneOf<Mode | 'auto' | ''>('mode', modes, 'auto', '')
  const chosen = chosenMode(actions, mode, problems)
  const reviewedPlan = actions.input('reviewed-plan')
  const expectedPlanHash = actions.input('expected-plan-hash').toLowerCase()
  if (!['', anyHash].includes(expectedPlanHash) && !hashForm.test(expectedPlanHash)) {
    problems.push(
      problem(
        'The input expected-plan-hash is no hash of a plan.',
        'Give it the output plan-hash of the run that planned.'
      )
    )
  }
  return {
    options: {
      mode: chosen?.mode ?? 'plan',
      chosen,
      config: actions.input('config'),
      planFile: actions.input('plan-file'),
      rollbackFrom: actions.input('rollback-from'),
      showValues: oneOf('show-values', ['true', 'false'], 'false') === 'true',
      parallelism: number('parallelism', 10, 50),
      requestsPerMinute: number('requests-per-minute', 2000, 5000),
      deadlineMinutes: number('deadline-minutes', 30, 360),
      // Whoever wants the plan of the comment applied wants the comment.
      comment: oneOf('comment', comments, reviewedPlan === 'comment' ? 'changes' : 'never'),
      reviewedPlan,
      expectedPlanHash
    },
    problems
  }
}

// A mode that is none is told of already.
function chosenMode(
  actions: Actions,
  mode: Mode | 'auto' | '',
  problems: Problem[]
): ChosenMode | undefined {
  if (mode === '') return undefined
  if (mode !== 'auto') return namedMode(mode)
  const event = actions.event()
  if (event.name !== '') return modeAt(event, actions.workflow().ref)
  problems.push(
    problem(
      'The input mode is auto, which goes by the event of the workflow, and there is none.',
      'Set mode to plan, apply or check.'
    )
  )
  return undefined
}

const modes: readonly (Mode | 'auto')[] = ['auto', 'plan', 'apply', 'check']
const comments: readonly CommentPolicy[] = ['never', 'changes', 'always']
