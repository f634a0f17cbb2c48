// Where the official OpenAPI files and the platform disagree, and who says so.
//
// The spec check closes every object and takes the files at their word. That refuses a few requests which
// maintained clients send every day. Each such case is one rule here: narrow, with its evidence. What is
// not listed is refused.

/** A JSON schema, as far as the rules need one. */
export type Schema = Readonly<Record<string, unknown>>

/** One known gap between the official files and the platform. */
export interface SpecException {
  /** The operations that it holds for, as `METHOD template`. */
  readonly operations: readonly string[]
  /** The property of the body, with dots between levels. */
  readonly at: string
  /** What is accepted there besides what the spec accepts. */
  readonly accepts: Schema
  /** The path parameter that a value which is not null has to equal. */
  readonly equals?: string
  /** Why, with the evidence. */
  readonly reason: string
}

const accountV2 = '/api/v2/accounts/{account_id}'
const projectV3 = '/api/v3/accounts/{account_id}/projects/{project_id}'

const createJob = `POST ${accountV2}/jobs/`
const updateJob = `POST ${accountV2}/jobs/{id}/`
const createEnvironment = `POST ${projectV3}/environments/`
const updateEnvironment = `POST ${projectV3}/environments/{id}/`
const createVariables = `POST ${projectV3}/environment-variables/bulk/`
const createOverride = `POST ${projectV3}/environment-variables/`
const updateOverride = `POST ${projectV3}/environment-variables/{id}/`
const createNotification = `POST ${accountV2}/notifications/`
const updateNotification = `POST ${accountV2}/notifications/{id}/`
const createWebhook = 'POST /api/v3/accounts/{account_id}/webhooks/subscriptions'

const terraform = 'dbt-labs/terraform-provider-dbtcloud'
const jobsAsCode = 'dbt-labs/dbt-jobs-as-code'

/** The value of one variable by environment name; `new_name` is the name of the variable. */
const variableValues: Schema = {
  type: 'object',
  required: ['new_name'],
  additionalProperties: { type: 'string', minLength: 1 }
}

/** A rule that lets each of these properties be null. */
function nullable(
  operations: readonly string[],
  properties: readonly string[],
  reason: string
): SpecException[] {
  return properties.map((at) => ({ operations, at, accepts: { type: 'null' }, reason }))
}

export const specExceptions: readonly SpecException[] = [
  // Jobs
  {
    operations: [createJob],
    at: 'id',
    accepts: { type: 'null' },
    reason: `A job created without the key was answered 400 "id: required key not provided" (docs.getdbt.com#451); ${terraform} and ${jobsAsCode} send null.`
  },
  {
    operations: [updateJob],
    at: 'id',
    accepts: { type: 'integer' },
    equals: 'id',
    reason:
      'Without it the update is answered 400 "The provided id does not match." (dbt-cloud-openapi-spec#69).'
  },
  {
    operations: [createJob, updateJob],
    at: 'job_completion_trigger_condition',
    accepts: {
      anyOf: [
        { type: 'null' },
        {
          type: 'object',
          required: ['condition'],
          additionalProperties: false,
          properties: {
            condition: {
              type: 'object',
              required: ['job_id', 'project_id', 'statuses'],
              additionalProperties: false,
              properties: {
                job_id: { type: 'integer' },
                project_id: { type: 'integer' },
                statuses: { type: 'array', minItems: 1, items: { enum: [10, 20, 30] } }
              }
            }
          }
        }
      ]
    },
    reason: `Marked read-only in the spec, yet the one way to set the trigger: ${terraform}, pkg/dbt_cloud/job.go; null clears it.`
  },
  ...nullable(
    [createJob, updateJob],
    ['dbt_version', 'deferring_environment_id', 'deferring_job_definition_id'],
    `The spec knows no null in requests, but null is what the API returns for "not set", and ${terraform} and ${jobsAsCode} send it.`
  ),
  ...nullable(
    [createJob, updateJob],
    ['cost_optimization_features'],
    `Null leaves the features as they are: ${terraform}, pkg/dbt_cloud/job.go.`
  ),
  {
    operations: [createJob, updateJob],
    at: 'description',
    accepts: { const: '' },
    reason: `The default of the spec itself, which its minLength of 1 refuses; ${terraform} sends it.`
  },
  {
    operations: [createJob, updateJob],
    at: 'schedule.cron',
    accepts: { const: '' },
    reason: `The server derives it from date and time; ${terraform} sends an empty string.`
  },

  // Environments
  {
    operations: [createEnvironment],
    at: 'id',
    accepts: { type: 'null' },
    reason:
      'The official walk-through of this very promotion sends null (docs.getdbt.com, "dbt Cloud APIs and Postman", 2022-05).'
  },
  {
    operations: [updateEnvironment],
    at: 'id',
    accepts: { type: 'integer' },
    equals: 'id',
    reason: `${terraform} posts the object that it has read, its id included: pkg/dbt_cloud/environment.go.`
  },
  ...nullable(
    [createEnvironment, updateEnvironment],
    ['credentials_id', 'connection_id', 'extended_attributes_id', 'primary_profile_id'],
    'An omitted key "will be reset to null", says the spec: null is the value of "none", in its text and in every recorded answer.'
  ),
  ...nullable(
    [createEnvironment, updateEnvironment],
    ['custom_branch', 'deployment_type'],
    `Null means the default branch and a general environment; the empty string is refused: ${terraform}#623.`
  ),

  // Environment variables
  {
    operations: [createVariables],
    at: 'env_var',
    accepts: variableValues,
    reason: `An array of one in the spec; ${terraform} sends the object itself: pkg/dbt_cloud/environment_variable.go.`
  },
  {
    operations: [createVariables],
    at: 'env_var',
    accepts: { type: 'array', items: variableValues },
    reason:
      'The environment names of the spec are examples: "This key must match the name of the environment".'
  },
  {
    operations: [createOverride],
    at: 'id',
    accepts: { type: 'null' },
    reason: `${terraform} and ${jobsAsCode} send null when they create an override of a job.`
  },
  {
    operations: [updateOverride],
    at: 'id',
    accepts: { type: 'integer' },
    equals: 'id',
    reason: `${jobsAsCode} sends the id of the override that it updates.`
  },

  // Notifications and webhooks
  {
    operations: [updateNotification],
    at: 'id',
    accepts: { type: 'integer' },
    equals: 'id',
    reason:
      'Without it the update is answered 400 "The provided id does not match." (dbt-cloud-openapi-spec#70).'
  },
  ...nullable(
    [createNotification, updateNotification],
    ['external_email', 'slack_channel_id', 'slack_channel_name'],
    `Null is what the API returns for recipients that there are not, and ${terraform} sends it: pkg/dbt_cloud/notification.go.`
  ),
  {
    operations: [createWebhook],
    at: 'id',
    accepts: { const: '' },
    reason: `${terraform} creates with an empty id: pkg/dbt_cloud/webhook.go.`
  }
]
