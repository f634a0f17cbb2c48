// The promotions of the matrix of faults: without a fault and with some, then once more, then undone.
import type { Fault, FaultAction } from '../../../sandbox/index.ts'
import type { Promotion } from '../../faults/promotion.ts'
import { byFile } from '../../faults/by-file.ts'
import { pauses } from '../../faults/pauses.ts'
import { values } from '../../faults/values.ts'
import { byInputs } from '../../faults/world.ts'
import type { Scenario, Step } from '../play.ts'
import type { Trouble } from '../wire.ts'

const promotions = [byInputs, pauses, byFile, values]

function scenario(name: string, promotion: Promotion, steps: readonly Step[]): Scenario {
  const { earlierInputs, earlierState, sinceThen } = promotion
  const [first, ...more] = steps
  return {
    name: `promotion by ${promotion.name}/${name}`,
    state: earlierState,
    steps: [{ inputs: earlierInputs }, ...(first ? [{ ...first, edit: sinceThen }] : []), ...more]
  }
}

/** The run, the run after it, what undoes it, and what undoes it once more. */
function story({ inputs, lastInputs = inputs }: Promotion, trouble: Trouble = {}): readonly Step[] {
  return [
    { inputs, ...trouble },
    { inputs, undoes: 1 },
    { inputs, undoes: 2 },
    { inputs },
    { inputs: lastInputs }
  ]
}

const modes = ['plan', 'check'].flatMap((mode) =>
  promotions.map((promotion) =>
    scenario(mode, promotion, [
      { inputs: { ...promotion.inputs, mode } },
      { inputs: promotion.inputs },
      { inputs: { ...promotion.inputs, mode } },
      { inputs: { ...promotion.inputs, mode }, undoes: 2 }
    ])
  )
)

const shown = promotions.map((promotion) =>
  scenario(
    'values shown',
    promotion,
    story({
      ...promotion,
      inputs: { ...promotion.inputs, 'show-values': 'true', parallelism: '1' }
    })
  )
)

const refused = (status: number, message: string): FaultAction => ({
  kind: 'respond',
  status,
  body: {
    status: { code: status, is_success: false, user_message: message, developer_message: '' },
    data: null
  }
})

const actions: Readonly<Record<string, FaultAction>> = {
  'a 400': refused(400, 'This is wrong.'),
  'a 403': refused(403, 'You may not.'),
  'a 500 of the API': refused(500, 'There was a server error.'),
  'a 503 that was carried out': { kind: 'respond', status: 503, commit: true },
  'a reset before': { kind: 'reset', when: 'before' },
  'a reset after': { kind: 'reset', when: 'after' },
  'a cut answer': { kind: 'cut' },
  'another shape': { kind: 'respond', status: 200, body: { data: 7 }, commit: true }
}

const places: Readonly<Record<string, Omit<Fault, 'action'>>> = {
  'a list of jobs': { method: 'GET', path: '*/jobs/', nth: 2 },
  'the list of environments': { method: 'GET', path: '*/environments/', nth: 2 },
  'a new environment': { method: 'POST', path: '*/environments/' },
  'an environment': { method: 'POST', path: '*/environments/*/' },
  'a new job': { method: 'POST', path: '*/jobs/', nth: 2 },
  'a job': { method: 'POST', path: '*/jobs/*/', nth: 2 },
  'new attributes': { method: 'POST', path: '*/extended-attributes/' },
  attributes: { method: 'PATCH', path: '*/extended-attributes/*/' },
  'a new variable': { method: 'POST', path: '*/environment-variables/bulk/' },
  'a variable': { method: 'PUT', path: '*/environment-variables/bulk/' },
  'a new override': { method: 'POST', path: '*/environment-variables/' },
  'an override': { method: 'POST', path: '*/environment-variables/*/' },
  'the values': { method: 'GET', path: '*/environment-variables/environment/', nth: 3 }
}

const ofValues = /attributes|variable|override|values/

const faulty = promotions.flatMap((promotion) =>
  Object.entries(places)
    .filter(([place]) => !ofValues.test(place) || promotion === values)
    .flatMap(([place, where]) =>
      Object.entries(actions).flatMap(([what, action]) =>
        [1, null].map((times) =>
          scenario(
            `${place}, ${what}${times === null ? ' for ever' : ''}`,
            promotion,
            story(promotion, { faults: [{ ...where, times, action }] })
          )
        )
      )
    )
)

const ended = promotions.flatMap((promotion) => [
  ...[1, 3, 5, 8, 13, 21].map((diesAt) =>
    scenario(`killed at write ${String(diesAt)}`, promotion, story(promotion, { diesAt }))
  ),
  ...[4, 12, 20].map((cancelAt) =>
    scenario(`cancelled at request ${String(cancelAt)}`, promotion, story(promotion, { cancelAt }))
  )
])

/** A rollback that something goes wrong with, and that is begun anew. */
const rollbacks = [byInputs, values].flatMap((promotion) =>
  Object.entries(places)
    .filter(([place]) => place !== 'the values' && !place.startsWith('a list'))
    .filter(([place]) => !ofValues.test(place) || promotion === values)
    .flatMap(([place, where]) =>
      ['a 400', 'a reset after', 'a 500 of the API'].map((what) => {
        const { inputs } = promotion
        const [method, action] = [where, actions[what]]
        const faults = action ? [{ ...method, nth: 1, action }] : []
        return scenario(`its rollback, ${place}, ${what}`, promotion, [
          { inputs },
          { inputs, undoes: 1, faults },
          { inputs, undoes: 2 }
        ])
      })
    )
)

export const ofPromotions: readonly Scenario[] = [
  ...promotions.map((promotion) => scenario('plain', promotion, story(promotion))),
  ...modes,
  ...shown,
  ...faulty,
  ...ended,
  ...rollbacks
]
