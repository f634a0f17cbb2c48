// Name templates: text with placeholders, as in `prod – {name}`.

/** What the placeholders of a template stand for. */
export interface TemplateContext {
  readonly name: string
  /** The name of the target environment; only for jobs. */
  readonly environment?: string
  /** What the wildcards of the rule matched: `{1}`, `{2}` ... */
  readonly captures: readonly string[]
}

const placeholder = /\{([^{}]*)\}/g

/**
 * Checks a template.
 * @param allowed the names that may stand in braces, besides numbers up to `captures`
 * @returns what is wrong with it, or undefined
 */
export function templateFault(
  template: string,
  allowed: readonly string[],
  captures = 0
): string | undefined {
  if (template.trim() === '') return 'is blank'
  // Doubled braces, as in Jinja, would leave one pair.
  if (/[{}]/.test(template.replace(placeholder, ''))) return 'holds a brace without its other one'
  for (const [whole, inner = ''] of template.matchAll(placeholder)) {
    const number = /^[1-9]\d*$/.test(inner) ? Number(inner) : undefined
    if (number !== undefined && number <= captures) continue
    if (!allowed.includes(inner)) {
      const known = allowed.map((name) => `{${name}}`).join(', ')
      return `holds ${whole}, which is not known here (${known})`
    }
  }
  return undefined
}

/** The paths of `set` in which placeholders count; all other values are literal. */
const templated = ['custom_branch', 'settings.target_name']

/** Whether placeholders count in the value of a path. */
export function isTemplated(path: string): boolean {
  return templated.includes(path)
}

/** What may stand in braces in the value of such a path. */
export const valuePlaceholders = ['name', 'environment'] as const

/** A template with something in place of each placeholder, to be looked at before they can be filled in. */
export function withoutPlaceholders(template: string): string {
  return template.replace(placeholder, 'x')
}

/** Whether a template gives different names to different resources. */
export function variesByName(template: string): boolean {
  return /\{(name|\d+)\}/.test(template)
}

/** The text of a template with its placeholders filled in. The template must have passed `templateFault`. */
export function fill(template: string, context: TemplateContext): string {
  return template.replace(placeholder, (whole, inner: string) => {
    if (inner === 'name') return context.name.trim()
    if (inner === 'environment') return context.environment ?? whole
    return context.captures[Number(inner) - 1] ?? whole
  })
}
