// Makes an example runnable here: this repository stands in for the published action, the sandbox for the host.

/** The one step that the runner of this repository can not do, which is about nothing of ours: to keep a file. */
const uploads = /^ {6}- if: always\(\).*\n {8}uses: actions\/upload-artifact@(?:.*\n {8,}.*)*\n?/gm

/**
 * The text of an example, for the runner of this repository. It knows no GitHub environments and no artifacts: there is
 * nobody to approve anything.
 * @param url the address of the sandbox
 */
export function runnable(example: string, url: string): string {
  const host = /^\s+host: ([\w.-]+)/m.exec(example)?.[1]
  const text = example
    .replace(/uses: \S+\/dbt-promote@\S+/g, 'uses: ./')
    .replace(/^ {4}environment: .*\n/gm, '')
    .replace(uploads, '')
  return host === undefined ? text : text.replaceAll(`https://${host}`, url).replaceAll(host, url)
}
