// All promotions of the matrix.
import { byFile } from './by-file.ts'
import { pauses } from './pauses.ts'
import type { Promotion } from './promotion.ts'
import { ofInputs, ofValues } from './rollbacks.ts'
import { values } from './values.ts'
import { byInputs } from './world.ts'

export const promotions: readonly Promotion[] = [
  byInputs,
  pauses,
  byFile,
  values,
  ofInputs,
  ofValues
]
