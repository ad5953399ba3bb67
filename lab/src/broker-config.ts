import {
  brokerAccess,
  brokerDestinations,
  brokerForwards,
  groupsOf,
  type AccessLine,
  type BrokerForward,
  type BrokerFleet,
} from '@gantry/contracts';
import type { PasswordAccount } from './broker-access.js';

/** How clients come in: by certificates over TLS, or by passwords where the network itself is trusted. */
export type BrokerDoors =
  | {
      readonly by: 'certificates';
      /** PKCS12 with the broker's key, and JKS with the authorities of its clients; values as XML takes them. */
      readonly keyStore: string;
      readonly trustStore: string;
      readonly password: string;
      /** What those authorities took back, in PEM. */
      readonly revoked?: string;
    }
  | { readonly by: 'passwords'; readonly accounts: readonly PasswordAccount[] };

/** What varies between two brokers' configurations. */
export interface BrokerConfig {
  readonly name: string;
  /** `address:port` of each STOMP connector. */
  readonly endpoints: readonly string[];
  readonly doors: BrokerDoors;
  readonly fleet: BrokerFleet;
  /** Besides those of the table. */
  readonly forwards?: readonly BrokerForward[];
  readonly limits: { readonly memory: string; readonly store: string; readonly temp: string };
  /** What a reader should know before anything else. */
  readonly preface?: string;
}

const STOMP_OPTIONS = [
  'transport.tcpNoDelay=true',
  'transport.hbGracePeriodMultiplier=2',
  'wireFormat.maxFrameSize=2097152',
  'maximumConnections=10000',
].join('&amp;');

const CERTIFICATES = `      <!-- Who is who by the subject of a certificate: users.properties and groups.properties, by login.config. The name a client
           gives (login) counts for nothing. -->
      <jaasCertificateAuthenticationPlugin configuration="gantry"/>`;

/** ActiveMQ Classic's configuration: who may do what by the contracts' table, sticky groups, a dead letter queue each, STOMP only. */
export function activemqXml(config: BrokerConfig): string {
  const { name, fleet, forwards = [], preface = '' } = config;
  return `<?xml version="1.0" encoding="UTF-8"?>
${preface}<beans xmlns="http://www.springframework.org/schema/beans"
       xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
       xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans.xsd
                           http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">

  <bean class="org.springframework.beans.factory.config.PropertyPlaceholderConfigurer"/>

  <!-- No advisories (nobody reads them), no scheduler (waiting is the log's work), no JMX.
       Each message carries who sent it (JMSXUserID), by the account that was let in and not by the name somebody gave: services
       take a message only from whoever has that to say. -->
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="${name}" dataDirectory="\${activemq.data}"
          persistent="true" useJmx="false" advisorySupport="false" schedulerSupport="false" useShutdownHook="true"
          populateJMSXUserID="true" useAuthenticatedPrincipalForJMSXUserID="true" schedulePeriodForDestinationPurge="10000">

    <!-- One line for each topic. Not ActiveMQ's own virtual topics (virtualTopic): a subscription to
         Consumer.mine.VirtualTopic.gantry.*.* makes a queue of that name there, past the table of rights, and hears everything. -->
    <destinationInterceptors>
      <virtualDestinationInterceptor>
        <virtualDestinations>
${[...brokerForwards(fleet), ...forwards].map(forwardXml).join('\n')}
        </virtualDestinations>
      </virtualDestinationInterceptor>
    </destinationInterceptors>

    <!-- Made at the start: a queue that its consumer makes has missed what was said before, and nobody needs the right to make one. -->
    <destinations>
${brokerDestinations(fleet).map(destinationXml).join('\n')}
    </destinations>

${POLICIES}
${plugins(config)}

${systemUsage(config)}
${tlsXml(config.doors)}    <!-- tcpNoDelay: without it a receipt waits 40 ms. maxFrameSize: one frame larger than this could empty the heap. -->
    <transportConnectors>
${config.endpoints.map((endpoint, index) => connectorXml(config.doors, endpoint, index)).join('\n')}
    </transportConnectors>
  </broker>
</beans>
`;
}

const plugins = ({ doors, fleet }: BrokerConfig) => `    <plugins>
${authentication(doors)}
      <!-- Rights add up: what no line allows is refused, temporary destinations with it. A subscription with a wildcard is allowed
           what any line it could meet allows, but it must make a destination of that name first, and that only ops may. -->
      <authorizationPlugin>
        <map>
          <authorizationMap>
            <authorizationEntries>
${brokerAccess(fleet).map(entryXml).join('\n')}
            </authorizationEntries>
            <tempDestinationAuthorizationEntry>
              <tempDestinationAuthorizationEntry read="nobody" write="nobody" admin="nobody"/>
            </tempDestinationAuthorizationEntry>
          </authorizationMap>
        </map>
      </authorizationPlugin>
    </plugins>`;

const POLICIES = `    <destinationPolicy>
      <policyMap>
        <policyEntries>
          <!-- Message groups: the default map remembers 1,024 groups and then moves live ones between replicas, which costs order.
               A dead-letter queue for each queue. Never let a consumer's queue be collected: an idle service would lose what comes next. -->
          <policyEntry queue="Consumer.&gt;" messageGroupMapFactoryType="bucket?bucketCount=4096" queuePrefetch="20" expireMessagesPeriod="30000">
            <deadLetterStrategy>
              <individualDeadLetterStrategy queuePrefix="DLQ." useQueueForQueueMessages="true" processExpired="false" processNonPersistent="true"/>
            </deadLetterStrategy>
          </policyEntry>
          <!-- Reply queues end with the instance they belong to. -->
          <policyEntry queue="replies.&gt;" gcInactiveDestinations="true" inactiveTimeoutBeforeGC="30000">
            <deadLetterStrategy>
              <discarding/>
            </deadLetterStrategy>
          </policyEntry>
          <!-- A slow reader of a live topic loses pictures, it does not fill the broker. -->
          <policyEntry topic="&gt;" topicPrefetch="1000">
            <pendingMessageLimitStrategy>
              <constantPendingMessageLimitStrategy limit="1000"/>
            </pendingMessageLimitStrategy>
          </policyEntry>
        </policyEntries>
      </policyMap>
    </destinationPolicy>

    <!-- Small journal files: with large ones a full store stays full long after the queues are empty. -->
    <persistenceAdapter>
      <kahaDB directory="\${activemq.data}/kahadb" journalMaxFileLength="16mb" checkpointInterval="5000" cleanupInterval="10000"/>
    </persistenceAdapter>
`;

const systemUsage = ({
  limits,
}: BrokerConfig) => `    <!-- A full store refuses after 4 s, before a publisher gives up (5 s), and says why: else it blocks all of them for ever without a word. -->
    <systemUsage>
      <systemUsage sendFailIfNoSpaceAfterTimeout="4000">
        <memoryUsage><memoryUsage limit="${limits.memory}"/></memoryUsage>
        <storeUsage><storeUsage limit="${limits.store}"/></storeUsage>
        <tempUsage><tempUsage limit="${limits.temp}"/></tempUsage>
      </systemUsage>
    </systemUsage>
`;

/** Debian links ActiveMQ to log4j 1.2: without this file it writes no log at all. */
export const LOG4J = `log4j.rootLogger=INFO, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d %-5p %c{1} - %m%n
`;

function authentication(doors: BrokerDoors): string {
  if (doors.by === 'certificates') return CERTIFICATES;
  return `      <simpleAuthenticationPlugin anonymousAccessAllowed="false">
        <users>
${doors.accounts.map(userXml).join('\n')}
        </users>
      </simpleAuthenticationPlugin>`;
}

function tlsXml(doors: BrokerDoors): string {
  if (doors.by === 'passwords') return '';
  const { keyStore, trustStore, password, revoked } = doors;
  return `    <sslContext>
      <sslContext keyStore="${keyStore}" keyStoreType="PKCS12" keyStorePassword="${password}"
                  trustStore="${trustStore}" trustStoreType="JKS" trustStorePassword="${password}"${revoked === undefined ? '' : `\n                  crlPath="${revoked}"`}/>
    </sslContext>
`;
}

function userXml({ login, passcode }: PasswordAccount): string {
  return `          <authenticationUser username="${login}" password="${passcode}" groups="${groupsOf(login).join(',')}"/>`;
}

function entryXml({ destination, read, write, admin }: AccessLine): string {
  const rights = { read, write, admin };
  // The broker takes an empty list for a mistake; nobody has an account of that name.
  const named = Object.entries(rights).map(
    ([right, groups]) => `${right}="${groups.length === 0 ? 'nobody' : groups.join(',')}"`,
  );
  const where = `${kindOf(destination)}="${nameOf(destination)}"`;
  return `              <authorizationEntry ${where} ${named.join(' ')}/>`;
}

function destinationXml(destination: string): string {
  return `      <${kindOf(destination)} physicalName="${nameOf(destination)}"/>`;
}

function forwardXml({ topic, queues }: BrokerForward): string {
  const copies = queues.map((queue) => `<queue physicalName="${nameOf(queue)}"/>`).join('');
  return `          <compositeTopic name="${nameOf(topic)}" forwardOnly="false"><forwardTo>${copies}</forwardTo></compositeTopic>`;
}

const kindOf = (destination: string) => (destination.startsWith('/topic/') ? 'topic' : 'queue');

const nameOf = (destination: string) =>
  destination.replace(/^\/(?:queue|topic)\//, '').replaceAll('>', '&gt;');

function connectorXml({ by }: BrokerDoors, endpoint: string, index: number): string {
  const [scheme, more] =
    by === 'certificates' ? ['stomp+ssl', '&amp;needClientAuth=true'] : ['stomp', ''];
  return `      <transportConnector name="stomp${index === 0 ? '' : index}" uri="${scheme}://${endpoint}?${STOMP_OPTIONS}${more}"/>`;
}
