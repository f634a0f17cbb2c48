// A sample of the matrix over real connections: the bundle against the sandbox's server, judged as the matrix is.
import { startSandbox, type Fault as Order, type Sandbox } from '../../sandbox/index.ts'
import { complaintsOf, laterComplaintsOf, type Ended, type Platform } from './judge.ts'
import type { Baseline } from './matrix.ts'
import { runToEnd, startBundle, type Left } from './process.ts'
import { account, inputs, sourceProject, targetProject } from './world.ts'

const project = (id: number): string =>
  `/api/v3/accounts/${String(account)}/projects/${String(id)}/`
const environments = `${project(targetProject)}environments/`
const jobs = `/api/v2/accounts/${String(account)}/jobs/`

/** One case: what the sandbox is told to do, and how the run must end. */
export interface Sample {
  readonly name: string
  readonly order: Order
  readonly ends: string
  readonly inputs?: Readonly<Record<string, string>>
}

const post = { method: 'POST' } as const
const later = { 'retry-after': '1' }

/** The sample: waits are short, since time is real here. */
export const samples: readonly Sample[] = [
  {
    name: 'a reset read',
    order: { path: project(sourceProject), action: { kind: 'reset', when: 'before' } },
    ends: 'green'
  },
  {
    name: 'a cut list',
    order: { path: environments, method: 'GET', action: { kind: 'cut' } },
    ends: 'green'
  },
  {
    name: 'a list that trickles in',
    order: { path: environments, method: 'GET', action: { kind: 'trickle', ms: 2, bytes: 64 } },
    ends: 'green'
  },
  {
    name: 'a list as HTML with 200',
    order: { path: jobs, method: 'GET', action: { kind: 'html', status: 200 } },
    ends: 'green'
  },
  {
    name: 'a 503 with Retry-After on a list',
    order: { path: jobs, method: 'GET', action: { kind: 'respond', status: 503, headers: later } },
    ends: 'green'
  },
  {
    name: 'a 429 with Retry-After on a create',
    order: {
      ...post,
      path: jobs,
      nth: 5,
      action: { kind: 'respond', status: 429, headers: later }
    },
    ends: 'green'
  },
  {
    name: 'a 429 for which there is no time',
    order: { ...post, path: jobs, nth: 5, action: { kind: 'respond', status: 429 } },
    inputs: { 'deadline-minutes': '3' },
    ends: 'rate-limited'
  },
  {
    name: 'a create of an environment, cut',
    order: { ...post, path: environments, action: { kind: 'cut' } },
    ends: 'green'
  },
  {
    name: 'a create of a job, reset after it',
    order: { ...post, path: jobs, nth: 4, action: { kind: 'reset', when: 'after' } },
    ends: 'green'
  },
  {
    name: 'a create of a job, 500 after it',
    order: { ...post, path: jobs, nth: 2, action: { kind: 'respond', status: 500, commit: true } },
    ends: 'green'
  },
  {
    name: 'an update of a job, reset after it',
    order: { ...post, path: `${jobs}*/`, nth: 9, action: { kind: 'reset', when: 'after' } },
    ends: 'green'
  },
  {
    name: 'an update of an environment, cut',
    order: { ...post, path: `${environments}*/`, action: { kind: 'cut', bytes: 0 } },
    ends: 'green'
  },
  {
    name: 'a create of a job that is refused',
    order: {
      ...post,
      path: jobs,
      nth: 3,
      action: { kind: 'respond', status: 400, body: { detail: 'No.' } }
    },
    ends: 'apply-failed'
  },
  {
    name: 'a redirect',
    order: {
      path: project(targetProject),
      action: { kind: 'redirect', location: 'http://127.0.0.1:9/' }
    },
    ends: 'internal'
  },
  {
    name: 'a token that is not known',
    order: { path: project(targetProject), action: { kind: 'respond', status: 401 } },
    ends: 'unauthorized'
  }
]

/** Plays one case: what is wrong with it. */
export async function playSample(base: Baseline, sample: Sample): Promise<readonly string[]> {
  return withSandbox(base, async (sandbox, given) => {
    sandbox.addFault(sample.order)
    const left = await runToEnd({ ...given, ...sample.inputs })
    const state = platformOf(sandbox)
    sandbox.clearFaults()
    return [
      ...complaintsOf(base, endedOf(left, state, sample.ends)),
      ...(await laterOver(base, sandbox, given))
    ]
  })
}

/** When to kill: at a request of this sixth of a run, another time at another. */
export function momentOf(base: Baseline, sixth: number): number {
  return 1 + Math.floor(((sixth + Math.random()) * base.arrivals.length) / 6)
}

/** Kills the process when the n-th request has arrived: what is wrong with what comes after. */
export async function playKill(base: Baseline, nth: number): Promise<readonly string[]> {
  return withSandbox(
    base,
    async (sandbox, given, onRequest) => {
      const { child, left } = await startBundle(given)
      let count = 0
      onRequest(() => {
        if (++count === nth) child.kill('SIGKILL')
      })
      const { exitCode, stdout } = await left
      // What had been sent is still carried out.
      await new Promise((resolve) => setTimeout(resolve, 100))
      const isKilled = exitCode === null
      const complaints = [
        ...(isKilled ? [] : [`it was not killed: ${stdout}`]),
        ...(await laterOver(base, sandbox, given))
      ]
      return complaints.map((complaint) => `at request ${String(nth)}: ${complaint}`)
    },
    25
  )
}

/** Starts a sandbox that holds what was before, and stops it in the end. */
export async function withSandbox<T>(
  base: Baseline,
  work: (
    sandbox: Sandbox,
    inputs: Readonly<Record<string, string>>,
    onRequest: (callback: () => void) => void
  ) => Promise<T>,
  latencyMs = 0
): Promise<T> {
  let callback: () => void = () => undefined
  const sandbox = await startSandbox({
    seed: base.before,
    latencyMs,
    onRequest: () => {
      callback()
    }
  })
  try {
    return await work(sandbox, { ...inputs, host: sandbox.url }, (each) => (callback = each))
  } finally {
    await sandbox.close()
  }
}

/** Runs twice more without a fault: what is wrong with that. */
export async function laterOver(
  base: Baseline,
  sandbox: Sandbox,
  given: Readonly<Record<string, string>>
): Promise<readonly string[]> {
  const { state } = platformOf(sandbox)
  const rerun = await runToEnd(given)
  const afterRerun = platformOf(sandbox)
  sandbox.clearRequests()
  const again = await runToEnd(given)
  const writes = sandbox.requests().filter(({ method }) => method !== 'GET').length
  return [
    ...laterComplaintsOf(
      base,
      state,
      { notes: rerun.notes, wire: afterRerun },
      { notes: again.notes, wire: platformOf(sandbox) }
    ),
    ...(writes === 0 ? [] : [`a second re-run sends ${String(writes)} writes`])
  ]
}

/** What a run left, for the judge. */
export function endedOf(left: Left, wire: Platform, ...endings: readonly string[]): Ended {
  const fault = { name: '', strikes: [], ends: { read: '', create: '', update: '', link: '' } }
  const request = { method: '', path: '', retry: 'read' } as const
  const struck = { n: 0, at: 0, request, place: 'look', struck: true } as const
  return { notes: left.notes, wire, tookMs: 0, fault, struck, endings }
}

/** What the sandbox holds. */
export function platformOf(sandbox: Sandbox): Platform {
  return { state: sandbox.state(), arrivals: [] }
}
