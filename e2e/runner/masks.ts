// Hides secrets. The real runner also hides encoded forms of a secret (base64, JSON, URL); this one hides
// only the secret itself and its lines, so that a test for leaks is stricter here than on GitHub.

/** The secrets of one run. */
export class Masks {
  readonly #values = new Set<string>()

  /** Hides a secret from now on, and each of its lines. */
  add(secret: string): void {
    for (const value of [secret, ...secret.split(/\r?\n/)]) {
      if (value.trim() !== '') this.#values.add(value)
    }
  }

  /** The text without secrets. Longer ones go first: one secret may hold another. */
  apply(text: string): string {
    return [...this.#values]
      .sort((a, b) => b.length - a.length)
      .reduce((masked, value) => masked.replaceAll(value, '***'), text)
  }
}
