// Reads a summary by the only grammar that it may have, so that what does not belong to it is found: a sign of markup
// that no rule of ours wrote, a row with a cell too many, a fence or fold that is not closed.

/** The texts in a summary that came from elsewhere, as a reader sees them. */
export interface Read {
  readonly codes: readonly string[]
  readonly proses: readonly string[]
  /** The lines of code blocks, without their fences. */
  readonly blocks: readonly string[]
  readonly links: readonly string[]
}

// Text that came from elsewhere: entities, and what is no markup wherever it stands in a line that has begun.
const free = String.raw`(?:[\p{L}\p{M}\p{N}\p{Zs},/(]|(?<=[^\d\s])\)|(?<=[\p{L}\p{N}])[-_.](?=[\p{L}\p{N}])|(?<=[\p{L}\p{N}]):(?= |$|<)|(?<=\p{L})\.(?= |$|<)|(?![\u0000-\u007f])[^\p{C}\p{Z}]|\ufe0f|&#\d{2,3};|<span>&#\d{2,3};</span>)*`
const codeText = `<code>${free}</code>`
const linkText = `<a href="https://ab123\\.us1\\.dbt\\.com/deploy/\\d+/projects/\\d+(?:/(?:jobs|environments)/\\d+)?">${codeText}</a>`
const proseText = `(?:${free}|${codeText})*`
// Text of ours: plain words.
const words = String.raw`[\w ,;:-]*`
const id = `(?:${linkText}|\\d+)?`
const resource = `(?:environment|extended attributes|(?:job|variable) ${codeText}|override of ${codeText} for job ${codeText})`
const origin = `(?:${codeText} (?:${linkText}|\\d+))?`

const rules: Readonly<Record<string, RegExp>> = {
  verdict: new RegExp(`^## ${words}$`, 'u'),
  sides: new RegExp(
    `^${linkText} \\(project \\d+, account \\d+\\) → ${linkText} \\(project \\d+, account \\d+\\)$`,
    'u'
  ),
  boxHead: /^> \[!(?:CAUTION|WARNING|NOTE)\]$/,
  boxTitle: /^> \*\*[A-Z][a-z ]+\*\*(?: \(\d+\))?$/,
  boxBlank: /^>$/,
  boxItem: new RegExp(`^> - (?! )${proseText}(?: <br>→ ${proseText})?$`, 'u'),
  item: new RegExp(`^- (?! )${proseText}$`, 'u'),
  cut: new RegExp(`^> This is longer than GitHub shows, and ends here\\. ${proseText}\\.$`, 'u'),
  heading: new RegExp(`^### (?:Environment ${codeText}|Variables of the project)$`, 'u'),
  tableHead: /^\|(?: [A-Za-z]* \|)+$/,
  tableRule: /^\|(?: --- \|)+$/,
  changeRow: new RegExp(
    `^\\| \\*{0,2}[a-z ]+\\*{0,2} \\| ${resource} \\| ${id} \\| ${origin} \\| (?:${codeText}|[a-z0-9,; ]|\\*\\*target edited by hand\\*\\*)* \\|$`,
    'u'
  ),
  unchangedRow: new RegExp(
    `^\\| (?:${codeText})? \\| ${resource} \\| ${id} \\| ${origin} \\|$`,
    'u'
  ),
  footer: new RegExp(`^<sub>[\\w ]+(?: · [\\w ]+ ${codeText})*</sub>$`, 'u')
}
const foldHead = new RegExp(
  `^<details(?: open)?><summary>(?:${codeText}|[\\w :;-])*</summary>$`,
  'u'
)

/** Reads a summary. @throws when it is not of the grammar */
export function read(markdown: string): Read {
  if (!markdown.endsWith('\n')) throw new Error('The last line has no end')
  const found = { codes: [] as string[], proses: [] as string[], blocks: [] as string[] }
  let fence = ''
  let folds = 0
  for (const line of markdown.slice(0, -1).split('\n')) {
    if (fence !== '') {
      if (line === fence) fence = ''
      else if (line.includes(fence)) throw new Error(`Not held by its fence: ${line}`)
      else if (!/^[-+ ] /.test(line)) throw new Error(`No line of a difference: ${line}`)
      else found.blocks.push(line)
    } else if (/^`{3,}diff$/.test(line)) {
      fence = line.slice(0, -'diff'.length)
      if (folds === 0) throw new Error('A difference that is not folded')
    } else if (foldHead.test(line)) {
      folds++
      found.codes.push(...codesIn(line))
    } else if (line === '</details>') {
      folds--
    } else if (line !== '') {
      if (!Object.values(rules).some((rule) => rule.test(line)))
        throw new Error(`Not of the grammar: ${line}`)
      found.codes.push(...codesIn(line))
      if (/^(?:> )?- /.test(line)) found.proses.push(shownAs(line.replace(/^(?:> )?- /, '')))
    }
    if (folds < 0 || folds > 1) throw new Error('Folds are not balanced')
  }
  if (fence !== '' || folds !== 0) throw new Error('Something is not closed')
  return { ...found, links: [...markdown.matchAll(/href="([^"]*)"/g)].map(([, url = '']) => url) }
}

/** The text that a reader sees of markup. */
export function shownAs(markup: string): string {
  return markup
    .replace(/<[^>]*>/g, '')
    .replace(/&#(\d+);/g, (_, point: string) => String.fromCodePoint(Number(point)))
}

function codesIn(line: string): readonly string[] {
  return [...line.matchAll(/<code>(.*?)<\/code>/gu)].map(([, inner = '']) => shownAs(inner))
}
