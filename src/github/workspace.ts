// Where files may be read and written: in the workspace and in the runner's folder for temporary files, by their real
// paths. A link in a repository must not lead out of it, and nothing is overwritten but what this action wrote.
import { randomBytes } from 'node:crypto'
import { lstat, mkdir, readFile, realpath, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import process from 'node:process'

/**
 * The real path of a file to read.
 * @param file as the user gives it, from the workspace
 * @throws Error that says why it must not be read
 */
export async function readablePath(file: string): Promise<string> {
  const real = await realOf(file)
  await assertInside(file, real)
  if (!(await stat(real)).isFile()) throw new Error(`${file} is not a file`)
  return real
}

/**
 * Writes a file whole, or not at all.
 * @param isOurs whether the text of a file that is there is one that may be replaced
 * @param others files that it must not be, as the user gives them
 * @throws Error that says why it must not be written
 */
export async function writeOwnFile(
  file: string,
  text: string,
  isOurs: (text: string) => boolean,
  others: readonly string[] = []
): Promise<void> {
  const target = await placeOf(file)
  await assertInside(file, target)
  const held = await lstat(target).catch(() => undefined)
  if (held?.isSymbolicLink())
    throw new Error(`${file} is a link, and links are not written through`)
  if (held?.isDirectory()) throw new Error(`${file} is a folder`)
  if (held && !held.isFile()) throw new Error(`${file} is not a file`)
  if (held && !isOurs(await readFile(target, 'utf8')))
    throw new Error(`${file} is there already and holds something else, which is not overwritten`)
  for (const other of others) {
    const read = await realpath(other).catch(() => placeOf(other))
    if (read === target) throw new Error(`${file} is a file that this run reads`)
  }
  await mkdir(path.dirname(target), { recursive: true })
  const draft = `${target}.${randomBytes(6).toString('hex')}.new`
  try {
    await writeFile(draft, text, { flag: 'wx' })
    await rename(draft, target)
  } catch (error) {
    await rm(draft, { force: true })
    throw error
  }
}

// The path with no link in its folders, whether or not they are there. They are made below the real path of what is
// there: by the given one, a link could lead elsewhere.
async function placeOf(file: string): Promise<string> {
  const missing = [path.basename(path.resolve(file))]
  let folder = path.dirname(path.resolve(file))
  while (!(await isThere(folder))) {
    missing.unshift(path.basename(folder))
    folder = path.dirname(folder)
  }
  return path.join(await realOf(folder, file), ...missing)
}

async function isThere(folder: string): Promise<boolean> {
  return lstat(folder).then(
    () => true,
    () => path.dirname(folder) === folder
  )
}

/** @throws Error that tells a link to nowhere from a path to nowhere */
async function realOf(given: string, shown = given): Promise<string> {
  try {
    return await realpath(given)
  } catch (error) {
    const found = await lstat(given).catch(() => undefined)
    throw found?.isSymbolicLink() ? new Error(`${shown} is a link that leads nowhere`) : error
  }
}

async function assertInside(file: string, real: string): Promise<void> {
  const { GITHUB_WORKSPACE: workspace = '', RUNNER_TEMP: temp = '' } = process.env
  const given = [workspace === '' ? process.cwd() : workspace, temp === '' ? tmpdir() : temp]
  const roots = await Promise.all(given.map((root) => realpath(root).catch(() => root)))
  if (roots.some((root) => isBelow(root, real))) return
  const isLinked = roots.some((root) => isBelow(root, path.resolve(file)))
  throw new Error(
    `${file} ${isLinked ? 'leads through a link out of' : 'is neither in'} the workspace ` +
      `${isLinked ? 'and' : 'nor in'} the runner's folder for temporary files`
  )
}

function isBelow(root: string, file: string): boolean {
  const way = path.relative(root, file)
  return way !== '' && way !== '..' && !way.startsWith(`..${path.sep}`) && !path.isAbsolute(way)
}
