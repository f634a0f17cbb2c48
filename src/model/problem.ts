// Why a plan must not be applied, and what a reviewer should know. Found all at once, told all at once.

/** A reason not to apply: nothing is written while there is one. */
export interface Problem {
  /** What is wrong, with names and ids. */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
  /** Where it stands in a file; the message begins with it. */
  readonly place?: Place
}

/** A place in a file. Lines and columns count from 1. */
export interface Place {
  readonly file: string
  readonly line: number
  readonly column: number
}

/** A problem, in one line where it is found. @param place where it stands in a file */
export function problem(message: string, remedy: string, place?: Place): Problem {
  return place ? { message: `${placeText(place)}: ${message}`, remedy, place } : { message, remedy }
}

/** A place as editors know it: `promote.yml:12:7`. */
export function placeText({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`
}

/** The problem of a promotion onto itself. */
export function sameProjectProblem(): Problem {
  return problem(
    'The inputs source-project and target-project name the same project.',
    'Name the project to promote to in target-project.'
  )
}
