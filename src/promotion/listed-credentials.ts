// Which credentials a project has, as the end of a message: whoever must name an id finds it there. The API lists those
// of developers too, and does not tell them apart, so what may be a person's own stands apart and without its schema.
import { groupBy } from '../model/group.ts'
import type { Credentials } from '../kinds/credentials.ts'
import { quoted } from '../model/names.ts'
import type { Snapshot } from '../kinds/snapshot.ts'

/** More than these are counted. */
const most = 20

/** The credentials of a project in words; empty where none are known. */
export function listedText({ listedCredentials, environments }: Snapshot): string {
  const used = groupBy(
    environments.filter(({ values }) => values.type !== 'development'),
    ({ values }) => values.credentials_id
  )
  const all = listedCredentials.toSorted((a, b) => a.id - b.id)
  const isOwn = ({ id, isPersonal }: Credentials): boolean => !used.has(id) && isPersonal
  const shared = all
    .filter((each) => !isOwn(each))
    .map((each) => {
      const names = (used.get(each.id) ?? []).map(({ name }) => quoted(name)).join(', ')
      const details = [
        each.type,
        ...(each.schema === '' ? [] : [`schema ${quoted(each.schema)}`]),
        ...(names === '' ? [] : [`used by ${names}`])
      ]
      return told(each, details)
    })
  const own = all.filter(isOwn).map((each) => told(each, [each.type]))
  return [
    ...(shared.length === 0 ? [] : [`It has ${limited(shared)}.`]),
    ...(own.length === 0 ? [] : [`Development credentials, as it seems: ${limited(own)}.`])
  ].join(' ')
}

function told({ id }: Credentials, details: readonly string[]): string {
  const known = details.filter((each) => each !== '')
  return known.length === 0 ? String(id) : `${id} (${known.join(', ')})`
}

function limited(all: readonly string[]): string {
  const more = all.length - most
  return [...all.slice(0, most), ...(more > 0 ? [`${more} more`] : [])].join('; ')
}
