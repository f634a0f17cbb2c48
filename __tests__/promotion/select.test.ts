import { describe, expect, it } from '@jest/globals'
import { decodeEnvironment } from '../../src/promotion/kinds/environment.ts'
import { decodeJob } from '../../src/promotion/kinds/job.ts'
import { parseSpec, specInputs, type InputTexts } from '../../src/promotion/spec/parse-spec.ts'
import { selectSource } from '../../src/promotion/desired/select.ts'
import type { Snapshot } from '../../src/promotion/snapshot.ts'

const environments = [
  { id: 1, name: 'Development', type: 'development' },
  { id: 2, name: 'staging', type: 'deployment' },
  { id: 3, name: 'production', type: 'deployment' }
]
const jobs = [
  { id: 21, name: 'Nightly', environment_id: 2 },
  { id: 22, name: 'Hourly', environment_id: 2 },
  { id: 23, name: 'Exposures', environment_id: 2, is_system: true },
  { id: 31, name: 'Nightly', environment_id: 3 },
  { id: 32, name: 'Weekly', environment_id: 3 },
  { id: 11, name: 'Local', environment_id: 1 }
]

/** As much of a snapshot as selecting reads. */
function snapshot(of = environments): Snapshot {
  const project: Snapshot['project'] = {
    id: 10,
    name: 'Analytics',
    repository: null,
    isHybrid: false
  }
  const part: Pick<Snapshot, 'project' | 'environments' | 'jobs'> = {
    project,
    environments: of.map((raw) => decodeEnvironment({ ...raw, project_id: 10 })),
    jobs: jobs.map((raw) => decodeJob({ ...raw, project_id: 10 }))
  }
  return part as Snapshot
}

function selected(texts: Partial<Record<keyof InputTexts, string>>, of = environments) {
  const unset = Object.fromEntries(specInputs.map((name) => [name, '']))
  const sides = { host: 'h', 'account-id': '1', 'source-project': '10', 'target-project': '20' }
  const { spec } = parseSpec({ ...unset, ...sides, ...texts } as InputTexts, {
    defaultBranch: undefined
  })
  const found = selectSource(spec, snapshot(of))
  return {
    environments: found.environments.map(({ id }) => id),
    jobs: found.jobs.map(({ id }) => id),
    problems: found.problems
  }
}

describe('what is selected', () => {
  it.each([
    ['*', '', [2, 3], [21, 22, 31, 32]],
    ['staging', '', [2], [21, 22]],
    ['staging', '*', [2], [21, 22]],
    ['staging\nproduction', 'Nightly', [2, 3], [21, 31]],
    ['*\n!staging', '', [3], [31, 32]],
    ['*', '*ly\n!Nightly', [2, 3], [22, 32]],
    ['*', '21', [2, 3], [21]],
    ['3', 'id:32', [3], [32]]
  ])('by environments %j and jobs %j', (environments, jobs, expected, expectedJobs) => {
    expect(selected({ environments, jobs })).toEqual({
      environments: expected,
      jobs: expectedJobs,
      problems: []
    })
  })
})

describe('what is never selected', () => {
  it.each(['Development', '1', 'id:1', 'Dev*'])('is a development environment: %j', (text) => {
    expect(selected({ environments: `staging\n${text}` })).toEqual({
      environments: [2],
      jobs: [21, 22],
      problems: [
        {
          message: `The selector "${text}" in environments stands for a development environment of project "Analytics".`,
          remedy: expect.stringContaining('never promoted')
        }
      ]
    })
  })

  it('is a system job, by name or id', () => {
    for (const text of ['Exposures', '23']) {
      expect(selected({ environments: 'staging', jobs: text })).toEqual({
        environments: [2],
        jobs: [],
        problems: [
          {
            message: `The selector "${text}" in jobs matches no job of the selected environments.`,
            remedy: 'Job 23 "Exposures" is in another environment or is a system job.'
          }
        ]
      })
    }
  })

  it('is a job of another environment', () => {
    expect(selected({ environments: 'staging', jobs: 'Hourly\nWeekly' })).toMatchObject({
      jobs: [22],
      problems: [{ remedy: 'Job 32 "Weekly" is in another environment or is a system job.' }]
    })
  })
})

describe('a selector that matches nothing', () => {
  it('lists near names, and no development environment among them', () => {
    expect(selected({ environments: 'Stagin' }).problems).toEqual([
      {
        message:
          'The selector "Stagin" in environments matches no environment of project "Analytics".',
        remedy: 'The nearest are "staging", "production".'
      }
    ])
    expect(selected({ environments: 'staging', jobs: 'Nihgtly' }).problems).toEqual([
      {
        message: 'The selector "Nihgtly" in jobs matches no job of the selected environments.',
        remedy: 'The nearest are "Nightly", "Hourly".'
      }
    ])
  })

  it('lists ids to those who ask by id', () => {
    expect(selected({ environments: '4' }).problems[0]?.remedy).toBe('The nearest are "2", "3".')
    expect(selected({ environments: 'staging', jobs: 'id:29' }).problems[0]?.remedy).toContain(
      '"21"'
    )
  })

  it('says one thing once: without environments, jobs are not complained about', () => {
    expect(selected({ environments: 'Stagin', jobs: 'Nihgtly' }).problems).toHaveLength(1)
  })

  it('is told for each selector', () => {
    const { problems } = selected({ environments: 'staging\nx\ny', jobs: 'z\nNightly' })
    expect(problems.map(({ message }) => /"(.)"/.exec(message)?.[1])).toEqual(['x', 'y', 'z'])
  })
})

describe('nothing left to promote', () => {
  it('is a problem where everything is left out', () => {
    expect(selected({ environments: '*\n!*' })).toEqual({
      environments: [],
      jobs: [],
      problems: [
        {
          message: 'No environment of project "Analytics" is left to promote.',
          remedy: expect.stringContaining('deployment environment')
        }
      ]
    })
  })

  it('is a problem where the project has no deployment environment', () => {
    expect(selected({ environments: '*' }, environments.slice(0, 1)).problems).toHaveLength(1)
    expect(selected({ environments: '*' }, []).problems).toHaveLength(1)
  })

  it('is none where the environments have no jobs', () => {
    expect(selected({ environments: 'staging', jobs: '*\n!*' })).toEqual({
      environments: [2],
      jobs: [],
      problems: []
    })
  })
})
