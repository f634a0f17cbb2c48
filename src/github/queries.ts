// What is asked of GitHub. A test holds these texts against GitHub's own schema.

/** The newest comments of a pull request, and who asks. `editor` is who changed a comment last. */
export const commentsQuery = /* GraphQL */ `
  query Comments($owner: String!, $repository: String!, $number: Int!, $before: String) {
    viewer {
      login
    }
    repository(owner: $owner, name: $repository) {
      pullRequest(number: $number) {
        id
        comments(last: 100, before: $before) {
          nodes {
            id
            body
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
              merged
              baseRefName
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
