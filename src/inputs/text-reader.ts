// Reads single values of the spec from texts: the inputs of the step, or the plain values of the config file. What is
// wrong is noted, and a harmless stand-in given back, so that everything is found at once.
import { quoted } from '../model/names.ts'
import { didYouMean } from '../model/near.ts'
import { parseOrigin } from './host.ts'
import { problem, type Place, type Problem } from '../model/remark.ts'
import { parseAim } from './aim.ts'
import { branchFault } from '../model/branch.ts'
import { parseNamed, parseSelector, type Selection, type Selector } from '../model/selector.ts'
import type { Rule, Side } from '../model/spec.ts'
import { templateFault, valuePlaceholders, withoutPlaceholders } from '../model/template.ts'

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

/** Where the texts of values are, by name. */
export type TextReader<Name extends string> = (name: Name) => TextValue

/** The text of one value, and what is wrong with it. */
export class TextValue {
  readonly #raw: string
  readonly #label: string
  readonly #problems: Problem[]
  readonly #place: Place | undefined

  /**
   * @param raw the text; empty where the value is not set
   * @param label how the value is called in messages: `The input host`
   * @param place where the value stands, if it is in a file
   */
  constructor(raw: string, label: string, problems: Problem[], place?: Place) {
    this.#raw = raw
    this.#label = label
    this.#problems = problems
    this.#place = place
  }

  /** The text, trimmed; empty where it is not set. */
  get text(): string {
    return this.#raw.trim()
  }

  get isSet(): boolean {
    return this.text !== ''
  }

  origin(): string {
    const parsed = parseOrigin(this.text)
    if ('origin' in parsed) return parsed.origin
    this.wrong(parsed.error, 'Give the host of your account, e.g. ab123.us1.dbt.com.')
    return ''
  }

  id(): number {
    const id = Number(this.text)
    if (/^\d+$/.test(this.text) && Number.isSafeInteger(id) && id > 0) return id
    this.wrong('is no positive whole number', 'Give digits only, as the dbt platform shows them.')
    return 0
  }

  optionalId(): number | undefined {
    return this.isSet ? this.id() : undefined
  }

  /** A whole number, zero included. */
  optionalCount(): number | undefined {
    if (!this.isSet) return undefined
    if (/^\d{1,9}$/.test(this.text)) return Number(this.text)
    this.wrong('is no whole number', 'Give digits only.')
    return undefined
  }

  /** An id or an exact name. @param what it is, for messages */
  named(what: 'project' | 'connection'): Side['project'] | undefined {
    const named = parseNamed(this.text)
    if (!('error' in named)) return named
    this.wrong(
      `is no id of a ${what}`,
      `Give the id of the ${what}, or its exact name; one of digits is written name:2024.`
    )
    return undefined
  }

  branch(defaultBranch: string | undefined): string | undefined {
    const { text } = this
    if (!this.isSet) return undefined
    if (text !== '(default)') {
      const template = this.template(valuePlaceholders) ?? text
      const fault = branchFault(withoutPlaceholders(template))
      if (fault !== undefined)
        this.wrong(
          `${fault}, so git does not know such a branch`,
          'Name the branch as git shows it.'
        )
      return text
    }
    if (defaultBranch === undefined)
      this.wrong('asks for the default branch, which this event does not tell', 'Name the branch.')
    return defaultBranch ?? text
  }

  /** One of a few words; the first is the default. */
  oneOf<const Word extends string>(words: readonly [Word, ...Word[]]): Word {
    return this.word(words, `it is ${words[0]}`) ?? words[0]
  }

  /** One of a few words. @param without what holds without it, as the end of a sentence */
  word<const Word extends string>(words: readonly Word[], without: string): Word | undefined {
    const { text } = this
    const word = words.find((each) => each === text)
    if (word === undefined && this.isSet)
      this.wrong(
        `is ${quoted(text)}, which is none of ${words.join(', ')}`,
        `${didYouMean(text, words)} Without it, ${without}.`.trim()
      )
    return word
  }

  /** True or false; the default is false. */
  flag(): boolean {
    const text = plainTruth(this.text)
    return text === 'true' || (text !== 'false' && this.oneOf(['false', 'true']) === 'true')
  }

  /** Some of a few words, one a line. @param what they are, for messages */
  words(known: readonly string[], what: string): readonly string[] {
    const lines = this.lines()
    const unknown = lines.filter((line) => !known.includes(line))
    const nearest = unknown.map((line) => didYouMean(line, known)).filter((each) => each !== '')
    if (unknown.length > 0)
      this.wrong(
        `lists ${unknown.map(quoted).join(', ')}`,
        [...nearest, `${what}, one a line: ${known.join(', ')}.`].join(' ')
      )
    return lines
  }

  template(allowed: readonly string[]): string | undefined {
    const { text } = this
    if (!this.isSet) return undefined
    const fault = templateFault(text, allowed)
    if (/^id:\s*\d+$/.test(text))
      this.wrong('is an id, and one object can stand for one source only', 'Write "from -> id:7".')
    else if (fault !== undefined)
      this.wrong(fault, 'Placeholders stand in braces, as in "prod – {name}".')
    return text
  }

  label(): string {
    const { text } = this
    if (this.isSet && !/^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,49}$/u.test(text))
      this.wrong(
        `is ${quoted(text)}`,
        'Give up to 50 letters, digits, blanks, dots, dashes and underscores.'
      )
    return text
  }

  /** Selectors alone, one a line. */
  selectors(): readonly Selector[] {
    return this.lines().flatMap((line) => {
      const selector = parseSelector(line)
      if (!('error' in selector)) return [selector]
      this.wrong(`holds a line that is no selector: ${selector.error}`, selectorHelp)
      return []
    })
  }

  /** A list of selectors, one a line; `from -> to` also names what it selects. */
  selection(placeholders: readonly string[]): NamedSelection {
    return selectionOf(this.lines(), placeholders, (fault) => {
      this.wrong(fault, selectorHelp)
    })
  }

  lines(): readonly string[] {
    return this.#raw
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== '')
  }

  wrong(fault: string, remedy: string): void {
    this.#problems.push(problem(`${this.#label} ${fault}.`, remedy, this.#place))
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
