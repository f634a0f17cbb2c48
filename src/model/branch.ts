// Names of branches, as git takes them (https://git-scm.com/docs/git-check-ref-format).

const rules: readonly (readonly [RegExp, string])[] = [
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  [/[\x00-\x20\x7f]/, 'holds a blank or a control character'],
  [/[~^:?*[\\]/, 'holds one of ~ ^ : ? * [ and the backslash'],
  [/\.\./, 'holds ".."'],
  [/@\{/, 'holds "@{"'],
  [/^\/|\/$|\/\//, 'has a slash at one of its ends, or two in a row'],
  [/(^|\/)\./, 'has a part that begins with a dot'],
  [/\.$/, 'ends with a dot'],
  [/\.lock(\/|$)/, 'has a part that ends with ".lock"'],
  [/^-/, 'begins with a dash'],
  [/^(@|HEAD)$/, 'is a word of git']
]

/** Why git has no branch of a name, as the end of a sentence; undefined where it may have one. */
export function branchFault(branch: string): string | undefined {
  return rules.find(([pattern]) => pattern.test(branch))?.[1]
}
