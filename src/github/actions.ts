// The runner, as the action sees it: the only place that knows @actions/core and the runner's environment.
import * as core from '@actions/core'
import { readFileSync } from 'node:fs'
import { isObject, type JsonObject } from '../promotion/json.ts'
import { workflowOf, type Workflow } from './workflow.ts'

/** What the action asks of the runner. */
export interface Actions {
  /** The text of an input, trimmed; empty when it is not set. */
  readonly input: (name: string) => string
  /** The text of an input with the blanks at its ends: the first line of a block may be indented as the others are. */
  readonly rawInput: (name: string) => string
  /** Hides a secret in everything that is logged from now on. */
  readonly mask: (secret: string) => void
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
  /** Ends the step red, with the message as an annotation. */
  readonly fail: (message: string) => void
  /** Ends the step green. Only a run that got here is a success. */
  readonly succeed: () => void
}

/** An event of GitHub. */
export interface Event {
  readonly name: string
  readonly actor: string
  readonly payload: JsonObject
}

/** The runner that this process runs on. */
export function runnerActions(): Actions {
  return {
    input: (name) => core.getInput(name),
    rawInput: (name) => core.getInput(name, { trimWhitespace: false }),
    mask: (secret) => {
      core.setSecret(secret)
    },
    event: readEvent,
    workflow: () => workflowOf(process.env),
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
    writeSummary: async (markdown) => {
      // Without a summary file (outside of GitHub) there is no place to write to, which is no reason to fail.
      if (process.env['GITHUB_STEP_SUMMARY']) await core.summary.addRaw(markdown).write()
    },
    onCancel: (callback) => {
      process.on('SIGINT', callback)
      process.on('SIGTERM', callback)
    },
    fail: (message) => {
      core.setFailed(message)
    },
    succeed: () => {
      process.exitCode = 0
    }
  }
}

function readEvent(): Event {
  const name = process.env['GITHUB_EVENT_NAME'] ?? ''
  const actor = process.env['GITHUB_ACTOR'] ?? ''
  const path = process.env['GITHUB_EVENT_PATH'] ?? ''
  try {
    const payload: unknown = path === '' ? {} : JSON.parse(readFileSync(path, 'utf8'))
    return { name, actor, payload: isObject(payload) ? payload : {} }
  } catch {
    return { name, actor, payload: {} }
  }
}
