// A plan file that somebody reviewed, held against the plan of now.
import { asText, canonicalJson, isObject, type Json, type JsonObject } from '../model/json.ts'
import { quoted } from '../model/names.ts'
import type { Plan } from '../promotion/plan.ts'
import { isOneProject, type PlanSide } from '../model/sides.ts'
import { resourceText } from './phrases.ts'
import { planFile } from './plan-file.ts'

/** What matters of a plan file. */
interface ReviewedPlan {
  readonly hash: string
  readonly source: PlanSide
  readonly target: PlanSide
  readonly changes: readonly JsonObject[]
}

/** What stands in place of a hash where every plan may be applied. */
export const anyHash = 'any'
/** The form of a plan's hash. */
export const hashForm = /^[0-9a-f]{64}$/

/** Reads a plan file. @returns what is wrong with it, as the end of a sentence, where it is none */
export function parseReviewedPlan(text: string): ReviewedPlan | string {
  const plan = parsed(text)
  if (!isObject(plan)) return 'is no JSON object'
  const { version, hash, source, target, changes } = plan
  if (version !== 2) return 'is no plan file of this version'
  const isPlan =
    typeof hash === 'string' &&
    hashForm.test(hash) &&
    isSide(source) &&
    isSide(target) &&
    Array.isArray(changes) &&
    changes.every((each) => isObject(each) && typeof each['key'] === 'string')
  return isPlan ? (plan as unknown as ReviewedPlan) : 'is no plan file'
}

/** Whether a reviewed plan is between the two projects of another. */
export function isBetweenSame(reviewed: ReviewedPlan, plan: Plan): boolean {
  return isOneProject(reviewed.source, plan.source) && isOneProject(reviewed.target, plan.target)
}

/** How many differences are told; more are counted. */
const mostTold = 20

/** What the plan of now would change that was not reviewed, and the other way round. */
export function deltaOf(reviewed: ReviewedPlan, plan: Plan): readonly string[] {
  const before = new Map(reviewed.changes.filter(isWriting).map((each) => [each['key'], each]))
  // Whether the reviewed file shows values is not told in it, so what is the same in either form is the same.
  const forms = [false, true].map((showValues) => {
    const { changes } = JSON.parse(planFile(plan, showValues)) as { changes: readonly JsonObject[] }
    return new Map(changes.map((each) => [each['key'], canonicalJson(each)]))
  })
  const now = plan.changes.filter(({ op }) => op !== 'unchanged')
  const told = now.flatMap((change) => {
    const old = before.get(change.key)
    const what = `${change.op} ${resourceText(change, quoted)}`
    if (!old) return [`Not reviewed: ${what}.`]
    const isSame = forms.some((form) => form.get(change.key) === canonicalJson(old))
    return isSame ? [] : [`Otherwise than reviewed: ${what}.`]
  })
  const keys = new Set<Json>(now.map(({ key }) => key))
  const gone = [...before.values()]
    .filter(({ key }) => !keys.has(key ?? null))
    .map(
      ({ op, kind, name }) => `No longer: ${asText(op)} ${asText(kind)} ${quoted(asText(name))}.`
    )
  const all = [...told, ...gone]
  const more = all.length - mostTold
  return more > 0 ? [...all.slice(0, mostTold), `And ${more} more.`] : all
}

function isWriting({ op }: JsonObject): boolean {
  return op !== 'unchanged'
}

function isSide(value: Json | undefined): boolean {
  return (
    isObject(value) &&
    typeof value['origin'] === 'string' &&
    typeof value['account'] === 'number' &&
    isObject(value['project']) &&
    typeof value['project']['id'] === 'number'
  )
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
