/** Every case of the archive's tables: A1 … F14. */
import { callbackCases } from './callback.ts'
import { outwardCases } from './outward.ts'
import type { Case } from './shape.ts'
import { talkCases } from './talk.ts'

export const allCases: readonly Case[] = [...callbackCases, ...outwardCases, ...talkCases]
