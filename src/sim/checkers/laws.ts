/** What must hold of every world, whatever people, the network, the disk and the clock do. The name of a law is what a report gives. */
export const LAWS = {
  'journal.order': 'Facts follow each other without a hole and without one told twice',
  'time.forward': 'Time in facts never runs back',
  'call.once': 'A call begins once and ends once, and nothing of it is left when it does',
  'call.aside': 'No call is set aside: no bug is met',
  'leg.once': 'A line begins, is answered and ends once, in that order',
  'leg.asked': 'Nobody is rung before the fact that says so is written',
  'leg.rungOnce': 'No phone is rung twice for one leg',
  'leg.over': 'A line that is over by the facts is over in the network',
  'leg.wanted': 'Nobody is rung for somebody who is gone, or for what is over',
  'number.oneLine': 'A number is rung on one line at a time, switchboards excepted',
  'agent.oneMatter': 'An agent is in one matter at most',
  'agent.there': 'Nothing is offered to an agent whose phone is gone',
  'entry.once': 'An entry joins its queue once and leaves it once',
  'entry.oneOffer': 'An entry is offered to one agent at a time',
  'attempt.once': 'A customer is rung once in an attempt, and only where one was promised',
  'attempt.counted': 'Attempts counted are attempts made in the network, each once, and no more than were promised',
  'queue.order': 'Who waits is served in turn: an attempt that counts puts its callback to the end, and nobody is passed over',
  'contact.once': 'A contact dealt is settled once, and before its call is over',
  'contact.listed': 'Nobody on a do-not-call list is dialled',
  'contact.first': 'Where contacts are dialled first, no agent is rung before the contact has answered',
  'contact.leaves': 'When a campaign is paused or stopped, whoever waits to be called leaves its queue',
  'contact.running': 'Nobody is taken up for a campaign that does not run, nor outside his hours',
  'silent.limit': 'At the day’s limit of silent calls, and with Progressive, one contact is dialled for each ready agent',
  'lists.true': 'The lists of contacts stand as the facts say',
  'agent.settles': 'No agent is left connecting or connected without a line, and none on a line is thought to be free',
  'deadline.kept': 'What began with an end comes to it',
  'answer.durable': 'What was answered yes is in the journal',
  'talk.lawful': 'Who is joined, held, muted or consulted is on the line, and what begins ends',
  'sound.right': 'Who hears whom is what the facts say, whoever waits hears music, and nobody of a conversation is left in silence',
  'story.law': 'The story of a call keeps the law of the archive',
  'replay.archive': 'Replay of the journal gives the same archive',
  'replay.world': 'Replay of the journal gives the same state',
  'engine.answers': 'The engine starts, answers, and meets no bug',
  'help.never': 'A call for help is never refused',
  'drained.all': 'In the quiet all of it comes to its end',
} as const

export type Law = keyof typeof LAWS

/** How a checker says that one is broken. */
export type Say = (law: Law, what: string) => void

/** A law that was broken, and a sentence about where. */
export interface Broken {
  readonly law: Law
  readonly what: string
}
