// Checks requests against the official OpenAPI files of the dbt platform.
//
// The files have no licence and are no part of this repository. Where they lie beside it, every request
// that the tests make is held against them; where they do not, there is no check. To have them, clone
// https://github.com/dbt-labs/dbt-cloud-openapi-spec and set DBT_OPENAPI_DIR to the clone.
//
// The files are laxer than the platform: they leave every object open, so that a misspelt key would pass.
// The check closes the objects. Where the files are stricter than the platform, see spec-exceptions.ts.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv'
import { parse } from 'yaml'
import { type Schema, type SpecException, specExceptions } from './spec-exceptions.ts'

/** A request as it goes over the wire: path and query undecoded, body already parsed. */
export interface SpecRequest {
  readonly method: string
  readonly path: string
  readonly body?: unknown
}

export interface SpecCheck {
  /** Everything that the spec does not allow about this request; empty when all is well. */
  check(request: SpecRequest): string[]
}

interface Parameter {
  readonly in: string
  readonly name: string
  readonly required?: boolean
  readonly schema: Schema
}

interface Operation {
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly required?: boolean
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>
  }
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> }
}

interface Route {
  readonly template: string
  readonly operations: Readonly<Record<string, Operation>>
  /** Path parameters, decoded. */
  readonly values: ReadonlyMap<string, string>
}

const versions = ['v2', 'v3'] as const
const repository = fileURLToPath(new URL('../..', import.meta.url))
const checks = new Map<string, SpecCheck>()
const documents = new Map<string, Document>()

/**
 * The check against the official files, or undefined where they are absent. One per process and folder.
 * @throws where they are absent and DBT_PROMOTE_REQUIRE_SPEC is set, as in CI: no check must not look like a passed one
 */
export function loadSpecCheck(): SpecCheck | undefined {
  const folder = process.env['DBT_OPENAPI_DIR'] ?? join(repository, '../shared/api')
  if (!versions.every((version) => existsSync(specFile(folder, version)))) {
    if (
      process.env['DBT_PROMOTE_REQUIRE_SPEC'] === '1' &&
      process.env['DBT_OPENAPI_DIR'] === undefined
    ) {
      throw new Error(`The official API specs are not in ${folder}`)
    }
    return undefined
  }

  const check = checks.get(folder) ?? createSpecCheck(folder, specExceptions)
  checks.set(folder, check)
  return check
}

/** A check against the files in `folder`, with the exceptions given. Files and schemas are read on first use. */
export function createSpecCheck(folder: string, exceptions: readonly SpecException[]): SpecCheck {
  const validators = new Map<Schema, ValidateFunction>()
  const bodies = new Map<string, ValidateFunction>()
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false })

  const accepts = (schema: Schema, value: unknown): boolean => {
    const validate = validators.get(schema) ?? ajv.compile(schema)
    validators.set(schema, validate)
    return validate(value)
  }

  const checkParameter = (parameter: Parameter, values: readonly string[]): string[] => {
    const where = `${parameter.in} parameter '${parameter.name}'`
    const { type, items } = parameter.schema
    const one = type === 'array' ? (items as Schema) : parameter.schema
    if (type !== 'array' && values.length > 1) return [`${where}: given ${values.length} times`]
    return (type === 'array' ? listed(values) : values)
      .filter((value) => !readings(value).some((reading) => accepts(one, reading)))
      .map((value) => `${where}: '${value}' is not ${describe(one)}`)
  }

  const checkBody = (route: Route, method: string, version: string, body: unknown): string[] => {
    const key = `${method} ${route.template}`
    const { requestBody } = route.operations[method.toLowerCase()] ?? {}
    if (requestBody === undefined) return body === undefined ? [] : [`${key} takes no body`]
    if (body === undefined) return [`${key} needs a body`]

    const own = exceptions.filter(({ operations }) => operations.includes(key))
    let validate = bodies.get(key)
    if (validate === undefined) {
      const schema = requestBody.content['application/json']?.schema ?? {}
      const closed = close(schema, readSpec(folder, version).components?.schemas ?? {})
      validate = ajv.compile(own.reduce(amend, closed))
      bodies.set(key, validate)
    }
    validate(body)
    return [...violations(validate.errors ?? []), ...mismatches(own, route, body)]
  }

  return {
    check({ method, path, body }) {
      const [pathname = '', query = ''] = path.split(/\?(.*)/s, 2)
      const version = versions.find((name) => pathname.startsWith(`/api/${name}/`))
      if (version === undefined) return [`unknown route ${pathname}`]

      const { paths } = readSpec(folder, version)
      const route = findRoute(paths, pathname)
      if (route === undefined) {
        const slashed = findRoute(paths, `${pathname}/`)
        return [slashed ? `missing trailing slash: ${pathname}` : `unknown route ${pathname}`]
      }
      const verb = method.toUpperCase()
      const operation = route.operations[verb.toLowerCase()]
      if (operation === undefined) return [`${verb} is not allowed on ${route.template}`]

      const parameters = operation.parameters ?? []
      const search = new URLSearchParams(query)
      return [
        ...parameters
          .filter((parameter) => parameter.in === 'path')
          .flatMap((parameter) =>
            checkParameter(parameter, [route.values.get(parameter.name) ?? ''])
          ),
        ...parameters
          .filter((parameter) => parameter.in === 'query')
          .flatMap((parameter) =>
            parameter.required === true && !search.has(parameter.name)
              ? [`query parameter '${parameter.name}' is missing`]
              : checkParameter(parameter, search.getAll(parameter.name))
          ),
        ...[...new Set(search.keys())]
          .filter(
            (name) => !parameters.some((known) => known.in === 'query' && known.name === name)
          )
          .map((name) => `unknown query parameter '${name}'`),
        ...checkBody(route, verb, version, body)
      ]
    }
  }
}

function specFile(folder: string, version: string): string {
  return join(folder, `openapi-${version}.yaml`)
}

/** One file, read once per process. */
function readSpec(folder: string, version: string): Document {
  const file = specFile(folder, version)
  const known = documents.get(file) ?? parseOnce(file)
  documents.set(file, known)
  return known
}

/**
 * A file parsed, and left as JSON among the runner's temporary files: YAML of this size takes a second, and each file of
 * tests has modules of its own.
 */
function parseOnce(file: string): Document {
  const { mtimeMs, size } = statSync(file)
  const digest = createHash('sha256').update(`${file} ${mtimeMs} ${size}`).digest('hex')
  const parsed = join(process.env['RUNNER_TEMP'] ?? tmpdir(), `openapi-${digest}.json`)
  if (existsSync(parsed)) return JSON.parse(readFileSync(parsed, 'utf8')) as Document
  const document = parse(readFileSync(file, 'utf8')) as Document
  // Another process may be about it too, so it gets its name when it is whole.
  const draft = `${parsed}.${process.pid}`
  writeFileSync(draft, JSON.stringify(document))
  renameSync(draft, parsed)
  return document
}

/** The route that a path means. Of `.../bulk/` and `.../{id}/` the literal one wins. */
function findRoute(paths: Document['paths'], pathname: string): Route | undefined {
  const segments = pathname.split('/')
  return Object.entries(paths)
    .flatMap(([template, operations]): Route[] => {
      const parts = template.split('/')
      // A parameter of this name takes all that is left, slashes included.
      const rest = parts.at(-1) === '{remainder}' ? parts.length - 1 : Infinity
      const given = rest < segments.length ? tail(segments, rest) : segments
      if (parts.length !== given.length) return []
      const values = new Map<string, string>()
      for (const [index, part] of parts.entries()) {
        const segment = given[index] ?? ''
        const name = /^\{(.+)\}$/.exec(part)?.[1]
        if (name === undefined ? segment !== part : segment === '') return []
        if (name !== undefined) values.set(name, decodeURIComponent(segment))
      }
      return [{ template, operations, values }]
    })
    .sort((a, b) => a.values.size - b.values.size)[0]
}

/** The segments with all from there on as one. */
function tail(segments: readonly string[], from: number): readonly string[] {
  return [...segments.slice(0, from), segments.slice(from).join('/')]
}

/**
 * The items of a list in a query string. The spec repeats the parameter; what clients send, and the platform takes, is
 * one parameter that holds a list such as `[1,2]` (dbt-jobs-as-code, client/__init__.py, `project_id__in`).
 */
function listed(values: readonly string[]): readonly string[] {
  const inner = /^\[(.*)\]$/s.exec(values[0] ?? '')?.[1]
  if (values.length !== 1 || inner === undefined) return values
  if (inner.trim() === '') return []
  return inner.split(',').map((item) => item.trim().replace(/^(["'])(.*)\1$/, '$2'))
}

/** What a text in a URL may stand for: itself, a whole number, a boolean. */
function readings(text: string): unknown[] {
  const number = /^-?\d+$/.test(text) ? [Number(text)] : []
  const boolean = text === 'true' || text === 'false' ? [text === 'true'] : []
  return [text, ...number, ...boolean]
}

function describe(schema: Schema): string {
  const { type, enum: values, oneOf } = schema
  if (Array.isArray(oneOf)) return oneOf.map((one) => describe(one as Schema)).join(' or ')
  return Array.isArray(values) ? `one of ${values.join(', ')}` : `of type ${String(type)}`
}

/**
 * The schema without references, and with every object closed that lists its properties and does not say
 * what else it takes. An object without properties, such as extended attributes, is free-form and stays so.
 */
function close(schema: unknown, schemas: Readonly<Record<string, Schema>>): Schema {
  const walk = (node: unknown, seen: readonly string[]): unknown => {
    if (Array.isArray(node)) return node.map((item) => walk(item, seen))
    if (typeof node !== 'object' || node === null) return node
    const { $ref } = node as { $ref?: unknown }
    if (typeof $ref === 'string') {
      const name = $ref.replace('#/components/schemas/', '')
      if (seen.includes(name)) throw new Error(`The spec check cannot follow the circle at ${name}`)
      return walk(schemas[name], [...seen, name])
    }
    const inner = Object.fromEntries(Object.entries(node).map(([key, v]) => [key, walk(v, seen)]))
    return 'properties' in inner && !('additionalProperties' in inner)
      ? { ...inner, additionalProperties: false }
      : inner
  }
  return walk(schema, []) as Schema
}

/** The schema with one exception let in. */
function amend(schema: Schema, { at, accepts }: SpecException): Schema {
  const visit = (node: Schema | undefined, [key, ...rest]: readonly string[]): Schema => {
    if (key === undefined) return node === undefined ? accepts : { anyOf: [node, accepts] }
    const properties = (node?.['properties'] ?? {}) as Readonly<Record<string, Schema>>
    return { ...node, properties: { ...properties, [key]: visit(properties[key], rest) } }
  }
  return visit(schema, at.split('.'))
}

function violations(errors: readonly ErrorObject[]): string[] {
  const told = errors.filter(({ keyword }) => keyword !== 'anyOf')
  const texts = told.map(({ instancePath, message, params }) => {
    const { additionalProperty: key, allowedValues: values } = params as Record<string, unknown>
    const detail = typeof key === 'string' ? key : Array.isArray(values) ? values.join(', ') : ''
    const where = `body${instancePath.replaceAll('/', '.')}`
    return `${where}: ${message ?? 'is wrong'}${detail && ` (${detail})`}`
  })
  return [...new Set(texts)]
}

/** The keys which an exception lets in only as a copy of a path parameter, and which differ from it. */
function mismatches(exceptions: readonly SpecException[], route: Route, body: unknown): string[] {
  return exceptions.flatMap(({ at, equals }) => {
    if (equals === undefined) return []
    const value = (body as Readonly<Record<string, unknown>> | null)?.[at]
    const expected = route.values.get(equals) ?? ''
    return typeof value === 'number' && String(value) !== expected
      ? [`body.${at}: ${value} is not the ${equals} of the path (${expected})`]
      : []
  })
}
