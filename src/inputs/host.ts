// Reads the host of a dbt platform account as people write it.

/**
 * The origin of a host: with or without scheme, a path of `/api`, slashes at the end.
 * @returns the origin, e.g. `https://ab123.us1.dbt.com`, or what is wrong with the text
 */
export function parseOrigin(
  host: string
): { readonly origin: string } | { readonly error: string } {
  const text = host.trim()
  if (!URL.canParse(text.includes('://') ? text : `https://${text}`))
    return { error: 'is no host name' }
  const url = new URL(text.includes('://') ? text : `https://${text}`)
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    return { error: 'is neither https nor http' }
  if (url.username !== '' || url.password !== '') return { error: 'holds a user name or password' }
  if (url.search !== '' || url.hash !== '') return { error: 'holds more than a host' }
  if (!/^\/*(api\/*)?$/.test(url.pathname)) {
    return {
      error: `holds the path ${url.pathname}: give the host alone, as in the address bar up to the first slash`
    }
  }
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) {
    return { error: 'is http, over which the token could be read on its way: use https' }
  }
  return { origin: url.origin }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname)
}
