// The log of a step: masks what goes in, and carries out the commands in it.
import { parseCommand } from './commands.ts'
import type { Masks } from './masks.ts'
import type { Annotation } from './types.ts'

/** The log of a step. Whatever goes in is masked. */
export class StepLog {
  readonly lines: string[] = []
  readonly annotations: Annotation[] = []
  readonly #masks: Masks
  /** Whether a command was refused, which fails the step. */
  failed = false
  #stopped: string | undefined

  constructor(masks: Masks) {
    this.#masks = masks
  }

  write(line: string): void {
    this.lines.push(this.#masks.apply(line))
  }

  annotate(
    level: Annotation['level'],
    message: string,
    properties: Annotation['properties'] = {}
  ): void {
    this.write(`##[${level}]${message}`)
    this.annotations.push({
      level,
      message: this.#masks.apply(message),
      properties: Object.fromEntries(
        Object.entries(properties).map(([key, value]) => [key, this.#masks.apply(value)])
      )
    })
  }

  /** A line that the program wrote: a command is carried out, anything else is logged. */
  receive(line: string): void {
    const command = parseCommand(line, this.#stopped)
    if (command === undefined || (this.#stopped !== undefined && command.name !== this.#stopped)) {
      this.write(line)
      return
    }
    const { name, data, properties } = command
    switch (name) {
      case 'error':
      case 'warning':
      case 'notice':
        this.annotate(name, data, properties)
        return
      case 'add-mask':
        this.#masks.add(data)
        this.write('::add-mask::***')
        return
      case 'debug':
      case 'group':
      case 'endgroup':
        this.write(`##[${name}]${data}`)
        return
      case 'stop-commands':
        this.#stopped = data.toLowerCase()
        this.write(line)
        return
      case 'set-env':
      case 'add-path':
        this.failed = true
        this.annotate('error', `The '${name}' command is disabled. Use the environment files.`)
        return
      default:
        if (name === this.#stopped) this.#stopped = undefined
        this.write(line)
    }
  }
}
