import { describe, expect, it } from '@jest/globals'
import { progress } from '../../src/github/progress.ts'

/** Reports so many pieces of work of so many milliseconds each. */
function work(pieces: number, milliseconds: number): readonly string[] {
  const lines: string[] = []
  let clock = 1_000_000
  const tell = progress(
    'writes done',
    (line) => lines.push(line),
    () => clock
  )
  for (let done = 1; done <= pieces; done++) {
    clock += milliseconds
    tell(done, pieces)
  }
  return lines
}

describe('progress', () => {
  it('is one line a second, however fast the work is', () => {
    expect(work(1000, 5)).toEqual([
      '200 of 1000 writes done',
      '400 of 1000 writes done',
      '600 of 1000 writes done',
      '800 of 1000 writes done'
    ])
  })

  it('is never more than one line for a piece of work', () => {
    expect(work(4, 3000)).toEqual([
      '1 of 4 writes done',
      '2 of 4 writes done',
      '3 of 4 writes done'
    ])
  })

  it('is nothing for work of less than a second', () => {
    expect(work(99, 10)).toEqual([])
  })

  it('leaves the end to the verdict', () => {
    expect(work(1, 60_000)).toEqual([])
  })
})
