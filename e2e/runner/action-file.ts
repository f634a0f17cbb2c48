// Reads an action.yml with GitHub's own parser and schema.
import { NoOperationTraceWriter } from '@actions/workflow-parser'
import { convertActionTemplate, parseAction } from '@actions/workflow-parser/actions/index'
import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface ActionFile {
  readonly folder: string
  readonly inputs: readonly ActionInput[]
  /** The script to run, relative to the folder. */
  readonly main: string
}

export interface ActionInput {
  readonly id: string
  readonly default: TemplateToken | undefined
  readonly deprecation: string | undefined
}

/** Reads the action in a folder. Throws with every finding of GitHub's schema. */
export async function readAction(folder: string): Promise<ActionFile> {
  const file = join(folder, 'action.yml')
  const source = { name: file, content: await readFile(file, 'utf8') }
  const { context, value } = parseAction(source, new NoOperationTraceWriter())
  context.errors.check()
  if (value === undefined) throw new Error(`${file} is empty`)
  const { inputs = [], runs } = convertActionTemplate(context, value)
  context.errors.check()

  if (runs.using !== 'node24')
    throw new Error(`${file}: only node24 is supported, not ${runs.using}`)
  if (runs.pre !== undefined || runs.post !== undefined) {
    throw new Error(`${file}: pre and post are not supported by this runner`)
  }
  return {
    folder,
    main: runs.main,
    inputs: inputs.map((input) => ({
      id: input.id,
      default: input.default,
      deprecation: input.deprecationMessage
    }))
  }
}
