// How each kind is spoken of, and what of it may show: all that a report needs to know, so that it names no kind itself.
import type { Change } from '../model/change.ts'
import type { Kind, ValueKind } from '../model/keys.ts'
import { quoted } from '../model/names.ts'

/** Shows a name, as the place where it is shown needs it. */
type Show = (name: string) => string

/** How a kind is spoken of. */
interface Words {
  /** What it is called, one and several. */
  readonly called: readonly [one: string, several: string]
  /** A change in words: `job "Nightly"`. */
  readonly title: (change: Change, show: Show) => string
  /** One of a name, in quotes, at the end of a sentence: `job "Nightly"`. */
  readonly named: (name: string) => string
  /** One of the target by its id, at the head of a sentence. @param home its environment; null where that is not told */
  readonly titled: (id: number, name: string, home: string | null) => string
  /** Whether it has a name and an id that people know; else it goes by those of its environment. */
  readonly isKnownByName: boolean
  /** A reference to one, before the names in its key: `job "Nightly" in "production"`. */
  readonly referred: string
  /** The folder of its pages below those of the project; null for what has none. */
  readonly pages: string | null
  /** Whether a change of it stands under the name of an environment. */
  readonly isInEnvironment: boolean
  /** Whether its marker tells who moved. */
  readonly tellsCause: boolean
  /** Whether what it holds is the user's own, and shows only on request. */
  readonly isHidden: boolean
}

const titledAs =
  (kind: string): Words['titled'] =>
  (id, name, home) =>
    `${kind} ${id} ${quoted(name)}${home === null ? '' : ` in ${quoted(home)}`}`

const plain = {
  pages: null,
  isInEnvironment: true,
  tellsCause: false,
  isHidden: false,
  isKnownByName: true
} as const

/** The words of each kind, in the order in which counts are told. */
export const words: Readonly<Record<Kind | ValueKind, Words>> = {
  attributes: {
    ...plain,
    called: ['record of extended attributes', 'records of extended attributes'],
    title: () => 'extended attributes',
    referred: 'extended attributes of',
    named: (name) => `the extended attributes of environment ${name}`,
    titled: (id, name) => `The record ${id} of extended attributes of environment ${quoted(name)}`,
    isKnownByName: false,
    isHidden: true
  },
  environment: {
    ...plain,
    called: ['environment', 'environments'],
    title: ({ name }, show) => `environment ${show(name)}`,
    named: (name) => `environment ${name}`,
    titled: titledAs('Environment'),
    referred: 'environment',
    pages: 'environments'
  },
  variable: {
    ...plain,
    called: ['variable', 'variables'],
    title: ({ name }, show) => `variable ${show(name)}`,
    named: (name) => `variable ${name}`,
    titled: titledAs('Variable'),
    referred: 'variable',
    isInEnvironment: false
  },
  job: {
    ...plain,
    called: ['job', 'jobs'],
    title: ({ name }, show) => `job ${show(name)}`,
    named: (name) => `job ${name}`,
    titled: titledAs('Job'),
    referred: 'job',
    pages: 'jobs',
    tellsCause: true
  },
  override: {
    ...plain,
    called: ['override', 'overrides'],
    title: (change, show) =>
      `override of ${show(change.name)} for job ${show('job' in change ? (change.job?.name ?? '') : '')}`,
    named: (name) => `override ${name}`,
    titled: titledAs('Override'),
    referred: 'override'
  }
}

/** The words of the kind that a key is of. */
export function wordsOfKey(key: string): Words | undefined {
  const kind = key.slice(0, key.indexOf(':'))
  return new Map<string, Words>(Object.entries(words)).get(kind)
}
