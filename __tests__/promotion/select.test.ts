import { describe, expect, it } from '@jest/globals'
import { byLevel } from '../../src/model/remark.ts'
import { decodeEnvironment } from '../../src/kinds/environment.ts'
import { decodeJob } from '../../src/kinds/job.ts'
import { parseSpec, type InputTexts } from '../../src/inputs/parse-spec.ts'
import { specInputs } from '../../src/inputs/input-table.ts'
import { selectSource } from '../../src/promotion/select.ts'
import type { Snapshot } from '../../src/kinds/snapshot.ts'

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
    problems: byLevel(found.remarks).problems,
    warnings: byLevel(found.remarks).warnings
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
      problems: [],
      warnings: []
    })
  })
})

describe('what is never selected', () => {
  it.each(['Development', '1', 'id:1', 'Dev*'])('is a development environment: %j', (text) => {
    expect(selected({ environments: `staging\n${text}` })).toMatchObject({
      environments: [2],
      jobs: [21, 22],
      problems: [
        {
          message: `The selector "${text}" in environments stands for a development environment of project "Analytics".`,
          remedy: expect.stringContaining('never promoted')
        }
      ],
      warnings: []
    })
  })

  it('is a system job, by name or id', () => {
    for (const text of ['Exposures', '23']) {
      expect(selected({ environments: 'staging', jobs: text })).toMatchObject({
        environments: [2],
        jobs: [],
        problems: [
          {
            message: `The selector "${text}" in jobs matches no job of the selected environments.`,
            remedy: 'Job 23 "Exposures" is in another environment or is a system job.'
          }
        ],
        warnings: []
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
    expect(selected({ environments: 'Stagin' }).problems).toMatchObject([
      {
        message:
          'The selector "Stagin" in environments matches no environment of project "Analytics".',
        remedy: 'The nearest are "staging", "production".'
      }
    ])
    expect(selected({ environments: 'staging', jobs: 'Nihgtly' }).problems).toMatchObject([
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
    expect(selected({ environments: '*\n!*' })).toMatchObject({
      environments: [],
      jobs: [],
      problems: [
        {
          message: 'No environment of project "Analytics" is left to promote.',
          remedy: expect.stringContaining('deployment environment')
        }
      ],
      warnings: []
    })
  })

  it('is a problem where the project has no deployment environment', () => {
    expect(selected({ environments: '*' }, environments.slice(0, 1)).problems).toHaveLength(1)
    expect(selected({ environments: '*' }, []).problems).toHaveLength(1)
  })

  it('is none where the environments have no jobs', () => {
    expect(selected({ environments: 'staging', jobs: '*\n!*' })).toMatchObject({
      environments: [2],
      jobs: [],
      problems: [],
      warnings: []
    })
  })
})

describe('an exclusion that matches nothing', () => {
  it('is a warning with its "!", and all else is promoted', () => {
    expect(selected({ environments: '*\n!old *', jobs: '*\n!scratch *' })).toEqual({
      environments: [2, 3],
      jobs: [21, 22, 31, 32],
      problems: [],
      warnings: [
        expect.stringMatching(/^The selector "!old \*" in environments matches no environment /),
        expect.stringMatching(/^The selector "!scratch \*" in jobs matches no job /)
      ]
    })
  })

  it('is not told of what is never promoted anyway', () => {
    const environments = 'staging\n!Development'
    expect(selected({ environments, jobs: '*\n!Exposures\n!Weekly' }).warnings).toEqual([])
  })
})

describe('a line that is not written as it must be', () => {
  const written = (environments: string) => selected({ environments }).problems

  it('is a problem that holds the line as it must be', () => {
    for (const [line, remedy] of [
      ['staging->prod', 'Write it as "staging -> prod".'],
      ['staging-> prod', 'Write it as "staging -> prod".'],
      ['staging => prod', 'Write it as "staging -> prod".'],
      ['staging → prod', 'Write it as "staging -> prod".'],
      ['stag*->prod {1}', 'Write it as "stag* -> prod {1}".'],
      ['- staging', 'Write it as "staging".'],
      ['"staging"', 'Write it as "staging".'],
      ['staging, production', 'Write each on a line of its own: "staging" and "production".'],
      ['[staging, "production"]', 'Write each on a line of its own: "staging" and "production".'],
      ['staging; none', 'Write each on a line of its own: "staging" and "none".'],
      [
        'staging->a, production->b',
        'Write each on a line of its own: "staging -> a" and "production -> b".'
      ],
      ['*, !production', 'Write each on a line of its own: "*" and "!production".']
    ] as const) {
      expect([line, written(line)]).toMatchObject([
        line,
        [{ message: expect.stringContaining(`"${line}" in environments matches no`), remedy }]
      ])
    }
    expect(written('staging, production -> one')[0]?.remedy).toBe(
      'Write each on a line of its own: "staging -> one" and "production -> one".'
    )
  })

  it('is a problem where it leaves out too, for it would leave out nothing', () => {
    expect(selected({ environments: '*', jobs: '*\n!Weekly, Hourly' })).toMatchObject({
      problems: [{ remedy: 'Write each on a line of its own: "!Weekly" and "!Hourly".' }],
      warnings: []
    })
  })

  it('is the name of something where there is one as typed', () => {
    for (const name of ['a->b', 'staging => x', 'staging, production', '[PROD]', '- x', 'a/b, c']) {
      const of = [...environments, { id: 9, name, type: 'deployment' }]
      expect([name, selected({ environments: name }, of)]).toMatchObject([
        name,
        { environments: [9], problems: [] }
      ])
    }
  })

  it('has near names where its parts match nothing either', () => {
    expect(written('stagin, x')[0]?.remedy).toContain('The nearest')
  })

  it('is taken by its id where the name itself holds an arrow with blanks', () => {
    const of = [...environments, { id: 9, name: 'load -> wait', type: 'deployment' }]
    expect(selected({ environments: 'load -> wait' }, of).problems[0]?.remedy).toBe(
      'Write it as "id:9".'
    )
  })
})

describe('a name of digits', () => {
  const of = [...environments, { id: 9, name: '2024', type: 'deployment' }]

  it('is selected as name:2024, and digits alone are an id', () => {
    expect(selected({ environments: 'name:2024' }, of).environments).toEqual([9])
    expect(selected({ environments: '2024 -> x' }, of).problems).toMatchObject([
      { remedy: 'Write it as "name:2024 -> x".' }
    ])
    expect(selected({ environments: '*\n!2024' }, of).problems).toMatchObject([
      { remedy: 'Write it as "!name:2024".' }
    ])
  })
})

describe('two lines for one source', () => {
  it('are a problem, by whatever they name it', () => {
    for (const [first, second] of [
      ['staging -> a', 'staging -> b'],
      ['2', 'staging -> b'],
      ['staging', 'name:staging'],
      ['st* -> a', 'st* -> b']
    ] as const)
      expect(selected({ environments: `${first}\n${second}` }).problems).toMatchObject([
        {
          message: expect.stringMatching(/^Two lines in environments stand for the same source: /),
          remedy: expect.stringContaining('one object')
        }
      ])
  })

  it('are none where one is a wildcard, or one of several of that name', () => {
    expect(selected({ environments: '*\nstaging -> b' }).problems).toEqual([])
    expect(selected({ environments: '*', jobs: 'Nightly\n21 -> Other' }).problems).toEqual([])
    expect(selected({ environments: '*\n!staging\n!staging' }).problems).toEqual([])
  })
})
