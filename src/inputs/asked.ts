// Which promotion a run is asked for, told from its inputs alone: so a run that fails at once knows its comment too.
import { createHash } from 'node:crypto'
import type { SpecInput } from './parse-spec.ts'
import type { Actions } from '../github/actions.ts'

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

/** The promotion that the inputs ask for, as a short text that is the same for the same inputs. */
export function promotionAsked({ input }: Pick<Actions, 'input'>): string {
  const side = (host: string, account: string): readonly string[] => [hostOf(host), account]
  const source = [input('host'), input('account-id')] as const
  const target = [
    input('target-host') || source[0],
    input('target-account-id') || source[1]
  ] as const
  const texts = [...side(...source), ...side(...target), ...asked.map((name) => lines(input(name)))]
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16)
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
