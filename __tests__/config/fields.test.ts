// What the file says as a spec: selections, names, values to set and to keep, and why some are refused.
import { describe, expect, it } from '@jest/globals'
import { environmentFields } from '../../src/kinds/environment.ts'
import { jobFields } from '../../src/kinds/job-fields.ts'
import type { Fields } from '../../src/model/field.ts'
import { parseFile, specOfText } from '../../testing/spec.ts'
import { problemsOf } from './file.ts'

const sides = 'source: { project: 86704 }\ntarget: { project: Production }\n'
const small = `${sides}environments: [dev]\n`

const named = (pattern: string) => ({ by: 'name', pattern, text: pattern }) as const

/** The problems of one rule for jobs, without file and place. */
function jobRule(rule: string): readonly string[] {
  return problemsOf(`${small}jobs: { rules: [{ match: "*", ${rule} }] }`).map(withoutPlace)
}

/** The problems of one entry for environments. */
function environment(entry: string): readonly string[] {
  return problemsOf(`${sides}environments: [{ from: dev, ${entry} }]`).map(withoutPlace)
}

const withoutPlace = (message: string): string => message.replace(/^promote\.yml:\d+:\d+: /, '')

describe('the example of the design', () => {
  const text = `
source: { project: 86704 }
target: { project: 86711 }
environments:
  - from: dev-staging
    to: production
    set: { custom_branch: main, deployment_type: production, credentials_id: 108731 }
jobs:
  select: ["*", "!scratch *"]
  rules:
    - match: "*"
      set: { settings.target_name: prod }
    - match: "Nightly *"
      name: "Production {1}"
      set: { settings.threads: 16 }
references:
  jobs: { 526592: 700001 }
  unresolved: fail
`

  it('is this spec', () => {
    const spec = specOfText(text)
    expect(spec.source.project).toEqual({ id: 86_704 })
    expect(spec.target.project).toEqual({ id: 86_711 })
    expect(spec.environments).toEqual({ include: [named('dev-staging')], exclude: [] })
    expect(spec.jobs).toEqual({ include: [named('*')], exclude: [named('scratch *')] })
    expect(spec.environmentRules).toContainEqual({
      match: named('dev-staging'),
      name: 'production',
      set: [
        { path: 'custom_branch', value: 'main' },
        { path: 'deployment_type', value: 'production' },
        { path: 'credentials_id', value: 108_731 }
      ],
      keep: []
    })
    expect(spec.jobRules).toContainEqual({
      match: named('Nightly *'),
      name: 'Production {1}',
      set: [{ path: 'settings.threads', value: 16 }],
      keep: []
    })
    expect(spec.references.jobs).toEqual(new Map([[526_592, { id: 700_001, project: null }]]))
  })
})

describe('selections of the file', () => {
  it('are the lines of the inputs, and may be numbers', () => {
    const spec = specOfText(
      `${sides}environments: [75286, "dev *", "!dev old", "qa -> tests", { from: 9, keep: [name] }]\n` +
        'jobs: [7, "Nightly ? -> {1} nightly", "!id:8"]'
    )
    expect(spec.environments.include.map(({ text }) => text)).toEqual(['75286', 'dev *', 'qa', '9'])
    expect(spec.environments.exclude.map(({ text }) => text)).toEqual(['dev old'])
    expect(spec.jobs.include.map(({ text }) => text)).toEqual(['7', 'Nightly ?'])
    expect(spec.jobs.exclude).toEqual([{ by: 'id', id: 8, text: 'id:8' }])
    const rules = [...spec.environmentRules, ...spec.jobRules].flatMap(({ match, name }) =>
      name === undefined ? [] : [[match.text, name]]
    )
    expect(rules).toEqual([
      ['qa', 'tests'],
      ['Nightly ?', '{1} nightly']
    ])
  })

  it.each([
    ['environments: ["a -> b -> c"]', 'environments holds the line "a -> b -> c"'],
    ['environments: ["!"]', 'environments holds the line "!"'],
    ['environments: ["a -> {1}"]', 'environments maps "a" to a name that holds {1}'],
    ['environments: ["id:x"]', 'environments holds a line that is no selector'],
    ['environments: [{ from: "a -> b" }]', '"a -> b" leaves out or maps'],
    ['environments: [a, { from: "!a b" }]', '"!a b" leaves out or maps'],
    ['environments: [{ from: a, to: "{1}" }]', 'to holds {1}'],
    ['environments: [{ from: a, to: "{environment}" }]', 'to holds {environment}'],
    ['environments: [{ from: "id:x" }]', '"id:x" is no id'],
    ['environments: [a]\njobs: { rules: [{ match: "a *", name: "{2}" }] }', 'name holds {2}'],
    ['environments: [a]\njobs: { select: ["a -> {nmae}"] }', 'jobs maps "a" to a name'],
    ['environments: [a]\njobs: { rules: [{ match: "0" }] }', '"0" is no id'],
    ['environments: [a]\nprotect: ["id:x"]', 'protect holds a line that is no selector'],
    ['environments: [a]\nlabel: "<b>"', 'label is "<b>"'],
    ['environments: [a]\nreferences: { jobs: { Nightly: 7 } }', 'Nightly is no id'],
    ['environments: [a]\nenvironment-name: "{nmae}"', 'environment-name holds {nmae}']
  ])('%j is a problem at its place', (text, message) => {
    const problems = problemsOf(`${sides}${text}`)
    const told = problems.find((each) => withoutPlace(each).startsWith(message))
    expect(told).toMatch(/^promote\.yml:\d+:\d+: /)
  })

  it('stay in force as rules where the inputs select', () => {
    const spec = specOfText(
      `${sides}environments: [{ from: dev, to: prod }]\njobs: ["Nightly -> Prod"]`,
      { environments: 'dev\nqa', jobs: '*' }
    )
    expect(spec.environments.include.map(({ text }) => text)).toEqual(['dev', 'qa'])
    expect(spec.jobs.include.map(({ text }) => text)).toEqual(['*'])
    expect(spec.environmentRules.flatMap(({ name }) => name ?? [])).toEqual(['prod'])
    expect(spec.jobRules.flatMap(({ name }) => name ?? [])).toEqual(['Prod'])
  })

  it('are not the only thing that may contradict itself', () => {
    expect(problemsOf(`${small}removals: pause\ntrack: name`)).toEqual([
      expect.stringContaining('removals: pause needs the marker')
    ])
  })

  it('are needed somewhere', () => {
    expect(problemsOf(sides)).toEqual(['The input environments is required and empty.'])
    expect(problemsOf(sides, { environments: 'dev' })).toEqual([])
  })
})

describe('set', () => {
  it('takes paths that are dotted, nested, or both, and parts of a field by dots', () => {
    const { jobRules } = specOfText(
      `${small}jobs: { rules: [{ match: "*", set: { settings: { threads: 8, target_name: prod }, ` +
        'triggers.schedule: true, execution: { timeout_seconds: 0 }, schedule.time.hours: [5], ' +
        'deferring_environment_id: null, job_completion_trigger_condition: null } }] }'
    )
    expect(jobRules.flatMap(({ set }) => set)).toEqual([
      { path: 'settings.threads', value: 8 },
      { path: 'settings.target_name', value: 'prod' },
      { path: 'triggers.schedule', value: true },
      { path: 'execution.timeout_seconds', value: 0 },
      { path: 'schedule.time.hours', value: [5] },
      { path: 'deferring_environment_id', value: null },
      { path: 'job_completion_trigger_condition', value: null }
    ])
  })

  it.each([
    ['thread: 8', 'there is no field thread. The nearest are'],
    ['settings.thread: 8', 'there is no field settings.thread. The nearest are "settings.threads"'],
    ['settings: { thread: 8 }', 'there is no field settings.thread. The nearest'],
    ['settings: 8', 'settings is a group: settings.threads, settings.target_name'],
    ['settings: [8]', 'settings is a group'],
    ['triggers.custom_branch_only: true', 'triggers.custom_branch_only is made by the platform'],
    ['id: 7', 'id is made by the platform'],
    ['deactivated: false', 'deactivated is made by the platform'],
    ['project_id: 7', 'project_id says where the object lives'],
    ['account_id: 7', 'account_id says where the object lives'],
    ['environment_id: 7', 'environment_id says where the object lives'],
    ['state: 2', 'state says where the object lives'],
    ['name: x', 'the name is given by "to" or "name"'],
    ['deferring_environment_id: 7', 'deferring_environment_id refers to another object'],
    ['deferring_job_definition_id: 7', 'deferring_job_definition_id refers to another object'],
    [
      'job_completion_trigger_condition: { condition: { job_id: 1, project_id: 2, statuses: [] } }',
      'job_completion_trigger_condition refers to another object'
    ],
    ['settings.threads: "8"', 'settings.threads should be a whole number, but is a text'],
    ['settings.threads: 1.5', 'settings.threads should be a whole number, but is 1.5'],
    ['execute_steps: dbt build', 'execute_steps should be a list, but is a text'],
    ['execute_steps: [1]', 'execute_steps[0] should be a text, but is 1'],
    ['execute_steps.0: dbt build', 'execute_steps has no parts'],
    ['description.de: x', 'description has no parts'],
    ['triggers.schedule: yes', 'triggers.schedule should be true or false'],
    ['settings.target_name: ""', 'settings.target_name can not be empty'],
    ['job_type: nightly', 'job_type should be one of ci'],
    ['schedule: { time: { hours: [5] } }', 'schedule.date should be an object, but is missing'],
    [
      'schedule: { date: { type: every_day }, time: { type: every_hour }, tmie: 1 }',
      'there is no field schedule.tmie'
    ],
    ['schedule.tmie.hours: [5]', 'there is no field schedule.tmie.hours. The nearest'],
    ['schedule.time.hour: [5]', 'there is no field schedule.time.hour. The nearest'],
    ['schedule.cron: 0 5 * * *', 'there is no field schedule.cron'],
    ['schedule.time.hours: 5', 'schedule.time.hours should be a list, but is 5'],
    ['schedule.time.hours: ["5"]', 'schedule.time.hours[0] should be a whole number'],
    ['schedule.date.cron: 5', 'schedule.date.cron should be a text'],
    ['settings.threads: 8, settings: { threads: 4 }', 'settings.threads is set twice'],
    [
      'schedule.time.hours: [5], schedule: { date: { type: every_day }, time: { type: every_hour } }',
      'schedule is set twice'
    ]
  ])('of a job can not be { %s }', (set, message) => {
    expect(jobRule(`set: { ${set} }`)).toEqual([expect.stringContaining(message)])
  })

  it.each([
    ['custom_brnch: x', 'there is no field custom_brnch. The nearest'],
    ['type: development', 'type can not change'],
    ['id: 7', 'id is made by the platform'],
    ['project_id: 7', 'project_id says where'],
    ['repository_id: 7', 'repository_id is made by the platform'],
    ['name: x', 'the name is given by "to" or "name"'],
    ['credentials_id: "7"', 'credentials_id should be an id, but is a text'],
    ['credentials_id: 0', 'credentials_id should be an id, but is 0'],
    ['deployment_type: prod', 'deployment_type should be one of production, staging, null'],
    ['custom_branch: ""', 'custom_branch can not be empty'],
    ['use_custom_branch: null', 'use_custom_branch should be true or false, but is null']
  ])('of an environment can not be { %s }', (set, message) => {
    expect(environment(`set: { ${set} }`)).toEqual([expect.stringContaining(message)])
  })

  it('tells every fault at its own place', () => {
    const text = `${small}jobs:
  rules:
    - match: "*"
      set:
        settings:
          threads: 8
          thread: 8
        id: 7
      keep:
        - state
        - schedul
`
    expect(problemsOf(text)).toEqual([
      expect.stringMatching(/^promote\.yml:10:11: there is no field settings\.thread\./),
      expect.stringMatching(/^promote\.yml:11:9: id is made by the platform\./),
      expect.stringMatching(/^promote\.yml:13:11: state says where the object lives\./),
      expect.stringMatching(/^promote\.yml:14:11: there is no field schedul\./)
    ])
  })

  const settable = (table: Fields): readonly string[] =>
    Object.entries(table).flatMap(([path, { rule }]) =>
      rule === 'copy' || rule === 'keep-target' || rule === 'trigger' ? [path] : []
    )

  it('refuses each field that is not settable, and no other', () => {
    for (const [table, rule] of [
      [environmentFields, environment],
      [jobFields, jobRule]
    ] as const) {
      for (const path of Object.keys(table)) {
        // An object fits no field, so that a field that may be set is refused for its shape.
        const problems = rule(`set: { "${path}": { odd: 1 } }`)
        const isForShape = problems.some((each) =>
          /should be|there is no field \S+\.odd/.test(each)
        )
        const mayBeSet = settable(table).includes(path) && path !== 'type'
        expect([path, problems.length, isForShape]).toEqual([path, 1, mayBeSet])
      }
    }
  })
})

describe('keep', () => {
  it('takes fields, groups, parts of fields and the name', () => {
    expect(
      jobRule('keep: [settings, schedule.date, schedule.time.hours, triggers.schedule, name]')
    ).toEqual([])
    expect(environment('keep: [dbt_version, name, credentials_id]')).toEqual([])
  })

  it.each([
    ['schedul', 'there is no field schedul. The nearest'],
    ['settings.thread', 'there is no field settings.thread'],
    ['schedule.dat', 'there is no field schedule.dat'],
    ['schedule.time.hour', 'there is no field schedule.time.hour'],
    ['description.de', 'description has no parts'],
    ['job_completion_trigger_condition.condition', 'job_completion_trigger_condition has no parts'],
    ['id', 'id is made by the platform'],
    ['deactivated', 'deactivated is made by the platform'],
    ['project_id', 'project_id says where'],
    ['environment_id', 'environment_id says where']
  ])('can not be [%s]', (path, message) => {
    expect(jobRule(`keep: [${path}]`)).toEqual([expect.stringContaining(message)])
  })

  it.each([
    ['settings.threads: 8', 'settings'],
    ['settings.threads: 8', 'settings.threads'],
    ['schedule.time.hours: [5]', 'schedule'],
    ['schedule: { date: { type: every_day }, time: { type: every_hour } }', 'schedule.date']
  ])('can not be what the same rule sets: { %s } and [%s]', (set, path) => {
    expect(jobRule(`set: { ${set} }, keep: [${path}]`)).toEqual([
      `${path} is set and kept by the same rule.`
    ])
  })
})

it('does not mind how often a file is parsed', () => {
  const text = `${small}jobs: { rules: [{ match: "*", set: { settings.threads: 8 } }] }`
  expect(parseFile(text)).toEqual(parseFile(text))
})
