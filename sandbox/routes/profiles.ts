// Profiles of a project (v3): read only. Environments make and change their own, see there.

import { NEWER, notFound, success } from '../http.ts'
import { omit, type Json, type JsonObject } from '../json.ts'
import { contains, listPage, matches, PAGING, type Parameters } from '../query.ts'
import { answer, idOf, projectOf, type Operation, type Route } from '../route.ts'
import type { Profile, State } from '../state.ts'
import { find } from '../table.ts'

// `include_related` is in the spec without a list of values.
const RELATED: Parameters = { include_related: { type: 'related' } }

function show(state: State, profile: Profile): JsonObject {
  const bound = state.environments.filter(
    (row) => row.primary_profile_id === profile.id && row.state === 1
  )
  return {
    ...omit(profile, 'state'),
    primary_bindings: bound.map(({ id, name, type, deployment_type }) => ({
      id,
      name,
      type,
      deployment_type
    })),
    catalog_bindings: []
  }
}

// The spec draws the list as one object; maintained clients read an array.
const list: Operation = {
  parameters: {
    ...PAGING,
    ...RELATED,
    connection_id: { type: 'integer' },
    key: { type: 'string' },
    profile_ids: { type: 'integers' }
  },
  run: (call) => {
    const project = projectOf(call)
    const { query, state } = call
    const rows = state.profiles.filter(
      (row) =>
        row.project_id === project.id &&
        row.state === 1 &&
        matches(query, 'connection_id', row.connection_id) &&
        matches(query, 'profile_ids', row.id) &&
        contains(query, 'key', row.key)
    )
    const filters = { account_id: project.account_id, project_id: project.id }
    const shown = (row: Profile): Json => show(state, row)
    return answer(call, listPage(rows, query, filters, shown, { error_code: null }))
  }
}

const retrieve: Operation = {
  parameters: RELATED,
  run: (call) => {
    const project = projectOf(call)
    const row = find(call.state.profiles, idOf(call, 'id'))
    if (row?.project_id !== project.id || row.state !== 1) throw notFound()
    return answer(call, success(200, show(call.state, row), NEWER))
  }
}

const BASE = '/api/v3/accounts/:account/projects/:project/profiles/'

export const PROFILE_ROUTES: readonly Route[] = [
  { path: BASE, methods: { GET: list } },
  { path: `${BASE}:id/`, methods: { GET: retrieve } }
]
