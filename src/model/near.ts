// Suggests names that the user may have meant.
import leven from 'leven'
import { quoted } from './names.ts'

/** How many are named. */
const most = 3

/**
 * The nearest of the names that exist, as the end of a message, e.g. `The nearest are "dev", "development".`
 * @param show what is shown for a name
 */
export function nearest(
  wanted: string,
  existing: readonly string[],
  show: (name: string) => string = quoted
): string {
  if (existing.length === 0) return 'There are none to choose from.'
  const key = wanted.toLowerCase()
  const ranked = [...new Set(existing)]
    .map((name) => ({ name, distance: distance(key, name.trim().toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
  const names = ranked.map(({ name }) => show(name)).join(', ')
  return ranked.length === 1 ? `The nearest is ${names}.` : `The nearest are ${names}.`
}

/**
 * The word that a slip stands for, as a question: `Did you mean apply?` Empty where none is near enough, or two are.
 */
export function didYouMean(slip: string, words: readonly string[]): string {
  const key = slip.trim().toLowerCase()
  const most = Math.min(2, Math.floor(key.length / 2))
  const isPart = (word: string): boolean => key.length > 2 && word.includes(key)
  const ranked = words
    .map((word) => ({ word, distance: isPart(word) ? 0 : leven(key.slice(0, 100), word) }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance)
  const [best, next] = ranked
  return best && best.distance !== next?.distance ? `Did you mean ${best.word}?` : ''
}

// A name that contains what was typed is near, however long it is. Long names are cut: the work is quadratic.
function distance(wanted: string, name: string): number {
  if (wanted !== '' && name.includes(wanted)) return 0
  return leven(wanted.slice(0, 100), name.slice(0, 100))
}
