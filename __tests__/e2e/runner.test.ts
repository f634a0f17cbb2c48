import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Command, parseCommand } from '../../e2e/runner/commands.ts'
import { Masks } from '../../e2e/runner/masks.ts'
import {
  runWorkflow,
  type StepResult,
  stepOf,
  type WorkflowResult
} from '../../e2e/run-workflow.ts'

const fixtures = join(import.meta.dirname, 'fixtures')
const token = 'dbtc_top-secret'

const scratch = mkdtempSync(join(tmpdir(), 'runner-test-'))
afterAll(() => {
  rmSync(scratch, { recursive: true })
})

/** Runs one job with the given steps, written as YAML. */
async function runSteps(steps: string, signal?: AbortSignal): Promise<WorkflowResult> {
  const file = join(scratch, 'workflow.yml')
  const body = steps.trim().replaceAll(/^/gm, '      ')
  writeFileSync(file, `on: push\njobs:\n  job:\n    runs-on: x\n    steps:\n${body}\n`)
  return runWorkflow({ file, workspace: fixtures, ...(signal && { signal }) })
}

describe('the fixture workflow', () => {
  let result: WorkflowResult
  let step: (id: string, job?: string) => StepResult

  beforeAll(async () => {
    process.env['NOT_FOR_STEPS'] = 'inherited'
    result = await runWorkflow({
      file: join(fixtures, 'workflow.yml'),
      workspace: fixtures,
      env: { MACHINE: 'given' },
      secrets: { TOKEN: token },
      vars: { WHO: 'world' },
      github: { repository: 'acme/dbt', event: { action: 'opened' } }
    })
    step = (id, job = 'first') => stepOf(result, job, id)
  })

  afterAll(() => {
    delete process.env['NOT_FOR_STEPS']
  })

  it('reports the state of every job', () => {
    const states = Object.values(result.jobs).map(({ id, status }) => [id, status])
    expect(states).toEqual([
      ['first', 'success'],
      ['second', 'failure'],
      ['third', 'skipped'],
      ['fourth', 'success']
    ])
    expect(result.status).toBe('failure')
  })

  it('hands outputs to later steps, of one line and of many', () => {
    expect(step('greet').outputs).toEqual({ text: 'Good day world', lines: 'one=1\ntwo' })
    expect(step('read').log).toContain('text=Good day world')
    expect(step('read').log.join('\n')).toContain('lines=one=1\ntwo\n')
  })

  it('names steps', () => {
    expect(step('greet').name).toBe('Greet world')
    expect(step('path').name).toBe('Run tool')
  })

  it('layers variables: machine, workflow, job, what an action has set', () => {
    expect(step('read').log).toContain("job env value it's acme/dbt, isn't it? 'quoted' {braces}")
  })

  it('inherits nothing but what it is given', () => {
    expect(step('greet').log).toContain('inherited: nothing, given')
  })

  it('sets the variables of GitHub', () => {
    expect(step('read').log).toContain(
      'repository=acme/dbt ref=refs/heads/main event={"action":"opened"}'
    )
  })

  it('extends PATH', () => {
    expect(step('path').log).toContain('tool ran')
  })

  it('fills in defaults, which may be expressions', () => {
    expect(step('defaults').outputs['text']).toBe('Hello octocat')
  })

  it('warns of inputs that the action does not know, or no longer wants', () => {
    expect(step('greet').annotations.map(({ message }) => message)).toEqual([
      "Input 'old' has been deprecated with message: use greeting",
      "Unexpected input(s) 'nope', valid inputs are ['greeting', 'who to', 'fail-it', 'old']",
      'first\nsecond 100%',
      'spoofed',
      'obeyed again'
    ])
    expect(step('defaults').annotations.map(({ level }) => level)).toEqual([
      'notice',
      'warning',
      'notice'
    ])
  })

  it('makes annotations of commands, with their properties', () => {
    expect(step('defaults').annotations[0]).toEqual({
      level: 'notice',
      message: 'first\nsecond 100%',
      properties: { title: 'Note: one', file: 'a.sql' }
    })
  })

  it('obeys no command while they are stopped', () => {
    expect(step('greet').log).toContain('::error::not obeyed')
    expect(step('greet').annotations.filter(({ level }) => level === 'error')).toEqual([])
  })

  it('masks secrets and what the action masks, everywhere', () => {
    expect(JSON.stringify(result)).not.toContain(token)
    expect(step('read').log).toContain('*** and dbtc')
    expect(step('greet').log).toContainEqual(expect.stringMatching(/^\*\*\* from Node 2\d\./))
    expect(step('greet').summary).toBe('## ***\n***\n')
  })

  it('keeps an output with a secret on the machine', () => {
    expect(result.jobs['first']?.outputs).toEqual({ text: 'Good day world', level: 'low' })
    expect(result.jobs['first']?.annotations.map(({ message }) => message)).toEqual([
      "Skip output 'secret' since it may contain secret."
    ])
  })

  it('tells outcome from conclusion', () => {
    expect(step('fail')).toMatchObject({ outcome: 'failure', conclusion: 'success' })
    expect(step('fail').annotations.at(-1)?.message).toBe('It failed, as asked')
    expect(step('after-failure').outcome).toBe('success')
  })

  it('skips a step whose condition does not hold', () => {
    expect(step('never')).toMatchObject({ outcome: 'skipped', log: [] })
  })

  it('ends a script at its first failure, and the job with it', () => {
    expect(step('break', 'second').outcome).toBe('failure')
    expect(step('break', 'second').log.at(-1)).toBe('##[error]Process completed with exit code 1.')
    expect(step('skipped', 'second').outcome).toBe('skipped')
    expect(step('on-failure', 'second').log).toContain('job is failure, first was success')
    expect(result.jobs['second']?.outputs).toEqual({ after: 'success' })
  })

  it('tells a job of the failure of an ancestor', () => {
    expect(step('heard', 'fourth').log).toContain('heard of it')
  })
})

describe('a step', () => {
  it.each([
    ['echo nonsense >> "$GITHUB_OUTPUT"', "Invalid format 'nonsense'"],
    ['echo "x<<EOF" >> "$GITHUB_OUTPUT"', "Matching delimiter not found 'EOF'"],
    ['head -c 1048577 /dev/zero >> "$GITHUB_STEP_SUMMARY"', 'up to a size of 1024k, got 1025k'],
    ['echo "::set-env name=A::b"', "The 'set-env' command is disabled"],
    ['exit 7', 'Process completed with exit code 7.']
  ])('fails on %s', async (script, message) => {
    const result = await runSteps(`- run: ${JSON.stringify(script)}`)
    const [step] = result.jobs['job']?.steps ?? []
    expect(step?.outcome).toBe('failure')
    expect(step?.annotations.at(-1)?.message).toContain(message)
    expect(result.status).toBe('failure')
  })

  it('fails on an expression that cannot be evaluated', async () => {
    const result = await runSteps("- run: echo\n  env:\n    A: ${{ fromJSON('{') }}")
    expect(result.jobs['job']?.steps[0]?.log).toEqual([expect.stringContaining('parsing JSON')])
    expect(result.status).toBe('failure')
  })

  it('stops a pipe at its first failure only in a bash that is asked for', async () => {
    const plain = await runSteps('- run: false | true')
    const asked = await runSteps('- run: false | true\n  shell: bash')
    expect([plain.status, asked.status]).toEqual(['success', 'failure'])
  })

  it('masks its annotations, titles included', async () => {
    const result = await runSteps('- run: echo "::add-mask::abc"; echo "::error title=abc::an abc"')
    expect(result.jobs['job']?.steps[0]?.annotations).toEqual([
      { level: 'error', message: 'an ***', properties: { title: '***' } }
    ])
  })

  it('finds the folder that was added last first', async () => {
    const result = await runSteps(
      `
- run: echo "/one" >> "$GITHUB_PATH"; echo "/two" >> "$GITHUB_PATH"
- run: echo "/three" >> "$GITHUB_PATH"
- run: echo "$PATH"
`
    )
    expect(result.jobs['job']?.steps[2]?.log.at(-1)).toMatch(/^\/three:\/two:\/one:/)
  })

  it('is interrupted when the run is cancelled', async () => {
    const result = await runSteps(
      `
- id: long
  run: exec sleep 30
- id: next
  run: echo next
- id: cleanup
  if: cancelled()
  run: echo cleaned
`,
      AbortSignal.timeout(300)
    )
    const outcomes = result.jobs['job']?.steps.map(({ outcome }) => outcome)
    expect(outcomes).toEqual(['cancelled', 'skipped', 'success'])
    expect(result.status).toBe('cancelled')
  })
})

describe('a command', () => {
  it.each<[string, Command | undefined]>([
    ['::error::a', { name: 'error', properties: {}, data: 'a' }],
    ['  ::Error::a::b', { name: 'error', properties: {}, data: 'a::b' }],
    [
      '::error file=a%2Cb,line=1,empty=::x',
      { name: 'error', properties: { file: 'a,b', line: '1' }, data: 'x' }
    ],
    [
      '::debug::100%25 %250A%0D%0A %3A',
      { name: 'debug', properties: {}, data: '100% %0A\r\n %3A' }
    ],
    ['##[group]a', { name: 'group', properties: {}, data: 'a' }],
    [
      'text ##[warning file=a;line=1]b %5D %3B',
      { name: 'warning', properties: { file: 'a', line: '1' }, data: 'b ] ;' }
    ],
    ['text ::error::a', undefined],
    ['::unknown::a', undefined],
    ['##[unknown]a', undefined],
    ['::error', undefined],
    ['error', undefined]
  ])('is read from %j', (line, command) => {
    expect(parseCommand(line)).toEqual(command)
  })
})

describe('masks', () => {
  const masks = new Masks()
  masks.add('abc')
  masks.add('abcdef')
  masks.add('one line\n\nother line\n')

  it.each([
    ['abcdef abc ab', '*** *** ab'],
    ['the other line\n', 'the ***\n'],
    ['a b\n\nc', 'a b\n\nc']
  ])('turn %j into %j', (plain, masked) => {
    expect(masks.apply(plain)).toBe(masked)
  })
})

describe('a workflow that cannot be run', () => {
  it.each([
    ['- run: echo\n  shel: bash', /Unexpected value 'shel'/],
    ['- run: echo ${{ nope.x }}', /Unrecognized named-value: 'nope'/],
    ['- uses: docker://alpine', undefined],
    ['- run: echo\n  shell: pwsh', undefined]
  ])('is refused by the schema or fails: %j', async (steps, refusal) => {
    const run = runSteps(steps)
    const outcome = await run.then(
      (result) => result.jobs['job']?.steps[0]?.log.join('\n'),
      (error: unknown) => String(error)
    )
    expect(outcome).toMatch(refusal ?? /not supported by this runner/)
  })

  it('is refused for what this runner leaves out', async () => {
    const file = join(scratch, 'matrix.yml')
    writeFileSync(
      file,
      'on: push\njobs:\n  a:\n    runs-on: x\n    strategy:\n      matrix:\n        b: [1]\n    steps:\n      - run: x\n'
    )
    await expect(runWorkflow({ file, workspace: fixtures })).rejects.toThrow(
      "job a: 'strategy' is not supported by this runner"
    )
  })
})
