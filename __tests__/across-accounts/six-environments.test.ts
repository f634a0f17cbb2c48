// The six environments of a usual project arrive in an empty project and in one that holds half of it, edited by hand;
// in the account of the source and in another one.
import type { Plan } from '../../src/promotion/plan.ts'
import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { SIX } from '../../sandbox/index.ts'
import {
  around,
  jobsOf,
  leadingOut,
  otherConnections,
  specOf,
  worldOf
} from '../../testing/worlds/six.ts'

const messages = ({ remarks }: Plan) => byLevel(remarks).problems.map(({ message }) => message)

/** The ids of the source, which must not stand in any request but for the marker. */
const sourceIds = [
  SIX.sourceProject,
  ...Object.values(SIX.environments),
  ...Object.values(SIX.sourceCredentials),
  ...Object.values(SIX.jobs),
  SIX.attributes
]

describe.each([
  ['one account', false],
  ['two accounts', true]
])('across %s', (_what, apart) => {
  const upstream = apart ? [] : ['After the platform team: parent 590401']

  it('all arrive in an empty project, every reference inside it, and the second run writes nothing', async () => {
    const all = worldOf(apart)
    const spec = specOf(SIX.targetProject, apart)
    const before = around(all.state, SIX.targetProject)
    const { plan, outcomes, writes } = await all.promote(spec)
    expect(messages(plan)).toEqual([])
    expect(outcomes.every(({ status }) => status === 'applied')).toBe(true)
    expect(outcomes).toHaveLength(6 + 20)

    expect(jobsOf(all, SIX.targetProject)).toHaveLength(20)
    expect(leadingOut(all, SIX.targetProject)).toEqual(upstream)
    expect(around(all.state, SIX.targetProject)).toEqual(before)
    const sent = JSON.stringify(writes.map(({ body }) => body)).replace(
      /Promoted by dbt-promote from [\d/]+/g,
      ''
    )
    expect(sourceIds.filter((id) => new RegExp(`\\b${String(id)}\\b`).test(sent))).toEqual([])

    const again = await all.promote(spec)
    expect([messages(again.plan), again.writes]).toEqual([[], []])
  })

  it('every chain, circle and deferral of the source is there between the counterparts', async () => {
    const all = worldOf(apart)
    await all.promote(specOf(SIX.targetProject, apart))
    const counterpart = new Map(
      jobsOf(all, SIX.targetProject).map((job) => [
        Number(/from \d+\/\d+\/(\d+)/.exec(job.description)?.[1]),
        job
      ])
    )
    for (const source of jobsOf(all, SIX.sourceProject)) {
      const job = counterpart.get(source.id)
      const parent = source.job_completion_trigger_condition?.condition
      const expected =
        parent?.project_id === SIX.sourceProject
          ? { ...parent, job_id: counterpart.get(parent.job_id)?.id, project_id: SIX.targetProject }
          : apart
            ? undefined
            : parent
      expect([source.name, job?.job_completion_trigger_condition?.condition]).toEqual([
        source.name,
        expected
      ])
      const deferral = source.deferring_job_definition_id
      expect(job?.deferring_job_definition_id).toBe(
        deferral === null ? null : counterpart.get(deferral)?.id
      )
      const names = (id: number | null | undefined): string | undefined =>
        all.state.environments.find((each) => each.id === id)?.name
      expect(names(job?.deferring_environment_id)).toBe(names(source.deferring_environment_id))
      expect(names(job?.environment_id)).toBe(names(source.environment_id))
    }
  })

  it('connections are those of the target account', async () => {
    const all = worldOf(apart)
    await all.promote(specOf(SIX.targetProject, apart))
    const connections = all.state.environments
      .filter(({ project_id }) => project_id === SIX.targetProject)
      .map(({ name, connection_id }) => [name === 'Ad hoc – données', connection_id])
    const [production, analytics] = apart
      ? [otherConnections.production, otherConnections.analytics]
      : [SIX.connection, SIX.analyticsConnection]
    for (const [isAdHoc, id] of connections) expect(id).toBe(isAdHoc ? analytics : production)
  })

  describe('a project that holds half of it, edited by hand', () => {
    it('is not touched until adopt says so', async () => {
      const all = worldOf(apart)
      const { plan, writes } = await all.promote(specOf(SIX.editedProject, apart))
      expect(messages(plan)).toEqual([
        expect.stringMatching(/^The target has 9 jobs with the name of a promoted job/)
      ])
      expect(writes).toEqual([])
    })

    it('is brought in line, loses nothing of its own, and the second run writes nothing', async () => {
      const all = worldOf(apart)
      const spec = specOf(SIX.editedProject, apart, 'adopt: true')
      const before = all.state
      const { plan, outcomes } = await all.promote(spec)
      expect(messages(plan)).toEqual([])
      expect(outcomes.every(({ status }) => status === 'applied')).toBe(true)
      expect(byLevel(plan.remarks).alarms.filter(({ kind }) => kind === 'adopted')).toHaveLength(9)
      expect(around(all.state, SIX.editedProject)).toEqual(around(before, SIX.editedProject))
      expect(leadingOut(all, SIX.editedProject)).toEqual(upstream)

      // 20 of the source; the two that are the target's own, and the one that has another name there.
      const jobs = jobsOf(all, SIX.editedProject)
      expect(jobs).toHaveLength(20 + 3)
      const job = (id: number) => jobs.find((each) => each.id === id)
      const own = [SIX.ownJobs.report, SIX.ownJobs.monthlyClose, SIX.editedJobs.ciCheck]
      for (const id of own) expect(job(id)).toEqual(before.jobs.find((each) => each.id === id))
      // What the source defines is as there; whether a job runs stays as somebody left it.
      expect(job(SIX.editedJobs.models)?.settings).toEqual({ threads: 4, target_name: 'default' })
      expect(job(SIX.editedJobs.fullRefresh)?.execute_steps).toEqual(['dbt build --full-refresh'])
      expect(job(SIX.editedJobs.docs)?.generate_docs).toBe(true)
      expect(job(SIX.editedJobs.freshness)?.triggers.schedule).toBe(false)
      expect(job(SIX.editedJobs.jobDeferral)?.deferring_job_definition_id).toBe(
        SIX.editedJobs.stagingNightly
      )

      const environment = (id: number) => all.state.environments.find((each) => each.id === id)
      const was = (id: number) => before.environments.find((each) => each.id === id)
      for (const id of Object.values(SIX.editedEnvironments)) {
        for (const key of [
          'credentials_id',
          'connection_id',
          'custom_branch',
          'use_custom_branch',
          'deployment_type',
          'extended_attributes_id',
          'primary_profile_id'
        ] as const) {
          expect([id, key, environment(id)?.[key]]).toEqual([id, key, was(id)?.[key]])
        }
      }
      expect(environment(SIX.editedEnvironments.production)?.dbt_version).toBe('1.9.0-latest')
      expect(environment(SIX.editedEnvironments.ci)?.supports_docs).toBe(false)

      const again = await all.promote(specOf(SIX.editedProject, apart))
      expect([messages(again.plan), again.writes]).toEqual([[], []])
    })

    it('is found again after further edits, and only they are undone', async () => {
      const all = worldOf(apart)
      const spec = specOf(SIX.editedProject, apart, 'adopt: true')
      await all.promote(spec)
      all.state.jobs = all.state.jobs.map((job) =>
        job.id === SIX.editedJobs.load
          ? { ...job, name: 'Mine', execution: { timeout_seconds: 9 } }
          : job
      )
      const { plan, writes } = await all.promote(spec)
      expect(plan.changes.filter(({ op }) => op !== 'unchanged')).toEqual([
        expect.objectContaining({
          op: 'update',
          id: SIX.editedJobs.load,
          cause: 'target',
          fields: [
            expect.objectContaining({ path: 'name' }),
            expect.objectContaining({ path: 'execution.timeout_seconds' })
          ]
        })
      ])
      expect(writes).toHaveLength(1)
    })
  })
})

describe('across two accounts', () => {
  const target = SIX.targetProject

  it('a parent in a third project has no counterpart by itself', async () => {
    const all = worldOf(true)
    const { plan, writes } = await all.promote(
      specOf(target, true, 'references: { unresolved: fail }')
    )
    expect(messages(plan)).toEqual([
      'Job "After the platform team" starts when job 590401 completes, which is of project 510004 of another account.'
    ])
    expect(writes).toEqual([])
  })

  it('a parent in a third project is mapped to a job of the target account', async () => {
    const all = worldOf(true)
    const mapped = `references: { jobs: { ${String(SIX.upstreamJob)}: { job: ${String(SIX.editedJobs.load)}, project: ${String(SIX.editedProject)} } } }`
    const spec = specOf(target, true, mapped)
    const { plan } = await all.promote(spec)
    expect(messages(plan)).toEqual([])
    const job = jobsOf(all, target).find(({ name }) => name === 'After the platform team')
    expect(job?.job_completion_trigger_condition?.condition).toMatchObject({
      job_id: SIX.editedJobs.load,
      project_id: SIX.editedProject
    })
    expect((await all.promote(spec)).writes).toEqual([])
  })
})
