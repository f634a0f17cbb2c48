import { describe, expect, it } from '@jest/globals'
import type { Json } from '../../../src/model/json.ts'
import { canonSchedule, idleSchedule, schedule, wireSchedule } from '../../../src/kinds/schedule.ts'

const hourly = { type: 'every_hour', interval: 1 }

describe('wireSchedule', () => {
  it.each<[string, Json, Json]>([
    ['null', null, idleSchedule],
    [
      'every day: neither days nor cron',
      { cron: '0 * * * *', date: { type: 'every_day', days: [1], cron: 'x' }, time: hourly },
      { cron: '0 * * * *', date: { type: 'every_day' }, time: hourly }
    ],
    [
      'days of the week: no cron, in order and once',
      {
        cron: '0 8 * * 1,5',
        date: { type: 'days_of_week', days: [5, 1, 5], cron: 'x' },
        time: hourly
      },
      { cron: '0 8 * * 1,5', date: { type: 'days_of_week', days: [1, 5] }, time: hourly }
    ],
    [
      'exact hours: no interval, though the API says 1',
      {
        cron: '0 6,18 * * *',
        date: { type: 'every_day' },
        time: { type: 'at_exact_hours', hours: [18, 6], interval: 1 }
      },
      {
        cron: '0 6,18 * * *',
        date: { type: 'every_day' },
        time: { type: 'at_exact_hours', hours: [6, 18] }
      }
    ],
    [
      'every hour: no hours',
      { date: { type: 'every_day' }, time: { type: 'every_hour', interval: 4, hours: [1] } },
      { date: { type: 'every_day' }, time: { type: 'every_hour', interval: 4 } }
    ],
    [
      'every hour: the interval that the API wants',
      { date: { type: 'every_day' }, time: { type: 'every_hour' } },
      { date: { type: 'every_day' }, time: hourly }
    ],
    [
      'cron: no days',
      { date: { type: 'custom_cron', cron: '5 4 * * 1-5', days: [1] }, time: hourly },
      { date: { type: 'custom_cron', cron: '5 4 * * 1-5' }, time: hourly }
    ],
    [
      'interval as cron: cron and days, the cron as it is',
      {
        cron: '6 */12 * * 0,1',
        date: { type: 'interval_cron', days: [1, 0], cron: '6 */12 * * 0,1' },
        time: { type: 'every_hour', interval: 12 }
      },
      {
        cron: '6 */12 * * 0,1',
        date: { type: 'interval_cron', days: [0, 1], cron: '6 */12 * * 0,1' },
        time: { type: 'every_hour', interval: 12 }
      }
    ],
    [
      'nulls and an empty cron: left out',
      { cron: '', date: { type: 'days_of_week', days: null }, time: { ...hourly, hours: null } },
      { date: { type: 'days_of_week' }, time: hourly }
    ],
    [
      'types of a newer API: as they are',
      {
        date: { type: 'moon_phase', phases: ['full'], x: null },
        time: { type: 'at_dawn', offset: 3 }
      },
      { date: { type: 'moon_phase', phases: ['full'] }, time: { type: 'at_dawn', offset: 3 } }
    ]
  ])('%s', (_what, value, expected) => {
    expect(wireSchedule(value)).toEqual(expected)
    // What is sent is what is sent again.
    expect(wireSchedule(wireSchedule(value))).toEqual(expected)
  })
})

describe('canonSchedule', () => {
  const date = { type: 'days_of_week', days: [1, 5] }

  it.each<[string, Json, Json]>([
    [
      'another order of days and hours',
      { date: { ...date, days: [5, 1] }, time: { type: 'at_exact_hours', hours: [18, 6] } },
      { date, time: { type: 'at_exact_hours', hours: [6, 18] } }
    ],
    ['the derived cron', { cron: '0 * * * 1,5', date, time: hourly }, { date, time: hourly }],
    [
      'an interval that is none',
      { date, time: { type: 'at_exact_hours', hours: [6], interval: 1 } },
      { date, time: { type: 'at_exact_hours', hours: [6] } }
    ],
    ['no schedule and the one that is sent for it', null, idleSchedule]
  ])('makes equal: %s', (_what, one, other) => {
    expect(canonSchedule(one)).toEqual(canonSchedule(other))
  })

  it.each<[string, Json, Json]>([
    ['the days', { date, time: hourly }, { date: { ...date, days: [1] }, time: hourly }],
    ['the type', { date, time: hourly }, { date: { type: 'every_day' }, time: hourly }],
    ['the interval', { date, time: hourly }, { date, time: { ...hourly, interval: 2 } }],
    [
      'the cron of the date',
      { date: { type: 'custom_cron', cron: '0 1 * * *' }, time: hourly },
      { date: { type: 'custom_cron', cron: '0 2 * * *' }, time: hourly }
    ]
  ])('keeps different: %s', (_what, one, other) => {
    expect(canonSchedule(one)).not.toEqual(canonSchedule(other))
  })
})

describe('schedule', () => {
  it('takes null and whatever has types', () => {
    expect(schedule(null, 'job 1: schedule')).toBeNull()
    const value = { date: { type: 'x', more: 1 }, time: { type: 'y' }, also: true }
    expect(schedule(value, 'job 1: schedule')).toEqual(value)
  })

  it.each([
    ['', 'job 1: schedule should be an object, but is a text'],
    [{}, 'job 1: schedule.date should be an object, but is missing'],
    [{ date: {} }, 'job 1: schedule.date.type should be a text, but is missing'],
    [{ date: { type: 'x' }, time: [] }, 'job 1: schedule.time should be an object, but is a list'],
    [
      { date: { type: 'x' }, time: { type: 1 } },
      'job 1: schedule.time.type should be a text, but is 1'
    ]
  ])('refuses %j', (raw, message) => {
    expect(() => schedule(raw, 'job 1: schedule')).toThrow(message)
  })
})
