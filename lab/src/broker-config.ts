import type { AccessEntry, BrokerCredentials } from './broker-access.js';

/** What varies between two brokers' configurations. */
export interface BrokerConfig {
  readonly name: string;
  readonly addresses: readonly string[];
  readonly port: number;
  readonly credentials: readonly BrokerCredentials[];
  readonly principals: Readonly<Record<string, string>>;
  readonly access: readonly AccessEntry[];
}

// tcpNoDelay: without it a receipt waits 40 ms for Nagle. maxFrameSize: a larger frame would empty the broker's heap.
const STOMP_OPTIONS = [
  'transport.tcpNoDelay=true',
  'transport.hbGracePeriodMultiplier=2',
  'wireFormat.maxFrameSize=2097152',
  'maximumConnections=500',
].join('&amp;');

/** ActiveMQ Classic's configuration as Gantry recommends it: sticky groups, one dead letter queue each, no OpenWire. */
export function activemqXml(config: BrokerConfig): string {
  return `<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans-2.0.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
  <bean class="org.springframework.beans.factory.config.PropertyPlaceholderConfigurer"/>
  <broker xmlns="http://activemq.apache.org/schema/core" brokerName="${config.name}" dataDirectory="\${activemq.data}"
          useJmx="false" persistent="true" schedulerSupport="false" advisorySupport="false" useShutdownHook="true"
          populateJMSXUserID="true" schedulePeriodForDestinationPurge="10000">
    <destinationInterceptors><virtualDestinationInterceptor><virtualDestinations>
      <virtualTopic name="VirtualTopic.&gt;" prefix="Consumer.*." selectorAware="false"/>
    </virtualDestinations></virtualDestinationInterceptor></destinationInterceptors>
    <destinationPolicy><policyMap><policyEntries>
      <policyEntry queue="Consumer.&gt;" messageGroupMapFactoryType="bucket?bucketCount=4096" queuePrefetch="20" expireMessagesPeriod="30000">
        <deadLetterStrategy><individualDeadLetterStrategy queuePrefix="DLQ." useQueueForQueueMessages="true" processExpired="false" processNonPersistent="true"/></deadLetterStrategy>
      </policyEntry>
      <policyEntry queue="replies.&gt;" gcInactiveDestinations="true" inactiveTimeoutBeforeGC="30000">
        <deadLetterStrategy><discarding/></deadLetterStrategy>
      </policyEntry>
      <policyEntry topic="&gt;" topicPrefetch="1000"><pendingMessageLimitStrategy><constantPendingMessageLimitStrategy limit="1000"/></pendingMessageLimitStrategy></policyEntry>
    </policyEntries></policyMap></destinationPolicy>
    <persistenceAdapter><kahaDB directory="\${activemq.data}/kahadb" journalMaxFileLength="16mb" checkpointInterval="5000" cleanupInterval="10000"/></persistenceAdapter>
    <plugins>
      <simpleAuthenticationPlugin anonymousAccessAllowed="false"><users>
${config.credentials.map((user) => userXml(user, config.principals[user.login] ?? user.login)).join('\n')}
      </users></simpleAuthenticationPlugin>
      <authorizationPlugin><map><authorizationMap><authorizationEntries>
${config.access.map(entryXml).join('\n')}
      </authorizationEntries></authorizationMap></map></authorizationPlugin>
    </plugins>
    <systemUsage><systemUsage sendFailIfNoSpaceAfterTimeout="15000">
      <memoryUsage><memoryUsage limit="128 mb"/></memoryUsage><storeUsage><storeUsage limit="2 gb"/></storeUsage><tempUsage><tempUsage limit="256 mb"/></tempUsage>
    </systemUsage></systemUsage>
    <transportConnectors>
${config.addresses.map((address, index) => connectorXml(address, config.port, index)).join('\n')}
    </transportConnectors>
  </broker>
</beans>
`;
}

/** Debian links ActiveMQ to log4j 1.2: without this file it writes no log at all. */
export const LOG4J = `log4j.rootLogger=INFO, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d %-5p %c{1} - %m%n
`;

function userXml(user: BrokerCredentials, groups: string): string {
  return `        <authenticationUser username="${user.login}" password="${user.passcode}" groups="${groups}"/>`;
}

function entryXml(entry: AccessEntry): string {
  const destination = entry.destination.replace('>', '&gt;');
  const rights = `read="${entry.read}" write="${entry.write}" admin="${entry.admin}"`;
  return `        <authorizationEntry ${entry.kind}="${destination}" ${rights}/>`;
}

function connectorXml(address: string, port: number, index: number): string {
  return `      <transportConnector name="stomp${index}" uri="stomp://${address}:${port}?${STOMP_OPTIONS}"/>`;
}
