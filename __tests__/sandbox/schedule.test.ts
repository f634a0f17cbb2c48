// Schedules: what the server derives from them, compared with live jobs.

import { describe, expect, test } from '@jest/globals'
import { humanized, nextRun, parseCron, scheduleOf } from '../../sandbox/schedule.ts'
import type { Job } from '../../sandbox/index.ts'
import { humanDistance, isoMinute, timestamp } from '../../sandbox/time.ts'
import { liveObjects } from '../../testing/worlds/small.ts'

const live = liveObjects('jobs') as unknown as (Job & { cron_humanized: string })[]

describe('cron lines', () => {
  test.each(live)('of the live job $id', ({ schedule, cron_humanized }) => {
    expect(scheduleOf(schedule.date, schedule.time)).toEqual(schedule)
    expect(humanized(schedule.cron)).toBe(cron_humanized)
  })

  test.each([
    ['0 */3 * * *', 'Every 3 hours'],
    ['0 6,18 * * *', 'At 06:00 AM and 06:00 PM'],
    ['0 0,6,12 * * 1,2', 'At 12:00 AM, 06:00 AM, and 12:00 PM, only on Monday and Tuesday'],
    ['5 4 1 * *', 'Cron 5 4 1 * *']
  ])('%s reads: %s', (line, text) => {
    expect(humanized(line)).toBe(text)
  })

  test.each([
    '* * * * *',
    '0 0 * * sun',
    '0 0 1 jan MON-fri',
    '*/15 1-5/2 1,15 * 7',
    '5/15 * * * *',
    ' 0  6 * * * '
  ])('%j is one', (line) => {
    expect(parseCron(line)).toBeDefined()
  })

  test.each([
    '',
    '* * * *',
    '* * * * * *',
    '60 * * * *',
    '* 24 * * *',
    '* * 0 * *',
    '* * * 13 *',
    '* * * * 8',
    '-1 * * * *',
    'a * * * *',
    '5-1 * * * *',
    '*/0 * * * *',
    '1/2/3 * * * *',
    '1-2-3 * * * *',
    '1,,2 * * * *',
    '*-5 * * * *',
    '@daily'
  ])('%j is none', (line) => {
    expect(parseCron(line)).toBeUndefined()
  })
})

test('the fields of a cron line', () => {
  const of = (line: string) => parseCron(line)
  expect(of('5/15 * * * *')?.minutes).toEqual([5, 20, 35, 50])
  expect(of('1-7/3 * * * *')?.minutes).toEqual([1, 4, 7])
  expect(of('3,1 * * * *')?.minutes).toEqual([1, 3])
  expect(of('* */8 * * *')?.hours).toEqual([0, 8, 16])
  expect(of('0 0 1 jan-mar *')?.months).toEqual(new Set([1, 2, 3]))
  expect(of('0 0 * * sat,7')?.weekdays).toEqual(new Set([0, 6, 7]))
})

describe('next run', () => {
  const from = Date.UTC(2025, 10, 19, 22, 59, 54) // a Wednesday

  test.each([
    ['0 * * * *', '2025-11-19T23:00:00+00:00'],
    ['6 */12 * * 0,1,2,3,4,5,6', '2025-11-20T00:06:00+00:00'],
    ['0 6 * * 1', '2025-11-24T06:00:00+00:00'],
    ['0 6 * * 7', '2025-11-23T06:00:00+00:00'],
    ['0 0 29 2 *', '2028-02-29T00:00:00+00:00'],
    ['30 12 1 * 5', '2025-11-21T12:30:00+00:00'],
    ['0 0 1 1 *', '2026-01-01T00:00:00+00:00'],
    ['5/20 22 * * *', '2025-11-20T22:05:00+00:00']
  ])('%s after a moment is %s', (line, expected) => {
    expect(isoMinute(nextRun(line, from) ?? 0)).toBe(expected)
  })

  test('is after the moment, not at it', () => {
    const at = Date.UTC(2026, 0, 1, 6)
    expect(nextRun('0 6 * * *', at)).toBe(at + 86_400_000)
  })

  test('of a line that never fires or is none there is none', () => {
    expect(nextRun('0 0 31 2 *', from)).toBeUndefined()
    expect(nextRun('nope', from)).toBeUndefined()
  })
})

describe('time', () => {
  test('is written as in newer answers', () => {
    expect(timestamp(Date.UTC(2023, 7, 3, 1, 2, 3, 4))).toBe('2023-08-03 01:02:03.004000+00:00')
  })

  test.each([
    [6_000, '6 seconds'],
    [66 * 60_000, '1 hour, 6 minutes'],
    [86_400_000 * 2 + 60_000, '2 days, 1 minute'],
    [0, '0 seconds']
  ])('%i ms is %s', (ms, text) => {
    expect(humanDistance(ms)).toBe(text)
  })
})
