// The text of a config file and what is wrong with it, for the tables of this folder and its neighbours.
import { parseConfig } from '../../src/inputs/read-config.ts'
import type { LocatedConfig } from '../../src/inputs/config.ts'
import { parseFile, type Inputs } from '../../testing/spec.ts'

/** What the file is called in messages. */
export const file = 'promote.yml'

/** What is wrong with the text of a file by itself, as messages. */
export function faultsOf(text: string): readonly string[] {
  return parseConfig(file, text).problems.map(({ message }) => message)
}

/** A file without faults, with its places. @throws when it has some */
export function located(text: string): LocatedConfig {
  const { located: config, problems } = parseConfig(file, text)
  if (!config) throw new Error(problems.map(({ message }) => message).join(' '))
  return config
}

/** What is wrong with a file and inputs together, as messages. */
export function problemsOf(text: string, inputs: Inputs = {}): readonly string[] {
  return parseFile(text, inputs).problems.map(({ message }) => message)
}
