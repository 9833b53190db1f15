/** Line icons, 16 by 16. Never alone: a word or an accessible name stands with each. */
const PATHS = {
  clock: 'M8 2.2a5.8 5.8 0 1 0 0 11.6 5.8 5.8 0 0 0 0-11.6ZM8 4.8V8l2.2 1.6',
  moon: 'M13.2 9.6A5.6 5.6 0 1 1 6.4 2.8a4.6 4.6 0 0 0 6.8 6.8Z',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6ZM8 1.6v1.6M8 12.8v1.6M1.6 8h1.6M12.8 8h1.6M3.5 3.5l1.1 1.1M11.4 11.4l1.1 1.1M12.5 3.5l-1.1 1.1M4.6 11.4l-1.1 1.1',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  find: 'M7 2.6a4.4 4.4 0 1 0 0 8.8 4.4 4.4 0 0 0 0-8.8ZM10.4 10.4l3.2 3.2',
  download: 'M8 2.6v8M4.6 7.6 8 11l3.4-3.4M3 13.4h10',
  calendar:
    'M4.1 3.5h7.8a1.6 1.6 0 0 1 1.6 1.6v6.8a1.6 1.6 0 0 1-1.6 1.6H4.1a1.6 1.6 0 0 1-1.6-1.6V5.1a1.6 1.6 0 0 1 1.6-1.6ZM2.5 6.8h11M5.5 2v3M10.5 2v3',
  plus: 'M8 3v10M3 8h10',
  cross: 'm4 4 8 8M12 4l-8 8',
  check: 'm3 8.4 3.2 3.2L13 4.8',
  back: 'M9.8 3.6 5.4 8l4.4 4.4',
  down: 'm4.5 6.3 3.5 3.5 3.5-3.5',
  link: 'M6.8 9.2a2.6 2.6 0 0 0 3.8 0l2-2a2.6 2.6 0 0 0-3.8-3.8l-.8.8M9.2 6.8a2.6 2.6 0 0 0-3.8 0l-2 2a2.6 2.6 0 0 0 3.8 3.8l.8-.8',
  inbound: 'M13 3 4 12M4 6v6h6',
  outbound: 'M3 13 12 4M12 10V4H6',
  internal: 'M3 5.4h9.4L9.8 2.8M13 10.6H3.6l2.6 2.6',
  warn: 'M8 2.2 14.4 13.4H1.6ZM8 6.4v3.2M8 11.4v.2',
  bin: 'M3 4.5h10M6.3 4.3V2.6h3.4v1.7M4.4 4.6l.6 8.8h6l.6-8.8',
  barred: 'M8 2.2a5.8 5.8 0 1 0 0 11.6 5.8 5.8 0 0 0 0-11.6ZM4 4l8 8',
  wall: 'M9.5 2.5h4v4M6.5 13.5h-4v-4M13.2 2.8 9.4 6.6M2.8 13.2l3.8-3.8',
  phone:
    'M4.1 2.4 6 2.2l1.2 3-1.5 1.2a8.2 8.2 0 0 0 3.9 3.9l1.2-1.5 3 1.2-.2 1.9a1.7 1.7 0 0 1-1.8 1.5A10.4 10.4 0 0 1 2.6 4.2a1.7 1.7 0 0 1 1.5-1.8Z',
  microphone: 'M8 2a2 2 0 0 1 2 2v3.4a2 2 0 0 1-4 0V4a2 2 0 0 1 2-2ZM3.6 7.6a4.4 4.4 0 0 0 8.8 0M8 12v2',
  hold: 'M5.5 3.5v9M10.5 3.5v9',
  digits: 'M4 4h.01M8 4h.01M12 4h.01M4 8h.01M8 8h.01M12 8h.01M4 12h.01M8 12h.01M12 12h.01',
  people:
    'M6 2.8a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2ZM1.8 13.4a4.2 4.2 0 0 1 8.4 0M10.6 3a2.6 2.6 0 0 1 0 4.8M12 9.6a4.2 4.2 0 0 1 2.2 3.8',
  transfer: 'M9.5 3.5 13.5 7.5 9.5 11.5M13.2 7.5H6a3.5 3.5 0 0 0-3.5 3.5v1.5',
  facts: 'M3 3.5h10M3 6.5h10M3 9.5h6M3 12.5h6',
} as const
export type IconName = keyof typeof PATHS

export function Icon({ name, size = 14, turned = false }: { name: IconName; size?: number; turned?: boolean }) {
  return (
    <svg
      className="ico"
      viewBox="0 0 16 16"
      aria-hidden="true"
      style={{ width: size, height: size, ...(turned ? { transform: 'rotate(135deg)' } : {}) }}
    >
      <path d={PATHS[name]} />
    </svg>
  )
}

export function Logo() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" aria-hidden="true">
      <rect x="1" y="4" width="13" height="5.4" rx="2.7" style={{ fill: 'var(--k-conversation-fill)' }} />
      <rect x="8" y="12.6" width="13" height="5.4" rx="2.7" style={{ fill: 'var(--accent)' }} />
    </svg>
  )
}
