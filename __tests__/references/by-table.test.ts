// A reference is told by the field table, and nothing else is taken for one, whatever keys it has.
import { expect, it } from '@jest/globals'
import { scheduleOf, type JsonObject } from '../../sandbox/index.ts'
import {
  bodies,
  ids,
  inputs,
  messages,
  platform,
  Platform
} from '../../testing/worlds/two-projects.ts'

// A newer API may give a schedule an id, or name a job in it.
const odd: readonly JsonObject[] = [
  { id: 7 },
  { ref: 'job:Staging/Nightly' },
  { job: { id: 7 }, statuses: [10] }
]
const hours = scheduleOf(
  { type: 'every_day' },
  { type: 'at_exact_hours', hours: [5, 17], interval: 1 }
)

it.each(odd)('a schedule that carries %j stays a schedule', async (more) => {
  const all = new Platform(platform({}, { schedule: hours }))
  const set = Object.fromEntries(
    Object.entries(more).map(([key, value]) => [`schedule.${key}`, value])
  )
  all.addFault({
    times: null,
    method: 'GET',
    path: `/api/v2/accounts/${String(ids.account)}/jobs/`,
    action: { kind: 'reshape', set }
  })
  const times = { date: hours.date, time: { type: 'at_exact_hours', hours: [5, 17] } }
  const first = await all.promote(inputs())
  expect(messages(first.plan)).toEqual([])
  expect(bodies(first.writes).at(-1)?.['schedule']).toEqual(expect.objectContaining(times))
  all.editJob(ids.nightly, { execute_steps: ['dbt seed', 'dbt test'] })
  const [update] = bodies((await all.promote(inputs())).writes)
  expect(update?.['schedule']).toEqual(expect.objectContaining(times))
})
