// What the inputs ask for: a promotion, or the rollback of one.
import type { ConfigResult } from './inputs/read-config.ts'
import type { ReadSecrets } from './inputs/read-secrets.ts'
import { failureOf } from './model/failure.ts'
import type { Actions } from './github/actions.ts'
import { defaultBranch } from './github/event.ts'
import { readSpecInputs, tokenProblems, type RunOptions, type Tokens } from './inputs/inputs.ts'
import { otherTarget, parseRollback } from './inputs/parse-rollback.ts'
import { parseSpec } from './inputs/parse-spec.ts'
import type { Problem } from './model/remark.ts'
import { givenIn } from './model/secrets.ts'
import { promotionOf, rollbackOf, type Work } from './work.ts'

/** What the inputs ask for, and what is wrong with it. */
interface FoundWork {
  readonly work: Work | undefined
  /** What is told before the faults of a file. */
  readonly earlier: readonly Problem[]
  readonly problems: readonly Problem[]
}

/**
 * Reads what the inputs ask for.
 * @param others what is wrong with the inputs besides
 * @throws Failure with all that is wrong
 */
export async function readWork(
  actions: Actions,
  tokens: Tokens,
  secrets: ReadSecrets,
  { config, rollbackFrom }: Pick<RunOptions, 'config' | 'rollbackFrom'>,
  others: readonly Problem[]
): Promise<Work> {
  const file = await readConfigFile(config)
  const { work, earlier, problems } =
    rollbackFrom === ''
      ? promotionIn(actions, tokens, secrets, file)
      : await rollbackIn(actions, tokens, rollbackFrom, file)
  // With a file that can't be read, what else is missing is no news.
  const ofWork = file.problems.length > 0 ? file.problems : problems
  const all = [...earlier, ...ofWork, ...others]
  if (work === undefined || all.length > 0)
    throw failureOf('invalid-input', `${all.length} things are wrong with the inputs.`, all)
  return work
}

// YAML and the schema are only loaded where there is a file to read.
async function readConfigFile(file: string): Promise<ConfigResult> {
  if (file === '') return { located: undefined, problems: [] }
  const { readConfig } = await import('./inputs/read-config.ts')
  return readConfig(file)
}

/** The promotion that the inputs ask for. */
function promotionIn(
  actions: Actions,
  tokens: Tokens,
  secrets: ReadSecrets,
  file: ConfigResult
): FoundWork {
  const { spec, problems } = parseSpec(readSpecInputs(actions), {
    defaultBranch: defaultBranch(actions.event(), actions.workflow().ref),
    config: file.located,
    secrets: givenIn(secrets.values)
  })
  return {
    work: promotionOf(spec, tokens),
    earlier: [...tokenProblems(tokens), ...secrets.problems],
    problems
  }
}

/** The rollback that the inputs ask for. Secrets are masked by now, and left alone: no rollback writes one. */
async function rollbackIn(
  actions: Actions,
  tokens: Tokens,
  path: string,
  file: ConfigResult
): Promise<FoundWork> {
  const { wanted, problems } = parseRollback(readSpecInputs(actions), { config: file.located })
  const { readJournal } = await import('./inputs/read-journal.ts')
  const read = await readJournal(path)
  const { journal } = read
  const isKnown = journal !== undefined && problems.length === 0
  return {
    work: journal && rollbackOf(wanted, journal, tokens),
    earlier: tokenProblems({ source: tokens.target, target: tokens.target }),
    problems: [...problems, ...read.problems, ...(isKnown ? otherTarget(wanted, journal) : [])]
  }
}
