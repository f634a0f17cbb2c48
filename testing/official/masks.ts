// A mask stands for a value that can't be read. Written back, it would take the place of the value.

/** What is wrong with a request that would write a mask as a value. */
export function maskComplaints(path: string, body: unknown): readonly string[] {
  const holdsValues = /\/(environment-variables|extended-attributes)\//.test(path)
  return holdsValues && leaves(body).some((text) => /^\*+$/.test(text)) ? ['it sends a mask'] : []
}

function leaves(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : []
}
