// What the environment of the process does to connections, where it does something else than was meant.
import { checkBypass } from '@actions/http-client/lib/proxy'
import { Failure } from '../model/failure.ts'

/** Variables of the environment, by name. */
type Variables = Readonly<Record<string, string | undefined>>

/**
 * Holds the proxy of a host to be one: what is no URL, or has no scheme, @actions/http-client passes by without a word,
 * and the token would go another way than it should.
 * @throws Failure that shows nothing of the variable, which may hold a password
 */
export function assertProxy(origin: string, env: Variables = process.env): void {
  const host = new URL(origin)
  const scheme = host.protocol.replace(':', '')
  const name = [`${scheme}_proxy`, `${scheme.toUpperCase()}_PROXY`].find((each) => env[each])
  if (name === undefined || checkBypass(host) || isProxy(env[name] ?? '')) return
  throw new Failure(
    'invalid-input',
    `The environment variable ${name} of this runner is not the URL of a proxy.`,
    `Write it as http://host:port, with http:// before it, or leave ${host.host} out of the proxy with NO_PROXY.`
  )
}

/** The warning of a process that checks no certificates. @param rejects the variable NODE_TLS_REJECT_UNAUTHORIZED */
export function certificateWarning(rejects: string): string | undefined {
  return rejects === '0'
    ? 'NODE_TLS_REJECT_UNAUTHORIZED is 0, so no certificate is checked, and tokens and secrets may go to anybody: ' +
        'remove it, and name the certificate of a proxy of your own in NODE_EXTRA_CA_CERTS.'
    : undefined
}

function isProxy(text: string): boolean {
  try {
    const { protocol, username, password } = new URL(text)
    // As the library does it.
    decodeURIComponent(username + password)
    return ['http:', 'https:'].includes(protocol)
  } catch {
    return false
  }
}
