// Everything that tests, the demo and the benchmarks use of the sandbox.

export {
  addAccount,
  addConnection,
  addCredentials,
  addEnvironment,
  addExtendedAttributes,
  addJob,
  addNotification,
  addProfile,
  addProject,
  addRun,
  addToken,
  addUser,
  addVariable,
  addWebhook,
  type Given,
  type GivenRun,
  type GivenVariable
} from './build.ts'
export { handleWithEdits, parseEdit, type ArmedEdit, type Edit, type EditAction } from './edits.ts'
export {
  handleWithFaults,
  parseFault,
  takeFault,
  type ArmedFault,
  type Fault,
  type FaultAction,
  type FaultyHandled,
  type Outcome
} from './faults.ts'
export { handle, type Handled } from './handle.ts'
export type { SandboxRequest, SandboxResponse } from './http.ts'
export type { Json, JsonObject } from './json.ts'
export { parseOrder, withOrder } from './runs/orders.ts'
export { advance } from './runs/scheduler.ts'
export { scheduleOf } from './schedule.ts'
export { BLOG, blog } from './seeds/blog.ts'
export { parseRewrite, REWRITES, withRewrites, type Rewrite, type Rewriting } from './rewrites.ts'
export { webhookName } from './routes/webhooks.ts'
export { SEEDS } from './seeds/index.ts'
export { ONE_PROJECT } from './seeds/one-project-ids.ts'
export { oneProject } from './seeds/one-project.ts'
export { SIX } from './seeds/six-ids.ts'
export { six } from './seeds/six.ts'
export { THOUSAND, thousand } from './seeds/thousand.ts'
export { TWO_ACCOUNTS, twoAccounts } from './seeds/two-accounts.ts'
export { VARIABLES, variables } from './seeds/variables.ts'
export { startSandbox, type LoggedRequest, type Sandbox, type SandboxOptions } from './server.ts'
export * from './state.ts'
export { find } from './table.ts'
