// What the runner says of the workflow: which repository and commit it runs for, and where GitHub is.

/** The run of a workflow. Texts are empty where the runner does not say. */
export interface Workflow {
  readonly owner: string
  readonly repository: string
  /** The commit that the run is for; of a push the last one. */
  readonly sha: string
  /** What the run is for, e.g. `refs/heads/main` or `refs/tags/v1`. */
  readonly ref: string
  /** The branch that the run is for, without `refs/heads/`; empty for a tag, which may have the name of a branch. */
  readonly branch: string
  /** The run and its attempt, e.g. `77/1`. */
  readonly run: string
  /** The page of the run. */
  readonly runUrl: string
  /** The address of GitHub's API, the only host that the GitHub token is sent to. */
  readonly apiUrl: string
}

/** Reads it from the environment of the runner. */
export function workflowOf(env: Readonly<Record<string, string | undefined>>): Workflow {
  const [owner = '', repository = ''] = (env['GITHUB_REPOSITORY'] ?? '').split('/')
  const run = env['GITHUB_RUN_ID'] ?? ''
  const server = env['GITHUB_SERVER_URL'] ?? ''
  const isKnown = run !== '' && server !== '' && repository !== ''
  return {
    owner,
    repository,
    sha: env['GITHUB_SHA'] ?? '',
    ref: env['GITHUB_REF'] ?? '',
    branch: env['GITHUB_REF_TYPE'] === 'tag' ? '' : (env['GITHUB_REF_NAME'] ?? ''),
    run: run === '' ? '' : `${run}/${env['GITHUB_RUN_ATTEMPT'] ?? '1'}`,
    runUrl: isKnown ? `${server}/${owner}/${repository}/actions/runs/${run}` : '',
    apiUrl: env['GITHUB_API_URL'] ?? ''
  }
}
