// `npm run test:faults`: every fault at every request of a promotion, as one table. It fails when a cell is red.
//
//   npm run test:faults -- [WORD]   only the faults whose name holds the word
import { faults } from '../__tests__/faults/faults.ts'
import { baseline, runMatrix, tableOf } from '../__tests__/faults/matrix.ts'

const word = process.argv[2] ?? ''
const begin = performance.now()
const matrix = await runMatrix(
  await baseline(),
  faults.filter(({ name }) => name.includes(word))
)
console.log(tableOf(matrix))
console.log(`in ${((performance.now() - begin) / 1000).toFixed(1)} s`)
for (const text of matrix.red) console.log(`RED ${text}`)
process.exitCode = matrix.red.length === 0 ? 0 : 1
