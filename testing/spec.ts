// Specs from the text of a config file, with inputs beside it.
import { parseConfig } from '../src/inputs/read-config.ts'
import { specInputs, type SpecInput } from '../src/inputs/input-table.ts'
import { parseSpec } from '../src/inputs/parse-spec.ts'
import type { Problem } from '../src/model/remark.ts'
import type { PromotionSpec } from '../src/model/spec.ts'

export type Inputs = Partial<Record<SpecInput, string>>

/** The spec of a file and inputs, with its problems, whether of the file or of the spec. */
export function parseFile(
  text: string,
  inputs: Inputs = {}
): { readonly spec: PromotionSpec; readonly problems: readonly Problem[] } {
  const file = parseConfig('promote.yml', text)
  const texts = Object.fromEntries(specInputs.map((name) => [name, ''])) as Record<
    SpecInput,
    string
  >
  const { spec, problems } = parseSpec(
    { ...texts, host: 'ab123.us1.dbt.com', 'account-id': '28885', ...inputs },
    { defaultBranch: undefined, config: file.located }
  )
  return { spec, problems: [...file.problems, ...(file.located ? problems : [])] }
}

/** The spec of a file that is right. @throws when it is not */
export function specOfText(text: string, inputs: Inputs = {}): PromotionSpec {
  const { spec, problems } = parseFile(text, inputs)
  if (problems.length > 0) throw new Error(problems.map(({ message }) => message).join(' '))
  return spec
}
