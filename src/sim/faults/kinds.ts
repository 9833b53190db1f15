/** Everything that is made to go wrong in a drawn world, each a kind of its own with a rate drawn from the seed. */
export const FAULTS = {
  'event.lost': 'single events of the telephone network are never told',
  'event.repeated': 'events are told again, at once or much later',
  'event.late': 'the network tells what happened seconds later, in order',
  'event.overtaken': 'single events are told seconds after those that followed them',
  'command.lost': 'rings and hang-ups asked for never reach the network, and nobody says so',
  'network.slow': 'commands and events take their time',
  'switch.away': 'the switch cannot be reached: commands and events are lost',
  'trunk.down': 'every ring to an outside number fails, or those over one trunk',
  'phone.gone': 'an agent’s phone leaves the network',
  'journal.refused': 'the next appends fail, and may be tried again',
  'journal.slow': 'each append takes seconds',
  'journal.full': 'nothing can be written for minutes',
  'crash.now': 'killed between any two steps',
  'crash.beforeAppend': 'killed as it appends, with nothing written',
  'crash.afterAppend': 'killed between append and effect',
  'crash.afterEffect': 'killed with an effect sent and not answered',
  'crash.inSnapshot': 'killed as it keeps a snapshot',
  'crash.inStart': 'killed, and again while it starts and asks the switch',
  'engine.restarted': 'stopped and started again',
  'engine.twice': 'an append hangs, another engine is started, and then the append arrives',
  'snapshot.lost': 'killed, and no snapshot is there at the start',
  'snapshot.old': 'killed, and only the snapshot before the last is there',
  'clock.forward': 'the wall’s clock is set forward',
  'clock.back': 'the wall’s clock is set back',
  'lists.away': 'the lists of contacts can be neither read nor written',
  'join.lost': 'who is to be in a bridge never reaches the network, or is answered and not done, and nobody says so',
} as const

export type Fault = keyof typeof FAULTS
export const FAULT_KINDS = Object.keys(FAULTS) as readonly Fault[]
