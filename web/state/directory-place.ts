/** Where one is in the directory, as its address says. */
export interface DirectoryPlace {
  readonly q?: string
  /** The contact whose card is open; `new`: one being written. */
  readonly contact?: string
}

export const readPlace = (search: Record<string, unknown>): DirectoryPlace => {
  const { q, contact } = search
  return { ...(typeof q === 'string' && q !== '' && { q }), ...(typeof contact === 'string' && contact !== '' && { contact }) }
}
