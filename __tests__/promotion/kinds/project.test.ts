import { describe, expect, it } from '@jest/globals'
import {
  decodeProject,
  listProjects,
  pullTriggerOf,
  readProject
} from '../../../src/kinds/project.ts'

describe('decodeProject', () => {
  it.each([
    [
      { id: 1, name: 'a', state: 1, repository: { git_clone_strategy: 'github_app' } },
      {
        id: 1,
        name: 'a',
        deleted: false,
        isHybrid: false,
        repository: { cloneStrategy: 'github_app' }
      }
    ],
    [
      { id: 1, name: 'a', repository: { git_clone_strategy: null } },
      { id: 1, name: 'a', deleted: false, isHybrid: false, repository: { cloneStrategy: null } }
    ],
    [
      { id: 1, name: 'a', state: 2, repository: null },
      { id: 1, name: 'a', deleted: true, isHybrid: false, repository: null }
    ],
    [
      { id: 1, name: 'a', type: 1, repository_id: 7, repository: null },
      { id: 1, name: 'a', deleted: false, isHybrid: true, repository: { cloneStrategy: null } }
    ],
    [
      { id: 1, name: '' },
      { id: 1, name: '', deleted: false, isHybrid: false, repository: null }
    ]
  ])('reads %j', (raw, expected) => {
    expect(decodeProject(raw)).toEqual(expected)
  })

  it.each([
    [{ name: 'a' }, 'a project: id should be an id, but is missing'],
    [{ id: 7 }, 'project 7: name should be a text, but is missing'],
    [{ id: 7, name: 'a', state: 'deleted' }, 'project 7: state should be a whole number']
  ])('refuses %j', (raw, message) => {
    expect(() => decodeProject(raw)).toThrow(message)
  })
})

describe('pullTriggerOf', () => {
  it('is the trigger that the Git provider of a repository has', () => {
    for (const [strategy, trigger] of [
      ['github_app', 'triggers.github_webhook'],
      ['deploy_token', 'triggers.git_provider_webhook'],
      ['azure_active_directory_app', 'triggers.git_provider_webhook'],
      ['deploy_key', null],
      ['git_token', undefined],
      [null, undefined]
    ] as const) {
      const project = decodeProject({
        id: 1,
        name: 'a',
        repository: { git_clone_strategy: strategy }
      })
      expect([strategy, pullTriggerOf(project)]).toEqual([strategy, trigger])
    }
    expect(pullTriggerOf(decodeProject({ id: 1, name: 'a', repository: null }))).toBeNull()
  })
})

describe('requests', () => {
  it('only read', () => {
    expect(readProject(1, 2)).toEqual({
      method: 'GET',
      path: '/api/v3/accounts/1/projects/2/',
      retry: 'read'
    })
    expect(listProjects(1, 'A & B')).toMatchObject({
      method: 'GET',
      path: '/api/v3/accounts/1/projects/',
      query: { name__icontains: 'A & B', order_by: 'id' },
      retry: 'read'
    })
  })
})
