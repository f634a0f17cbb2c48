// What comes before a promotion: its inputs are read and checked, and the ways to dbt and GitHub are opened.
import { connectBoth, type Connections } from './dbt/connect.ts'
import { certificateWarning } from './dbt/environment.ts'
import type { OpenTransport } from './dbt/http.ts'
import { Stop } from './dbt/stop.ts'
import type { Time } from './dbt/time.ts'
import { openGitHub, openOnce } from './github/api.ts'
import { withoutSecrets } from './github/event.ts'
import { progress } from './github/progress.ts'
import { logMode } from './github/publish.ts'
import type { ReviewOptions } from './github/review.ts'
import { runComment } from './github/run-comment.ts'
import { promotionId } from './inputs/promotion-id.ts'
import {
  githubProblems,
  hashProblems,
  readGitHubToken,
  readRunOptions,
  readSecrets,
  readTokens,
  type RunOptions,
  type Tokens
} from './inputs/inputs.ts'
import { hiding, hidingInMarkup, type Hide } from './model/hide.ts'
import type { SecretValues } from './model/secrets.ts'
import { readWork } from './read-work.ts'
import type { Run } from './run.ts'
import type { Work } from './work.ts'

/** What a promotion needs. */
export interface Prepared {
  readonly work: Work
  readonly options: RunOptions
  readonly review: ReviewOptions
  readonly connections: Connections
  readonly secrets: SecretValues
  readonly hide: Hide
  readonly time: Time
  readonly stop: Stop
}

/**
 * Prepares a run.
 * @returns undefined where there is nothing to do: GitHub gives no secrets to the pull requests of strangers
 * @throws Failure with all that is wrong with the inputs
 */
export async function prepare(
  run: Run,
  time: Time,
  open: OpenTransport
): Promise<Prepared | undefined> {
  const { actions } = run
  const started = time.now()
  const tokens = readTokens(actions)
  const githubToken = readGitHubToken(actions)
  if (isWithoutSecrets(run, tokens)) {
    actions.notice(
      'GitHub gives no secrets to pull requests from forks and by Dependabot: nothing is planned here.'
    )
    return undefined
  }
  const secrets = await readSecrets(actions)
  const { options, problems } = readRunOptions(actions)
  const github = openOnce(() => openGitHub(actions.workflow(), githubToken, time, started))
  run.know({ mode: options.mode, chosen: options.chosen, showValues: options.showValues })
  if (options.chosen) logMode(actions, options.chosen)
  const insecure = certificateWarning(actions.env('NODE_TLS_REJECT_UNAUTHORIZED'))
  if (insecure !== undefined) actions.warning(insecure)
  const keys = [tokens.source.value, tokens.target.value]
  run.secrets = [githubToken, ...keys, ...secrets.texts]
  const review = { github, keys, ...promotionId(actions) }
  if (githubToken !== '') {
    const how = { ...review, policy: options.comment, time, hide: hidingInMarkup(run.secrets) }
    const isAsked = options.mode === 'apply' && options.reviewedPlan !== 'comment'
    run.comment = runComment(actions, how, isAsked)
  }
  const work = await readWork(actions, tokens, secrets, options, [
    ...problems,
    ...githubProblems(githubToken, options),
    ...hashProblems(options)
  ])
  return {
    work,
    options,
    review: { ...options, ...review },
    ...connected(run, work, { ...options, secrets: secrets.texts, time, open }),
    secrets: secrets.values,
    hide: hiding(run.secrets),
    time
  }
}

type How = Pick<RunOptions, 'parallelism' | 'requestsPerMinute' | 'deadlineMinutes'> & {
  readonly secrets: readonly string[]
  readonly time: Time
  readonly open: OpenTransport
}

function connected(run: Run, work: Work, how: How): Pick<Prepared, 'connections' | 'stop'> {
  const { actions } = run
  const stop = new Stop(how.time, how.deadlineMinutes)
  run.atEnd(() => {
    stop.end()
  })
  actions.onCancel(() => void stop.stop('cancelled'))
  const reading = progress('requests sent', actions.info, how.time.now)
  const connections = connectBoth(work.sides, work.tokens, {
    ...how,
    stop,
    log: actions.info,
    onRequest: (count) => {
      if (run.result.plan === undefined) reading(count)
    }
  })
  run.atEnd(connections.close)
  run.requests = connections.requests
  return { connections, stop }
}

function isWithoutSecrets({ actions }: Run, { source, target }: Tokens): boolean {
  return source.value === '' && target.value === '' && withoutSecrets(actions.event())
}
