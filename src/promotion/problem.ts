// Why a plan must not be applied, and what a reviewer should know. Found all at once, told all at once.

/** A reason not to apply: nothing is written while there is one. */
export interface Problem {
  /** What is wrong, with names and ids. */
  readonly message: string
  /** What to do about it. */
  readonly remedy: string
}

/** A problem, in one line at the place where it is found. */
export function problem(message: string, remedy: string): Problem {
  return { message, remedy }
}

/** The problem of a promotion onto itself. */
export function sameProjectProblem(): Problem {
  return problem(
    'The inputs source-project and target-project name the same project.',
    'Name the project to promote to in target-project.'
  )
}
