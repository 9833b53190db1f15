import type { Campaign } from '#wire/campaigns.ts'
import type { Agent } from '#wire/live.ts'
import { agentRows, secondsSince, sumsOf } from '../state/board.ts'
import { clockLike } from '../state/shown.ts'
import { useText } from '../text/intl.tsx'
import { StateShape, useStateWords } from './AgentState.tsx'
import { Notice } from './Notice.tsx'
import { ReleaseAgent } from './ReleaseAgent.tsx'
import { ScrollCard } from './ScrollCard.tsx'
import { initials, useNames } from './session.tsx'

interface Agents {
  readonly agents: readonly Agent[]
  /** Those this account sees. */
  readonly campaigns: readonly Campaign[]
  readonly now: number
}

const inMatter = ({ state }: Agent): boolean => state === 'connecting' || state === 'connected'

/** The agents: state, since when, why, and what they serve: queues, and campaigns that run. */
export function AgentTable({ agents, campaigns, now }: Agents) {
  const { t } = useText()
  const names = useNames()
  const words = useStateWords()
  const running = campaigns.filter(({ live }) => live.state === 'running')
  const served = (agent: Agent): string =>
    [
      ...agent.queues.map(names.queue),
      ...running.flatMap(({ id, settings }) => (agent.campaigns?.includes(id) === true ? settings.name : [])),
    ].join(', ')
  const row = (agent: Agent) => (
    <tr key={agent.id} className={agent.state === 'loggedOff' ? 'off' : ''}>
      <th scope="row">
        <span className="row g2">
          <span className="ava q" aria-hidden="true">
            {initials(agent.name)}
          </span>
          <span className="col">
            <span className="b nowrap">{agent.name}</span>
            <span className="muted s clip serves" title={served(agent)}>
              <span className="vh">{t('agents.serves')}: </span>
              {served(agent)}
            </span>
          </span>
        </span>
      </th>
      <td className="what">
        <span className="state">
          <StateShape state={agent.state} />
          {words(agent.state, agent.reason)}
        </span>
        {agent.wish !== null && <span className="faint s"> {t('agents.wish', { state: words(agent.wish.state, agent.wish.reason) })}</span>}
      </td>
      <td className="n num standing">{clockLike(secondsSince(agent.since, now))}</td>
      <td className="acts">{inMatter(agent) && <ReleaseAgent agent={agent} />}</td>
    </tr>
  )
  return (
    <ScrollCard labelledBy="agents-title">
      <div className="hd">
        <h2 id="agents-title">{t('agents.title')}</h2>
        <span className="muted s">{t('agents.count', { n: sumsOf([], agents).loggedOn, all: agents.length })}</span>
      </div>
      {agents.length === 0 ? (
        <Notice>{t('agents.none')}</Notice>
      ) : (
        <table className="ag cards">
          <thead>
            <tr>
              <th>{t('agents.agent')}</th>
              <th>{t('agents.state')}</th>
              <th className="n">{t('agents.for')}</th>
              <th>
                <span className="vh">{t('release')}</span>
              </th>
            </tr>
          </thead>
          <tbody>{agentRows(agents).map(row)}</tbody>
        </table>
      )}
    </ScrollCard>
  )
}
