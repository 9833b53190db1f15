/** The patterns of kinds and phases, defined once a page: a kind is colour and pattern, so that it is told apart without colour. */
import type { Event } from '#wire/calls.ts'

export function Patterns() {
  return (
    <svg width="0" height="0" className="patterns" aria-hidden="true">
      <defs>
        <pattern id="p-menu" width="6" height="6" patternUnits="userSpaceOnUse">
          <circle className="m-menu" cx="1.5" cy="1.5" r="1.05" />
          <circle className="m-menu" cx="4.5" cy="4.5" r="1.05" />
        </pattern>
        <pattern id="p-queue" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="m-queue" d="M0 0V7" strokeWidth="5" />
        </pattern>
        <pattern id="p-queueCallback" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="m-queueCallback" d="M0 0V12" strokeWidth="2.4" />
        </pattern>
        <pattern id="p-consultToQueue" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path className="m-consultToQueue" d="M0 0V8M0 0H8" strokeWidth="2" />
        </pattern>
        <pattern id="p-ring" width="5" height="5" patternUnits="userSpaceOnUse">
          <path className="m-ring" d="M1.5 0V5" strokeWidth="1.4" />
        </pattern>
        <pattern id="p-ringv" width="5" height="5" patternUnits="userSpaceOnUse">
          <path className="m-ring" d="M0 1.5H5" strokeWidth="1.4" />
        </pattern>
        <pattern id="p-hold" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
          <path className="m-hold" d="M0 0V6" strokeWidth="2.6" />
        </pattern>
      </defs>
    </svg>
  )
}

const PATTERNED: ReadonlySet<string> = new Set(['menu', 'queue', 'queueCallback', 'consultToQueue'])

/** A bar of a kind: fill, pattern, edge. */
export function KindBar(props: { kind: Event['kind']; x: number; y: number; width: number; height: number; mini?: boolean }) {
  const { kind, mini, ...box } = props
  const rx = mini ? 2 : 3
  // Rails lie a tenth in from the long sides, along the bar.
  const rail = Math.max(1.2, box.height * 0.06)
  const upright = box.height > box.width * 2 && box.height > 60
  return (
    <>
      <rect className={`f-${kind}`} {...box} rx={rx} />
      {PATTERNED.has(kind) && <rect fill={`url(#p-${kind})`} {...box} rx={rx} />}
      {kind === 'consult' && !upright && (
        <path
          className="m-consult"
          strokeWidth={rail}
          d={`M${box.x} ${box.y + box.height * 0.12}h${box.width}M${box.x} ${box.y + box.height * 0.88}h${box.width}`}
        />
      )}
      {kind === 'consult' && upright && (
        <path
          className="m-consult"
          strokeWidth="2"
          d={`M${box.x + 4} ${box.y}v${box.height}M${box.x + box.width - 4} ${box.y}v${box.height}`}
        />
      )}
      <rect className={mini ? `edge mini e-${kind}` : `edge e-${kind}`} {...box} rx={rx} />
    </>
  )
}

/** A point of no duration: a diamond; Deleted has a cross. */
export function Diamond({ kind, x, y, r }: { kind: Event['kind']; x: number; y: number; r: number }) {
  const d = `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`
  const c = r * 0.32
  return (
    <>
      <path className={`f-${kind}`} d={d} />
      {PATTERNED.has(kind) && <path fill={`url(#p-${kind})`} d={d} />}
      <path className={`edge e-${kind} solid`} d={d} />
      {kind === 'deleted' && (
        <path
          className="m-deleted"
          strokeWidth={r * 0.24}
          strokeLinecap="round"
          d={`M${x - c} ${y - c}L${x + c} ${y + c}M${x + c} ${y - c}L${x - c} ${y + c}`}
        />
      )}
    </>
  )
}

/** The small sample of a kind in tables, cards and the legend. */
export function KindSample({ kind }: { kind: Event['kind'] }) {
  if (kind === 'deleted') {
    return (
      <svg width="22" height="14" aria-hidden="true" className="sample">
        <Diamond kind={kind} x={11} y={7} r={6} />
      </svg>
    )
  }
  return (
    <svg width="22" height="12" aria-hidden="true" className="sample">
      <KindBar kind={kind} x={0.7} y={0.7} width={20.6} height={10.6} mini />
    </svg>
  )
}

export function PhaseBar({
  phase,
  x,
  y,
  width,
  height,
  upright,
}: {
  phase: string
  x: number
  y: number
  width: number
  height: number
  upright?: boolean
}) {
  const box = { x, y, width, height, rx: 2 }
  const pattern = phase === 'ringing' ? (upright ? 'p-ringv' : 'p-ring') : phase === 'hold' ? 'p-hold' : null
  return (
    <>
      <rect className={`lf-${phase}`} {...box} />
      {pattern !== null && <rect fill={`url(#${pattern})`} {...box} />}
      <rect className={`edge mini le-${phase}`} {...box} />
    </>
  )
}
