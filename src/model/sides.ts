// The two projects of a plan, as it names them.
import { problem, type Problem } from './remark.ts'
/** A project, as the plan names it. */
export interface PlanSide {
  readonly origin: string
  readonly account: number
  readonly project: { readonly id: number; readonly name: string }
}

/** The side of a snapshot. */
export function sideOf({ origin, account, project }: PlanSide): PlanSide {
  return { origin, account, project: { id: project.id, name: project.name } }
}

/** Whether two sides are one project. */
export function isOneProject(a: PlanSide, b: PlanSide): boolean {
  return a.origin === b.origin && a.account === b.account && a.project.id === b.project.id
}

/** The problem of a promotion onto itself. */
export function sameProjectProblem(): Problem {
  return problem(
    'The inputs source-project and target-project name the same project.',
    'Name the project to promote to in target-project.'
  )
}
