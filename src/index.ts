// The entry of the action. Until the end is reached the step counts as failed, so that it can't be green by stopping.
import { endSoon } from './end.ts'
import { runnerActions } from './github/actions.ts'
import { run } from './main.ts'

process.exitCode = 1
await run(runnerActions())
endSoon()
