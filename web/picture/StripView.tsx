import { memo } from 'react'
import type { Call } from '#wire/calls.ts'
import { Diamond, KindBar } from './Patterns.tsx'
import { strip } from './strip.ts'

/** The story of one row. The words stand in the row beside it, so the strip itself is hidden from screen readers. */
export const StripView = memo(function StripView({ call, width, now }: { call: Call; width: number; now: number }) {
  const drawn = strip(call, width, now)
  return (
    <svg width={width} height="20" viewBox={`0 0 ${width} 20`} aria-hidden="true">
      {drawn.bars.map((bar, i) => (
        <KindBar
          // biome-ignore lint/suspicious/noArrayIndexKey: bars have no state and keep their order.
          key={i}
          kind={bar.kind}
          x={bar.x}
          y={bar.deck ? 13 : 3}
          width={bar.deck ? Math.max(5, bar.width) : bar.width}
          height={bar.deck ? 6 : 14}
          mini
        />
      ))}
      {drawn.cuts.map((x) => (
        <g key={x}>
          <path className="cut" d={`M${x - 5} 19L${x - 1} 1L${x + 5} 1L${x + 1} 19Z`} />
          <path className="foldedge" d={`M${x - 4} 19L${x} 1M${x} 19L${x + 4} 1`} />
        </g>
      ))}
      {drawn.points.map((point, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: points have no state and keep their order.
        <Diamond key={i} kind={point.kind} x={point.x} y={10} r={point.kind === 'deleted' ? 5.5 : 4.5} />
      ))}
      {drawn.nowX !== null && <circle cx={drawn.nowX} cy="10" r="4.6" className="now-dot" />}
    </svg>
  )
})
