/** What the archive says of every leg, beside what the network logged of it: sipp's log for numbers, the telephones' own for agents. */
import type { Call, Leg } from '#wire/calls.ts'
import type { NetworkLine } from '../asterisk/boundaries.ts'
import type { Last } from './deaths.ts'
import type { Gap } from './rounds.ts'

export interface Compared {
  readonly faults: readonly string[]
  /** How far instants lie apart that did not fall into a gap, milliseconds. */
  readonly apartMs: readonly number[]
  /** Instants that fell into a gap and were learnt from the switch's log, and how far those lie apart. */
  readonly learntMs: readonly number[]
  /** Outside gaps, telephones that rang or were answered while we withdrew them: how long before their lines were over, milliseconds. */
  readonly crossedMs: readonly number[]
}

/** An instant may be late by so much on a machine that others load. */
const APART_MS_MAX = 1_500
/** A request reaches a switch that others keep from its work. */
const ASKED_MS = 2_000
/** What was on its way when it died, or when we withdrew who was rung. */
const EDGE_MS = 150

interface Pair {
  readonly call: Call
  readonly leg: Leg
  readonly line: NetworkLine
}

const begun = (line: NetworkLine): number => line.log[0]?.at ?? 0
const first = (line: NetworkLine, what: string): number | null =>
  line.log.find((message) => message.what === what && message.of === 'INVITE')?.at ?? null
const endOf = (line: NetworkLine): number | null =>
  line.log.find(({ what, of }) => what === 'BYE' || what === 'CANCEL' || (of === 'INVITE' && /^[456]/.test(what)))?.at ?? null

/** One who calls us sends the INVITE; agents' telephones and numbers that are rung receive it. */
const callsUs = ({ log: [begin] }: NetworkLine): boolean => begin?.sent === true && begin.what === 'INVITE'

const keyOf = (leg: Leg): string => leg.agentId ?? leg.number ?? ''

/** Every line of the network has a leg of its own. Who was rung: the newest that had been asked for. Who called: the nearest. */
export function pairsOf(
  calls: readonly Call[],
  lines: readonly NetworkLine[],
): { readonly pairs: readonly Pair[]; readonly alone: readonly string[] } {
  const legs = new Map<string, { readonly call: Call; readonly leg: Leg }[]>()
  for (const call of calls) for (const leg of call.legs) legs.set(keyOf(leg), [...(legs.get(keyOf(leg)) ?? []), { call, leg }])
  const pairs: Pair[] = []
  const alone: string[] = []
  for (const line of [...lines].sort((a, b) => begun(a) - begun(b))) {
    const own = legs.get(line.number) ?? []
    const isCalling = callsUs(line)
    const apart = ({ leg }: { readonly leg: Leg }): number => begun(line) - Date.parse(leg.requestedAt)
    const nearest = isCalling
      ? own.toSorted((a, b) => Math.abs(apart(a)) - Math.abs(apart(b)))[0]
      : own.filter((one) => apart(one) >= 0).toSorted((a, b) => apart(a) - apart(b))[0]
    if (nearest === undefined) alone.push(`${line.number} was rung once more than the archive tells`)
    else {
      own.splice(own.indexOf(nearest), 1)
      pairs.push({ ...nearest, line })
    }
  }
  return { pairs, alone }
}

export function compare(pairs: readonly Pair[], gaps: readonly Gap[]): Compared {
  const faults: string[] = []
  const apartMs: number[] = []
  const learntMs: number[] = []
  const crossedMs: number[] = []
  const gapOf = (at: number): Gap | undefined => gaps.find(({ from, to }) => at >= from - EDGE_MS && at <= to + EDGE_MS)
  for (const { call, leg, line } of pairs) {
    const one = (what: string, ours: string | null, theirs: number | null): void => {
      if (theirs === null) return
      const gap = gapOf(theirs)
      const named = `${call.result} call ${call.id}, ${keyOf(leg)} ${what}`
      if (ours === null) {
        if (gap !== undefined) return
        const beforeEndMs = Date.parse(leg.endedAt ?? '') - theirs
        if (leg.by === 'us' && beforeEndMs < EDGE_MS) crossedMs.push(beforeEndMs)
        else faults.push(`${named}: the network says ${new Date(theirs).toISOString()}, the archive does not: ${JSON.stringify(leg)}`)
        return
      }
      const apart = Math.abs(Date.parse(ours) - theirs)
      if (gap === undefined) {
        apartMs.push(apart)
        if (apart > APART_MS_MAX) faults.push(`${named}: ${apart.toFixed(0)} ms from the network’s`)
        return
      }
      const isMarked = leg.learntAt !== undefined || leg.reconciled === true
      const wasAway = theirs > gap.from + EDGE_MS && theirs < gap.began
      if (wasAway && !isMarked) faults.push(`${named}: fell into a gap, and is not marked as learnt afterwards`)
      if (isMarked) learntMs.push(apart)
      if (isMarked && apart > APART_MS_MAX) {
        const when = [theirs, Date.parse(ours)].map((at) => `${((at - gap.from) / 1_000).toFixed(2)} s`)
        const [network, archive] = when
        const lasted = `begun again after ${((gap.began - gap.from) / 1_000).toFixed(2)} s, serving after ${((gap.to - gap.from) / 1_000).toFixed(2)} s`
        faults.push(
          `${named}: learnt, and by the network ${network} after a kill, by the archive ${archive}; ${lasted}: ${JSON.stringify(leg)}`,
        )
      }
    }
    // Who comes while nobody is there hears ringing outside, and is a call from when he is let in (calls.md 7).
    if (!callsUs(line)) one('rings', leg.ringingAt, first(line, '180'))
    one('answered', leg.answeredAt, first(line, '200'))
    one('ended', leg.endedAt, endOf(line))
  }
  return { faults, apartMs, learntMs, crossedMs }
}

/** Legs that Asterisk's own log has begun twice: a person rung twice for one attempt. */
export function begunTwice(legLog: string): { readonly legs: number; readonly twice: readonly string[] } {
  const begins = new Map<string, number>()
  for (const [, id = ''] of legLog.matchAll(/^CHAN_START,[\d.]+,([^,]+),/gm)) begins.set(id, (begins.get(id) ?? 0) + 1)
  return { legs: begins.size, twice: [...begins].flatMap(([id, times]) => (times > 1 ? [`leg ${id} was begun ${times} times`] : [])) }
}

/** Whether each death was where it was ordered, by Asterisk's log: what was not written rang nobody, what was written had not yet, and what was asked for had. */
export function momentsRight(words: readonly Last[], legLog: string): readonly string[] {
  const begins = new Map([...legLog.matchAll(/^CHAN_START,([\d.]+),([^,]+),/gm)].map(([, at, id = '']) => [id, Number(at) * 1_000]))
  return words.flatMap(({ kind, at, legs }) =>
    legs.flatMap((id) => {
      const began = begins.get(id)
      if (kind === 'beforeAppend') return began === undefined ? [] : [`leg ${id} was rung, and never written`]
      if (kind === 'afterAppend') return began === undefined || began > at ? [] : [`leg ${id} was rung before it was to be`]
      if (kind !== 'unanswered') return []
      return began !== undefined && Math.abs(began - at) < ASKED_MS ? [] : [`leg ${id} was asked for, and Asterisk does not say so`]
    }),
  )
}

/** How the network says that a call to a number went. */
export function ending(line: NetworkLine): 'answered' | 'busy' | 'rejected' | 'unanswered' {
  const final = line.log.find(({ what, of }) => of === 'INVITE' && /^[2-6]\d\d$/.test(what))?.what
  if (final === '200') return 'answered'
  if (final === '486') return 'busy'
  return final === '603' ? 'rejected' : 'unanswered'
}
