/** An agent's state as a shape as well as a colour, with its words. */
import type { Agent } from '#wire/live.ts'
import { useText } from '../text/intl.tsx'

const SHAPES: Readonly<Record<Agent['state'], { readonly d: string; readonly className: string }>> = {
  connected: { d: 'M1 3a2 2 0 0 1 2-2h6a2 2 0 0 1 2 2v6a2 2 0 0 1-2 2H3a2 2 0 0 1-2-2Z', className: 'st-full good' },
  connecting: { d: 'M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z', className: 'st-ring dashed' },
  ready: { d: 'M6 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8Z', className: 'st-ring' },
  wrapUp: { d: 'M6 1a5 5 0 1 1-5 5h5Z', className: 'st-full quiet' },
  rejected: { d: 'M6 1 11.5 11H.5Z', className: 'st-full warn' },
  noAnswer: { d: 'M6 1 11.5 11H.5Z', className: 'st-full warn' },
  unreachable: { d: 'M2 2l8 8M10 2l-8 8', className: 'st-line danger' },
  paused: { d: 'M3.5 1.5v9M8.5 1.5v9', className: 'st-line' },
  loggedOff: { d: 'M2 6h8', className: 'st-line' },
}

export function StateShape({ state, size = 12 }: { state: Agent['state']; size?: number }) {
  const { d, className } = SHAPES[state]
  return (
    <svg width={size} height={size} viewBox="0 0 12 12" aria-hidden="true" className="state-shape">
      <path className={className} d={d} />
    </svg>
  )
}

export function useStateWords(): (state: Agent['state'], reason: string | null) => string {
  const { t, word } = useText()
  return (state, reason) =>
    state === 'paused' && reason !== null ? t('agent.paused.why', { why: word('pause', reason) }) : t(`agent.${state}`)
}
