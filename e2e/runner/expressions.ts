// Evaluates `${{ }}` with GitHub's own evaluator.
import { data, Evaluator, Lexer, Parser } from '@actions/expressions'
import type { FunctionDefinition } from '@actions/expressions/funcs/info'
import { TokenType } from '@actions/expressions/lexer'
import { isBasicExpression, isMapping } from '@actions/workflow-parser'
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token'
import type { Status } from './types.ts'

/** What an expression can see. */
export interface Scope {
  /** `github`, `env`, `steps` and so on. */
  readonly contexts: Readonly<Record<string, unknown>>
  /** What success(), failure() and cancelled() ask about. */
  readonly status: Status
}

const contextNames = [
  'env',
  'github',
  'inputs',
  'job',
  'matrix',
  'needs',
  'runner',
  'secrets',
  'steps',
  'strategy',
  'vars'
]

/** The value of an expression, without its `${{ }}`. */
export function evaluate(expression: string, scope: Scope): data.ExpressionData {
  const { tokens } = new Lexer(expression).lex()
  for (const token of tokens) {
    // The lexer (0.3.61) unescapes only the first '' of a string.
    if (token.type === TokenType.STRING) {
      token.value = token.lexeme.slice(1, -1).replaceAll("''", "'")
    }
  }
  const functions = statusFunctions(scope.status)
  const tree = new Parser(tokens, contextNames, functions).parse()
  const byName = new Map(functions.map((definition) => [definition.name, definition]))
  return new Evaluator(tree, dictionary(scope.contexts), byName).evaluate()
}

/** Whether a condition holds. */
export function holds(expression: string, scope: Scope): boolean {
  const value = evaluate(`!!(${expression})`, scope)
  return value.coerceString() === 'true'
}

/** The text of a scalar, with its expressions evaluated. */
export function text(token: TemplateToken | undefined, scope: Scope): string {
  if (token === undefined) return ''
  if (isBasicExpression(token)) return evaluate(token.expression, scope).coerceString()
  return token.assertScalar('value').toString()
}

/** The texts of a mapping such as `env` or `with`. */
export function texts(token: TemplateToken | undefined, scope: Scope): Record<string, string> {
  if (token === undefined) return {}
  if (!isMapping(token)) throw new Error('An expression in place of a mapping is not supported')
  return Object.fromEntries(
    [...token].map(({ key, value }) => [text(key, scope), text(value, scope)])
  )
}

function dictionary(contexts: Readonly<Record<string, unknown>>): data.Dictionary {
  const all = Object.fromEntries(contextNames.map((name) => [name, contexts[name] ?? {}]))
  return JSON.parse(JSON.stringify(all), data.reviver) as data.Dictionary
}

function statusFunctions(status: Status): FunctionDefinition[] {
  const define = (name: string, value: boolean): FunctionDefinition => ({
    name,
    minArgs: 0,
    maxArgs: 0,
    call: () => new data.BooleanData(value)
  })
  return [
    define('success', status === 'success'),
    define('failure', status === 'failure'),
    define('cancelled', status === 'cancelled'),
    define('always', true)
  ]
}
