// What every test that talks to the sandbox expects of every request, whatever else it is about.
import type { LoggedRequest } from '../../sandbox/index.ts'
import { maskComplaints } from './masks.ts'
import { loadSpecCheck } from './spec-check.ts'

/**
 * Holds requests against the official specs, where these are at hand.
 * @throws when one goes to a path that the sandbox does not serve, writes a mask, or is not as the specs want it
 */
export function assertOfficial(requests: readonly LoggedRequest[]): void {
  const spec = loadSpecCheck()
  const complaints = requests.flatMap(({ method, path, query, body, unknownRoute }) => {
    const search = String(new URLSearchParams(query))
    const full = search === '' ? path : `${path}?${search}`
    const found = spec?.check({ method, path: full, body: body ?? undefined }) ?? []
    return [
      ...(unknownRoute ? ['the sandbox has no such route'] : []),
      ...found,
      ...maskComplaints(path, body)
    ].map((complaint) => `${method} ${full}: ${complaint}`)
  })
  if (complaints.length > 0) throw new Error(complaints.join('\n'))
}

/** The requests that would change something. */
export function writesAmong(requests: readonly LoggedRequest[]): readonly LoggedRequest[] {
  return requests.filter(({ method }) => method !== 'GET')
}
