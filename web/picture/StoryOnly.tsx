/** The story of a call without its parties, where there is room for one bar: the same scale, folds and patterns as the picture. */
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { Call } from '#wire/calls.ts'
import { useWidth } from '../parts/hooks.ts'
import { usePictureWords, useWords } from '../parts/words.tsx'
import { msOf } from '../state/shown.ts'
import { useTimes } from '../text/intl.tsx'
import { layout, STORY_HEIGHT } from './layout.ts'
import { useEventLabel, useFolds, usePictureLabel } from './Picture.tsx'
import { Plot } from './Plot.tsx'

export function StoryOnly({ call, now }: { call: Call; now: number }) {
  const words = useWords()
  const pictureWords = usePictureWords()
  const times = useTimes()
  const navigate = useNavigate()
  const [measure, width] = useWidth<HTMLDivElement>()
  const { unfolded, unfold } = useFolds()
  const [hovered, setHovered] = useState<string | null>(null)
  const label = useEventLabel(call, now)
  const name = usePictureLabel(call)
  const drawn = layout(call, pictureWords, { widthPx: Math.max(320, width), zoom: 1, unfolded, now })
  const below = drawn.bars.some((bar) => bar.deck) ? 28 : 8
  const story = { ...drawn, lanes: [], attempts: [], attemptsY: null, height: drawn.storyY + STORY_HEIGHT + below }
  const on = {
    chosen: hovered,
    label,
    onHover: setHovered,
    onFocus: setHovered,
    onPress: (id: string) => void navigate({ to: '/archive/$callId', params: { callId: call.id }, hash: id }),
  }
  return (
    <div ref={measure}>
      {width > 0 && (
        // biome-ignore lint/a11y/useSemanticElements: a drawing cannot be a fieldset.
        <svg width={story.width} height={story.height} role="group" aria-label={name}>
          <Plot layout={story} startMs={msOf(call.startedAt)} words={words} times={times} on={on} onUnfold={unfold} />
        </svg>
      )}
    </div>
  )
}
