export default {
  testEnvironment: 'node',
  // Jest leaves a core free for itself, which of two is half of the machine.
  maxWorkers: '100%',
  // Properties and processes take their time on a machine that is busy.
  testTimeout: 60_000,
  globalSetup: '<rootDir>/testing/temp-folder.mjs',
  roots: ['<rootDir>/__tests__'],
  testMatch: ['**/__tests__/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2023' },
        module: { type: 'es6' },
        sourceMaps: 'inline'
      }
    ]
  },
  collectCoverageFrom: ['src/**/*.ts']
}
