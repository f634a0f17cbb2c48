// The boxes of the summary: alarms, what is wrong, warnings, notes. The first of many stand in a box, all in a fold.
import { byLevel, type Alarm } from '../model/remark.ts'
import type { Plan } from '../promotion/plan.ts'
import { groupBy } from '../model/group.ts'
import { folded, type Block } from './document.ts'
import { alarmTitles } from './phrases.ts'
import { isWritten, rowsOf, type Result } from './result.ts'
import { prose } from './text.ts'

/** More messages of a kind are folded. */
const mostListed = 20

/** Messages of one kind. */
interface Messages {
  readonly title: string
  readonly messages: readonly string[]
}

/**
 * The messages of alarms, by kind, in the order in which a reviewer should see them: before a run writes, those of its
 * plan; after it, of what was written.
 */
export function alarmMessages(result: Result): readonly Messages[] {
  const { plan, mode, outcomes, failure } = result
  if (outcomes !== null) return messagesOf(writtenAlarms(result), 1)
  // An apply that failed before its first write has nothing to warn of.
  return mode === 'apply' && failure ? [] : messagesOf(alarmsOf(plan), 0)
}

function alarmsOf(plan: Plan | undefined): readonly Alarm[] {
  return byLevel(plan?.remarks ?? []).alarms
}

// What was perhaps written must not be missed either.
function writtenAlarms(result: Result): readonly Alarm[] {
  const fates = new Map(rowsOf(result).map((row) => [row.change.key, row]))
  return alarmsOf(result.plan).flatMap((alarm): readonly Alarm[] => {
    const row = fates.get(alarm.key)
    const { kind, message, done = message } = alarm
    if (row?.fate === 'unclear')
      return [{ ...alarm, message: `It is unclear whether this was done: ${message}` }]
    // A job without its references is made with its triggers off.
    const isAsleep = kind === 'starts' && row?.fate === 'unlinked'
    return row && isWritten(row) && !isAsleep ? [{ ...alarm, message: done }] : []
  })
}

function messagesOf(alarms: readonly Alarm[], tense: 0 | 1): readonly Messages[] {
  const byKind = groupBy(alarms, ({ kind }) => kind)
  const kinds = Object.keys(alarmTitles) as readonly Alarm['kind'][]
  return kinds.flatMap((kind) => {
    const messages = (byKind.get(kind) ?? []).map(({ message }) => message)
    return messages.length === 0 ? [] : [{ title: alarmTitles[kind][tense], messages }]
  })
}

/** One box for all alarms. */
export function* alarmBox(alarms: readonly Messages[]): Generator<Block> {
  if (alarms.length === 0) return
  const lines = alarms.flatMap(({ title, messages }) => [
    '>',
    `> **${title}** (${messages.length})`,
    '>',
    ...firstOf(messages)
  ])
  yield { head: ['> [!CAUTION]'], lines: lines.slice(1), foot: [] }
}

/** A box for all that is wrong. Nothing of it is left out. */
export function wrongBox(
  details: readonly { readonly message: string; readonly remedy: string }[]
): Block {
  const items = details.map(({ message, remedy }) =>
    remedy === '' ? prose(message) : `${prose(message)} <br>→ ${prose(remedy)}`
  )
  return box('CAUTION', 'What is wrong', items.map(item))
}

/** A box for the first of some messages. */
export function* messageBox(
  kind: 'WARNING' | 'NOTE',
  { title, messages }: Messages
): Generator<Block> {
  if (messages.length > 0) yield box(kind, title, firstOf(messages))
}

/** All of the messages of which a box holds only the first, folded. */
export function* allOf({ title, messages }: Messages): Generator<Block> {
  if (messages.length <= mostListed) return
  const lines = messages.map((message) => `- ${prose(message).trimStart()}`)
  yield folded(`${title}: all ${messages.length}`, { head: [], lines, foot: [] })
}

function box(kind: string, title: string, lines: readonly string[]): Block {
  return { head: [`> [!${kind}]`, `> **${title}**`, '>'], lines, foot: [] }
}

function firstOf(messages: readonly string[]): readonly string[] {
  const more = messages.length - mostListed
  return [
    ...messages.slice(0, mostListed).map(prose),
    ...(more > 0 ? [`and ${more} more, below`] : [])
  ].map(item)
}

// Blanks at the start of an item would make it a code block.
function item(markup: string): string {
  return `> - ${markup.trimStart()}`
}
