// What a target job refers to may be gone: a problem of the plan, not a failure in the middle.
import { expect, it } from '@jest/globals'
import {
  after,
  ids,
  inputs,
  messages,
  platform,
  Platform
} from '../../testing/worlds/two-projects.ts'

const edits = {
  deferring_environment_id: (gone: number) => ({ deferring_environment_id: gone }),
  deferring_job_definition_id: (gone: number) => ({ deferring_job_definition_id: gone }),
  job_completion_trigger_condition: (gone: number) => ({
    job_completion_trigger_condition: after(gone, ids.target)
  })
}

it.each(Object.entries(edits))(
  '%s that is gone stops an update, and no other run',
  async (path, edit) => {
    const all = new Platform(platform())
    const spec = { ...inputs(), jobRules: inputs().jobRules }
    await all.promote(spec)
    const { id } = all.job('Nightly')
    all.editJob(id, edit(987_654))
    const kept = { ...spec, jobRules: spec.jobRules.map((rule) => ({ ...rule, keep: [path] })) }
    expect(messages(await all.plan(kept))).toEqual([])
    all.editJob(ids.nightly, { execute_steps: ['dbt seed', 'dbt test'] })
    const { plan, writes } = await all.promote(kept)
    expect(writes).toEqual([])
    expect(messages(plan)).toEqual([
      expect.stringMatching(
        new RegExp(
          `Job "Nightly" refers to (job|environment) 987654 in ${path}, which is not in project`
        )
      )
    ])
  }
)
