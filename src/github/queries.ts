// What is asked of GitHub. A test holds these texts against GitHub's own schema.

/**
 * A pull request with the newest of its comments. `editor` is who changed a comment last. Who wrote one is asked by
 * `viewerDidAuthor`: a token of a workflow is called otherwise by `viewer` than by `author`, and not every server knows
 * its `viewer` (https://github.com/cli/cli/pull/6384).
 */
export const commentsQuery = /* GraphQL */ `
  query Comments($owner: String!, $repository: String!, $number: Int!, $before: String) {
    repository(owner: $owner, name: $repository) {
      pullRequest(number: $number) {
        id
        state
        headRefOid
        isCrossRepository
        author {
          login
        }
        reviews(last: 100, states: [APPROVED, DISMISSED]) {
          nodes {
            id
            state
            authorCanPushToRepository
          }
        }
        comments(last: 100, before: $before) {
          nodes {
            id
            body
            viewerDidAuthor
            author {
              __typename
              login
            }
            editor {
              __typename
              login
            }
          }
          pageInfo {
            hasPreviousPage
            startCursor
          }
        }
      }
    }
  }
`

/** The pull requests that a commit came with. */
export const pullRequestsQuery = /* GraphQL */ `
  query PullRequests($owner: String!, $repository: String!, $sha: GitObjectID!) {
    repository(owner: $owner, name: $repository) {
      object(oid: $sha) {
        ... on Commit {
          associatedPullRequests(first: 50) {
            nodes {
              number
              state
              baseRefName
              headRefName
              headRefOid
              mergeCommit {
                oid
              }
            }
          }
        }
      }
    }
  }
`

/** The last commit of a branch. */
export const tipQuery = /* GraphQL */ `
  query Tip($owner: String!, $repository: String!, $ref: String!) {
    repository(owner: $owner, name: $repository) {
      ref(qualifiedName: $ref) {
        target {
          oid
        }
      }
    }
  }
`

export const addCommentMutation = /* GraphQL */ `
  mutation AddComment($pullRequest: ID!, $body: String!) {
    addComment(input: { subjectId: $pullRequest, body: $body }) {
      commentEdge {
        node {
          id
        }
      }
    }
  }
`

export const updateCommentMutation = /* GraphQL */ `
  mutation UpdateComment($comment: ID!, $body: String!) {
    updateIssueComment(input: { id: $comment, body: $body }) {
      issueComment {
        id
      }
    }
  }
`

export const deleteCommentMutation = /* GraphQL */ `
  mutation DeleteComment($comment: ID!) {
    deleteIssueComment(input: { id: $comment }) {
      clientMutationId
    }
  }
`
