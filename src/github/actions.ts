// The runner, as the action sees it: the only place that knows @actions/core and the runner's environment.
import * as core from '@actions/core'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { isObject, type JsonObject } from '../model/json.ts'
import { placeText, type Place } from '../model/remark.ts'
import { hiding, type Hide } from '../model/hide.ts'
import { anyHash } from '../report/reviewed-plan.ts'
import { workflowOf, type Workflow } from './workflow.ts'

/** What the action asks of the runner. */
export interface Actions {
  /** The text of an input, trimmed; empty when it is not set. */
  readonly input: (name: string) => string
  /** The text of an input with the blanks at its ends: the first line of a block may be indented as the others are. */
  readonly rawInput: (name: string) => string
  /** Hides a secret in everything that is logged from now on. */
  readonly mask: (secret: string) => void
  /** A variable of the environment; empty when it is not set. */
  readonly env: (name: string) => string
  /** The event that started the workflow. */
  readonly event: () => Event
  /** The run of the workflow. */
  readonly workflow: () => Workflow
  readonly info: (line: string) => void
  /** Logs a line that shows only where the run is debugged. */
  readonly debug: (line: string) => void
  readonly notice: (message: string) => void
  readonly warning: (message: string) => void
  readonly group: (title: string, lines: readonly string[]) => void
  readonly setOutput: (name: string, value: string) => void
  readonly writeSummary: (markdown: string) => Promise<void>
  /** Calls back when the workflow is cancelled, at each signal that the runner sends. */
  readonly onCancel: (callback: () => void) => void
  /** Annotates a file with what is wrong in it. */
  readonly error: (message: string, place: Place) => void
  /** Ends the step red, with the message as an annotation, of a file where a place is given. */
  readonly fail: (message: string, place?: Place) => void
  /** Ends the step green. Only a run that got here is a success. */
  readonly succeed: () => void
}

/** An event of GitHub. */
export interface Event {
  readonly name: string
  readonly actor: string
  readonly payload: JsonObject
}

/** What is said to a runner, or to whoever reads the text. */
type Said = Pick<
  Actions,
  'mask' | 'info' | 'debug' | 'notice' | 'warning' | 'group' | 'setOutput' | 'error' | 'fail'
>

// A runner sets the variable of each input that action.yml declares, to its default where the workflow does not name it
// (actions/runner#1176), and an input that is named and empty suppresses the default (github/docs#31513). So a variable
// that is missing means that no runner started this, and that nobody named the input.
function readInput(name: string): string {
  const isNamed = process.env[`INPUT_${name.toUpperCase()}`] !== undefined
  return !isNamed && name === 'expected-plan-hash' ? anyHash : core.getInput(name)
}

/** The runner that this process runs on. */
export function runnerActions(): Actions {
  return {
    ...(process.env['GITHUB_ACTIONS'] === 'true' ? commands : plainText()),
    input: readInput,
    rawInput: (name) => core.getInput(name, { trimWhitespace: false }),
    env: (name) => process.env[name] ?? '',
    event: readEvent,
    workflow: () => workflowOf(process.env),
    writeSummary: async (markdown) => {
      // Without a summary file (outside of GitHub) there is no place to write to, which is no reason to fail.
      if (process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(markdown).write()
    },
    onCancel: (callback) => {
      process.on('SIGINT', callback)
      process.on('SIGTERM', callback)
    },
    succeed: () => {
      process.exitCode = 0
    }
  }
}

/** Commands, which GitHub's runner reads from the log. */
const commands: Said = {
  mask: (secret) => {
    core.setSecret(secret)
  },
  info: (line) => {
    core.info(line)
  },
  debug: (line) => {
    core.debug(line)
  },
  notice: (message) => {
    core.notice(message)
  },
  warning: (message) => {
    core.warning(message)
  },
  group: (title, lines) => {
    core.startGroup(title)
    for (const line of lines) core.info(line)
    core.endGroup()
  },
  setOutput: (name, value) => {
    core.setOutput(name, value)
  },
  error: (message, place) => {
    core.error(message, annotationAt(place))
  },
  fail: (message, place) => {
    process.exitCode = core.ExitCode.Failure
    core.error(message, place && annotationAt(place))
  }
}

// GitHub finds a file by its path in the repository.
function annotationAt({ file, line, column }: Place): core.AnnotationProperties {
  const workspace = process.env['GITHUB_WORKSPACE'] ?? ''
  const within = workspace === '' ? file : path.relative(workspace, path.resolve(file))
  const isWithin = !within.startsWith('..') && !path.isAbsolute(within)
  return {
    file: (isWithin ? within : file).replaceAll(path.sep, '/'),
    startLine: line,
    startColumn: column
  }
}

/** Text for people, where no runner would carry out a command: to print a mask would be to print the secret. */
function plainText(): Said {
  const secrets: string[] = []
  let hide: Hide = (text) => text
  const say = (text: string): void => {
    core.info(hide(text))
  }
  return {
    mask: (secret) => {
      secrets.push(secret)
      hide = hiding(secrets)
    },
    info: say,
    debug: () => undefined,
    notice: (message) => {
      say(`Note: ${message}`)
    },
    warning: (message) => {
      say(`Warning: ${message}`)
    },
    group: (title, lines) => {
      say(title)
      for (const line of lines) say(`  ${line}`)
    },
    setOutput: (name, value) => {
      // Without a file to write to, the toolkit would print a command.
      if (process.env['GITHUB_OUTPUT']) core.setOutput(name, value)
      else say(`${name}=${value}`)
    },
    error: (message, place) => {
      say(`Error: ${placeText(place)}: ${message}`)
    },
    fail: (message) => {
      process.exitCode = core.ExitCode.Failure
      say(`Error: ${message}`)
    }
  }
}

function readEvent(): Event {
  const name = process.env['GITHUB_EVENT_NAME'] ?? ''
  const actor = process.env['GITHUB_ACTOR'] ?? ''
  const file = process.env['GITHUB_EVENT_PATH'] ?? ''
  try {
    const payload: unknown = file === '' ? {} : JSON.parse(readFileSync(file, 'utf8'))
    return { name, actor, payload: isObject(payload) ? payload : {} }
  } catch {
    return { name, actor, payload: {} }
  }
}
