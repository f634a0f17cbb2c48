// Which promotion a run is asked for, told from its inputs alone: so a run that fails at once knows its comment too.
import { specInputs, type SpecInput } from './input-table.ts'
import type { Actions } from '../github/actions.ts'
import { digest } from '../model/digest.ts'

/** Inputs that say what is promoted, and where to; not those that say how, so that a change of them is the same comment. */
const asked: readonly (SpecInput | 'config' | 'rollback-from')[] = [
  'source-project',
  'target-project',
  'environments',
  'jobs',
  'resources',
  'label',
  'config',
  'rollback-from'
]

/** A promotion as the inputs tell it, in short texts that are the same for the same inputs. */
interface PromotionId {
  /** What is promoted, and where to. */
  readonly promotion: string
  /** All that the inputs say of it: what tells one leg of a workflow's run from another of the same promotion. */
  readonly leg: string
}

/** The promotion that the inputs ask for. */
export function promotionId({ input }: Pick<Actions, 'input'>): PromotionId {
  const side = (host: string, account: string): readonly string[] => [hostOf(host), account]
  const source = [input('host'), input('account-id')] as const
  const target = [
    input('target-host') || source[0],
    input('target-account-id') || source[1]
  ] as const
  const texts = [...side(...source), ...side(...target), ...asked.map((name) => lines(input(name)))]
  const all = [...texts, ...specInputs.toSorted().map((name) => [name, lines(input(name))])]
  return { promotion: digest(texts).slice(0, 16), leg: digest(all).slice(0, 16) }
}

// The same host may be written in several ways.
function hostOf(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/^https?:\/\//, '')
    .replace(/\/.*$/, '')
}

function lines(text: string): string {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}
