/** What must hold of every world, whatever people, the network, the disk and the clock do. The name of a law is what a report gives. */
export const LAWS = {
  'journal.order': 'Facts follow each other without a hole and without one told twice',
  'time.forward': 'Time in facts never runs back',
  'call.once': 'A call begins once and ends once, and nothing of it is left when it does',
  'call.aside': 'No call is set aside: no bug is met',
  'leg.once': 'A line begins, is answered and ends once, in that order',
  'leg.asked': 'Nobody is rung before the fact that says so is written',
  'leg.rungOnce': 'No phone is rung twice for one leg',
  'leg.wanted': 'Nobody is rung for somebody who is gone, or for what is over',
  'number.oneLine': 'A number is rung on one line at a time, switchboards excepted',
  'agent.oneMatter': 'An agent is in one matter at most',
  'agent.there': 'Nothing is offered to an agent whose phone is gone',
  'entry.once': 'An entry joins its queue once and leaves it once',
  'entry.oneOffer': 'An entry is offered to one agent at a time',
  'attempt.once': 'A customer is rung once in an attempt, and only where one was promised',
  'talk.lawful': 'Who is joined, held, muted or consulted is on the line, and what begins ends',
  'sound.right': 'Who hears whom is what the facts say',
  'story.law': 'The story of a call keeps the law of the archive',
  'replay.archive': 'Replay of the journal gives the same archive',
  'replay.world': 'Replay of the journal gives the same state',
  'engine.answers': 'The engine starts, answers, and meets no bug',
  'help.never': 'A call for help is never refused',
  'drained.all': 'In the quiet all of it comes to its end',
} as const

export type Law = keyof typeof LAWS

/** A law that was broken, and a sentence about where. */
export interface Broken {
  readonly law: Law
  readonly what: string
}
