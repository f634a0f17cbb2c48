// Which mode a run takes, and why: `auto` goes by the event that started the workflow.
import type { Event } from '../github/actions.ts'
import { defaultBranch, isMerge } from '../github/event.ts'
import { quoted } from '../model/names.ts'
import type { ChosenMode } from '../report/result.ts'

/** How a mode is chosen by hand, which is what an apply needs that no event tells of. */
const byHand = 'Nothing is applied: where this should apply, set "mode: apply".'

/** The mode that an input names. */
export function namedMode(mode: ChosenMode['mode']): ChosenMode {
  return { mode, why: `Mode ${mode}, as the input mode says.`, isDoubtful: false }
}

/**
 * The mode of `auto`: it applies where a change has got to the default branch, or where nobody proposes one.
 * @param ref what the run is for, e.g. `refs/heads/main`
 */
export function modeAt(event: Event, ref: string): ChosenMode {
  switch (event.name) {
    // It runs on the default branch alone, of which its payload tells nothing (github/codeql-action#1211).
    case 'schedule':
      return apply('a scheduled run')
    case 'release': {
      const action = event.payload['action']
      return action === 'published'
        ? apply('a release that is published')
        : doubtful('a release that is not published by this event')
    }
    case 'push':
      return onBranch('a push to', event, ref)
    case 'workflow_dispatch':
      return onBranch('a run by hand on', event, ref)
    case 'repository_dispatch':
      return onBranch('a repository_dispatch on', event, ref)
    case 'workflow_run':
      return doubtful('a workflow_run')
    default:
      return isMerge(event) ? doubtful('a pull request that was merged') : plan(event.name)
  }
}

function onBranch(what: string, event: Event, ref: string): ChosenMode {
  const [, kind, name = ref] = /^refs\/(heads|tags)\/(.*)$/s.exec(ref) ?? []
  const main = defaultBranch(event, ref)
  if (kind === 'tags') return doubtful(`${what} tag ${quoted(name)}`)
  if (main === undefined)
    return doubtful(`${what} ${quoted(name)}, without a word of which branch is the default one`)
  return kind === 'heads' && name === main
    ? apply(`${what} the default branch ${quoted(name)}`)
    : doubtful(`${what} ${quoted(name)}, and the default branch is ${quoted(main)}`)
}

function apply(what: string): ChosenMode {
  return { mode: 'apply', why: `Mode apply: this is ${what}.`, isDoubtful: false }
}

function plan(event: string): ChosenMode {
  return { mode: 'plan', why: `Mode plan: the event is ${event}.`, isDoubtful: false }
}

// Whoever runs it there may have meant an apply.
function doubtful(what: string): ChosenMode {
  return { mode: 'plan', why: `Mode plan: this is ${what}. ${byHand}`, isDoubtful: true }
}
