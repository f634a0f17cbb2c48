import { expect, it } from '@jest/globals'
import { workflowOf } from '../../src/github/workflow.ts'

const env = {
  GITHUB_REPOSITORY: 'acme/analytics',
  GITHUB_SHA: 'f'.repeat(40),
  GITHUB_REF_NAME: 'main',
  GITHUB_REF_TYPE: 'branch',
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_SERVER_URL: 'https://github.example',
  GITHUB_API_URL: 'https://api.github.example'
}

it('is what the runner says', () => {
  expect(workflowOf(env)).toEqual({
    owner: 'acme',
    repository: 'analytics',
    sha: 'f'.repeat(40),
    ref: '',
    branch: 'main',
    run: '77/2',
    runUrl: 'https://github.example/acme/analytics/actions/runs/77',
    apiUrl: 'https://api.github.example'
  })
})

it('takes no tag for the branch of its name', () => {
  expect(workflowOf({ ...env, GITHUB_REF_TYPE: 'tag' }).branch).toBe('')
})

it('is empty where the runner says nothing', () => {
  expect(Object.values(workflowOf({})).join('')).toBe('')
})
