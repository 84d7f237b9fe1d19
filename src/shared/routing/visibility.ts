// Who may see something before it is in a block: anybody, or private endpoints alone.

export const VISIBILITIES = ['public', 'private'] as const
export type Visibility = (typeof VISIBILITIES)[number]
