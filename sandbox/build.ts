// Builders for seeds and tests: each fills every key of a live object, adds it to the state, returns its id.
// They assign new tables to the state that they are given; rows and tables themselves are never changed.

export * from './build/account.ts'
export type { Given } from './build/base.ts'
export * from './build/environment.ts'
export * from './build/notification.ts'
export * from './build/project.ts'
export * from './build/variable.ts'
