// Builds the bundle: `node scripts/build.mjs [folder]`, into dist/ without one. ncc writes the licences of one chunk
// over those of another, so they are gathered here, from the production tree of the lockfile.
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = path.resolve(root, process.argv[2] ?? 'dist')

rmSync(out, { recursive: true, force: true })
const ncc = path.join(root, 'node_modules/@vercel/ncc/dist/ncc/cli.js')
execFileSync(process.execPath, [ncc, 'build', 'src/index.ts', '-o', out, '--no-cache', '--quiet'], {
  cwd: root,
  stdio: 'inherit'
})
writeFileSync(path.join(out, 'licenses.txt'), licences())

function licences() {
  const { packages } = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8'))
  const production = Object.entries(packages).filter(
    ([folder, entry]) => folder !== '' && !entry.dev && !entry.optional && !entry.devOptional
  )
  return production
    .map(([folder, entry]) => {
      const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length)
      return [`${name} ${entry.version}`, entry.license ?? '', licenceText(folder)].join('\n')
    })
    .sort()
    .join('\n\n')
}

function licenceText(folder) {
  const files = readdirSync(path.join(root, folder)).filter((name) => /^licen[cs]e/i.test(name))
  return files
    .sort()
    .map((name) =>
      readFileSync(path.join(root, folder, name), 'utf8')
        .replaceAll('\r\n', '\n')
        .trim()
    )
    .join('\n')
}
