// Reads single values of the spec from texts: the inputs of the step, or the plain values of the config file. What is
// wrong is noted, and a harmless stand-in given back, so that everything is found at once.
import { quoted } from '../model/names.ts'
import { didYouMean } from '../model/near.ts'
import { parseOrigin } from './host.ts'
import { problem, type Place, type Problem } from '../model/remark.ts'
import { parseAim } from './aim.ts'
import { branchFault } from '../model/branch.ts'
import { parseNamed, parseSelector, type Selection, type Selector } from '../model/selector.ts'
import type { ConnectionRef, PromotionSpec, Rule, Side } from '../model/spec.ts'
import { templateFault, valuePlaceholders, withoutPlaceholders } from '../model/template.ts'

/** The kinds of resources, as the user names them. */
export const kindsOfResources = [
  'environments',
  'jobs',
  'variables',
  'overrides',
  'extended-attributes'
] as const

/** How to spell a selector, for messages. */
export const selectorHelp =
  'A line is an id, a name, a name with * or ?, any of them with ! before it to leave out, or "from -> to". ' +
  'A name of digits is written name:2024.'

/** A truth as people write it: what YAML 1.2 takes for one, of which workflows are made. */
export function plainTruth(text: string): string {
  return /^(true|True|TRUE|false|False|FALSE)$/.test(text) ? text.toLowerCase() : text
}

/** A selection with the names that its lines give. */
export interface NamedSelection {
  readonly selection: Selection
  readonly rules: readonly Rule[]
}

/** Texts by name, with what is wrong with them. */
export class TextReader<Name extends string> {
  readonly #texts: Readonly<Partial<Record<Name, string>>>
  readonly #label: (name: Name) => string
  readonly #problems: Problem[]
  readonly #placeOf: (name: Name) => Place | undefined

  /**
   * @param label how a value is called in messages: `The input host`
   * @param placeOf where a value stands, if it is in a file
   */
  constructor(
    texts: Readonly<Partial<Record<Name, string>>>,
    label: (name: Name) => string,
    problems: Problem[],
    placeOf: (name: Name) => Place | undefined = () => undefined
  ) {
    this.#texts = texts
    this.#label = label
    this.#problems = problems
    this.#placeOf = placeOf
  }

  /** The text of a value, trimmed; empty where it is not set. */
  text(name: Name): string {
    return (this.#texts[name] ?? '').trim()
  }

  has(name: Name): boolean {
    return this.text(name) !== ''
  }

  origin(name: Name): string {
    const parsed = parseOrigin(this.text(name))
    if ('origin' in parsed) return parsed.origin
    this.wrong(name, parsed.error, 'Give the host of your account, e.g. ab123.us1.dbt.com.')
    return ''
  }

  id(name: Name): number {
    return this.#id(name, this.text(name))
  }

  optionalId(name: Name): number | undefined {
    return this.has(name) ? this.id(name) : undefined
  }

  /** A whole number, zero included. */
  optionalCount(name: Name): number | undefined {
    const text = this.text(name)
    if (text === '' || /^\d{1,9}$/.test(text)) return text === '' ? undefined : Number(text)
    this.wrong(name, 'is no whole number', 'Give digits only.')
    return undefined
  }

  project(name: Name): Side['project'] {
    const text = this.text(name)
    const named = parseNamed(text)
    if (!('error' in named)) return named
    this.wrong(
      name,
      'is no id of a project',
      'Give the id of the project, or its exact name; one of digits is written name:2024.'
    )
    return { id: 0 }
  }

  branch(name: Name, defaultBranch: string | undefined): string | undefined {
    const text = this.text(name)
    if (text === '') return undefined
    if (text !== '(default)') {
      const template = this.template(name, valuePlaceholders) ?? text
      const fault = branchFault(withoutPlaceholders(template))
      if (fault !== undefined)
        this.wrong(
          name,
          `${fault}, so git does not know such a branch`,
          'Name the branch as git shows it.'
        )
      return text
    }
    if (defaultBranch === undefined) {
      this.wrong(
        name,
        'asks for the default branch, which this event does not tell',
        'Name the branch.'
      )
    }
    return defaultBranch ?? text
  }

  /** One of a few words; the first is the default. */
  oneOf<const Word extends string>(name: Name, words: readonly [Word, ...Word[]]): Word {
    const text = this.text(name)
    const word = words.find((each) => each === text)
    if (word !== undefined || text === '') return word ?? words[0]
    this.wrong(
      name,
      `is ${quoted(text)}, which is none of ${words.join(', ')}`,
      `${didYouMean(text, words)} Without it, it is ${words[0]}.`.trim()
    )
    return words[0]
  }

  /** True or false; the default is false. */
  flag(name: Name): boolean {
    const text = plainTruth(this.text(name))
    if (text === 'true') return true
    return text === 'false' ? false : this.oneOf(name, ['false', 'true']) === 'true'
  }

  /** `general` is how the UI calls an environment that is neither production nor staging: null for the API. */
  deploymentType(name: Name): string | null | undefined {
    if (!this.has(name)) return undefined
    const type = this.text(name)
    if (type === 'general') return null
    if (type !== 'production' && type !== 'staging') {
      const words = ['production', 'staging', 'general']
      this.wrong(
        name,
        `is ${quoted(type)}, which is none of ${words.join(', ')}`,
        `${didYouMean(type, words)} Without it, existing environments keep theirs.`.trim()
      )
    }
    return type
  }

  connection(name: Name): ConnectionRef | null {
    const text = this.text(name)
    if (text === '') return null
    const named = parseNamed(text)
    if (!('error' in named)) return named
    this.wrong(
      name,
      'is no id of a connection',
      'Give the id of the connection, or its exact name; one of digits is written name:2024.'
    )
    return null
  }

  resources(name: Name): PromotionSpec['resources'] {
    const lines = this.lines(name)
    const unknown = lines.filter((line) => !kindsOfResources.some((kind) => kind === line))
    if (unknown.length > 0) {
      this.wrong(
        name,
        `lists ${unknown.map(quoted).join(', ')}`,
        [
          ...unknown
            .map((line) => didYouMean(line, kindsOfResources))
            .filter((each) => each !== ''),
          `A promotion has resources of these kinds, one a line: ${kindsOfResources.join(', ')}.`
        ].join(' ')
      )
    }
    const has = (kind: (typeof kindsOfResources)[number]): boolean => lines.includes(kind)
    if (has('overrides') && !has('jobs'))
      this.wrong(name, 'lists overrides without jobs', 'Overrides belong to jobs: add jobs.')
    if (has('extended-attributes') && !has('environments')) {
      this.wrong(
        name,
        'lists extended-attributes without environments',
        'Extended attributes belong to environments: add environments.'
      )
    }
    return {
      environments: lines.length === 0 || has('environments'),
      jobs: lines.length === 0 || has('jobs'),
      variables: has('variables'),
      overrides: has('overrides'),
      attributes: has('extended-attributes')
    }
  }

  template(name: Name, allowed: readonly string[]): string | undefined {
    const text = this.text(name)
    if (text === '') return undefined
    const fault = templateFault(text, allowed)
    if (/^id:\s*\d+$/.test(text))
      this.wrong(
        name,
        'is an id, and one object can stand for one source only',
        'Write "from -> id:7".'
      )
    else if (fault !== undefined)
      this.wrong(name, fault, 'Placeholders stand in braces, as in "prod – {name}".')
    return text
  }

  label(name: Name): string {
    const text = this.text(name)
    if (text !== '' && !/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,49}$/u.test(text)) {
      this.wrong(
        name,
        `is ${quoted(text)}`,
        'Give up to 50 letters, digits, blanks, dots, dashes and underscores.'
      )
    }
    return text
  }

  /** Selectors alone, one a line. */
  selectors(name: Name): readonly Selector[] {
    return this.lines(name).flatMap((line) => {
      const selector = parseSelector(line)
      if (!('error' in selector)) return [selector]
      this.wrong(name, `holds a line that is no selector: ${selector.error}`, selectorHelp)
      return []
    })
  }

  /** A list of selectors, one a line; `from -> to` also names what it selects. */
  selection(name: Name, placeholders: readonly string[]): NamedSelection {
    return selectionOf(this.lines(name), placeholders, (fault) => {
      this.wrong(name, fault, selectorHelp)
    })
  }

  lines(name: Name): readonly string[] {
    return (this.#texts[name] ?? '')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }

  wrong(name: Name, fault: string, remedy: string): void {
    this.#problems.push(problem(`${this.#label(name)} ${fault}.`, remedy, this.#placeOf(name)))
  }

  #id(name: Name, text: string): number {
    const id = Number(text)
    if (/^\d+$/.test(text) && Number.isSafeInteger(id) && id > 0) return id
    this.wrong(
      name,
      'is no positive whole number',
      'Give digits only, as the dbt platform shows them.'
    )
    return 0
  }
}

/** What selector lines select, and how they name it. @param wrong told of each line that is no selector */
export function selectionOf(
  lines: readonly string[],
  placeholders: readonly string[],
  wrong: (fault: string, index: number) => void
): NamedSelection {
  const include: Selector[] = []
  const exclude: Selector[] = []
  const rules: Rule[] = []
  lines.forEach((line, index) => {
    const excluding = line.startsWith('!')
    const [from = '', to, ...more] = (excluding ? line.slice(1) : line).split(/\s+->\s*/)
    const selector = parseSelector(from.trim())
    if ('error' in selector) {
      wrong(`holds a line that is no selector: ${selector.error}`, index)
    } else if (from.trim() === '' || more.length > 0 || (excluding && to !== undefined)) {
      wrong(`holds the line ${quoted(line)}, which is no selector`, index)
    } else {
      ;(excluding ? exclude : include).push(selector)
      if (to === undefined) return
      const aim = parseAim(to, placeholders, wildcardsOf(selector))
      if ('fault' in aim) wrong(`maps ${quoted(from)} to a name that ${aim.fault}`, index)
      else rules.push({ match: selector, ...aim, set: [], keep: [] })
    }
  })
  return { selection: { include, exclude }, rules }
}

/** How many wildcards a selector has: the numbers that a template may use. */
export function wildcardsOf(selector: Selector): number {
  return selector.by === 'name' && selector.isLiteral !== true
    ? [...selector.pattern].filter((char) => char === '*' || char === '?').length
    : 0
}
