// Dates as the API writes them. The newer form has a blank between date and time, and six decimals.

function pad(value: number, digits = 2): string {
  return String(value).padStart(digits, '0')
}

/** `2023-08-03 11:53:02.868000+00:00`, the form of v3 and newer v2 answers. */
export function timestamp(milliseconds: number): string {
  const date = new Date(milliseconds)
  const day = `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`
  const time = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`
  return `${day} ${time}.${pad(date.getUTCMilliseconds(), 3)}000+00:00`
}

/** The moment of a write: a microsecond after the last one where the clock has not moved, since each write has its own. */
export function movedOn(previous: string | undefined, now: number): string {
  const moment = timestamp(now)
  if (previous === undefined || moment > previous) return moment
  const micros = Number(/\.(\d{6})\+/.exec(previous)?.[1] ?? 0) + 1
  return previous.replace(/\.\d{6}\+/, `.${pad(micros, 6)}+`)
}

/** `2025-11-19T23:00:00+00:00`, the form of `next_run`. */
export function isoMinute(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace(/\.\d+Z$/, '+00:00')
}

/** `1 hour, 6 minutes`: how long until then, as `next_run_humanized` says it. */
export function humanDistance(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const parts = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute']
  ] as const
  const text = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
  return text.length > 0 ? text.join(', ') : `${seconds} seconds`
}

const UNITS = [
  [604_800, 'week'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
  [1, 'second']
] as const

/** `1 minute, 50 seconds`, `1 day`, `0 minutes`: the largest unit, and the next one if it has any, as runs say it. */
export function timeSince(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  const first = UNITS.findIndex(([size]) => seconds >= size)
  if (first < 0) return '0 minutes'
  let rest = seconds
  const parts = UNITS.slice(first, first + 2).map(([size, unit]) => {
    const count = Math.floor(rest / size)
    rest %= size
    return count === 0 ? '' : `${count} ${unit}${count === 1 ? '' : 's'}`
  })
  return parts.filter((part) => part !== '').join(', ')
}

/** `24:00:36`: a duration in hours, minutes and seconds, as runs say it. */
export function clockTime(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000))
  return [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((part) => pad(part))
    .join(':')
}
