/** Warnings to the console. */
export const LOG4J = `log4j.rootLogger=WARN, console
log4j.appender.console=org.apache.log4j.ConsoleAppender
log4j.appender.console.layout=org.apache.log4j.PatternLayout
log4j.appender.console.layout.ConversionPattern=%d{ISO8601} %-5p %c{1} - %m%n
`;

function entry(kind: string, name: string): string {
  return `    <authorizationEntry ${kind}="${name}.&gt;" read="guests" write="guests" admin="guests"/>\n`;
}

/** What a broker that is to be brought to its limits has less of; the defaults are those of ActiveMQ. */
export interface BrokerLimits {
  /** Where the messages are kept; two brokers of one place are master and standby. */
  readonly store?: string;
  /** Of all messages in memory; they are then kept nowhere else until they are taken (`4 mb`). */
  readonly memory?: string;
  /** Of the store on disk. */
  readonly disk?: string;
  /** How long it says nothing to a publisher that it has no room for; then it refuses. */
  readonly silentMs?: number;
  /** Connections at the plain port. */
  readonly connections?: number;
}

function usage({ memory = '128 mb', disk = '512 mb', silentMs = 60_000 }: BrokerLimits): string {
  return `<systemUsage><systemUsage sendFailIfNoSpaceAfterTimeout="${silentMs}">
   <memoryUsage><memoryUsage limit="${memory}"/></memoryUsage>
   <storeUsage><storeUsage limit="${disk}"/></storeUsage>
   <tempUsage><tempUsage limit="64 mb"/></tempUsage>
  </systemUsage></systemUsage>`;
}

/** One broker with a plain and a TLS connector; only the named destinations may be used. */
export function brokerXml(
  dir: string,
  port: number,
  tlsPort: number,
  limits: BrokerLimits = {},
): string {
  const { memory, store = `${dir}/data/kahadb`, connections = 1_000 } = limits;
  const cursor =
    memory === undefined ? '' : '<pendingQueuePolicy><vmQueueCursor/></pendingQueuePolicy>';
  return `<beans xmlns="http://www.springframework.org/schema/beans" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://www.springframework.org/schema/beans http://www.springframework.org/schema/beans/spring-beans-2.0.xsd
  http://activemq.apache.org/schema/core http://activemq.apache.org/schema/core/activemq-core.xsd">
 <broker xmlns="http://activemq.apache.org/schema/core" brokerName="test" dataDirectory="${dir}/data" useJmx="false" advisorySupport="false" schedulerSupport="false">
  <destinationPolicy><policyMap><policyEntries>
   <policyEntry queue="&gt;" messageGroupMapFactoryType="bucket?bucketCount=4096">${cursor}</policyEntry>
  </policyEntries></policyMap></destinationPolicy>
  <persistenceAdapter><kahaDB directory="${store}" journalMaxFileLength="1mb" checkpointInterval="200" cleanupInterval="200">
   <locker><shared-file-locker lockAcquireSleepInterval="200"/></locker>
  </kahaDB></persistenceAdapter>
  ${usage(limits)}
  <plugins>
   <simpleAuthenticationPlugin anonymousAccessAllowed="true" anonymousUser="guest" anonymousGroup="guests"><users/></simpleAuthenticationPlugin>
   <authorizationPlugin><map><authorizationMap><authorizationEntries>
    <!-- Entries add up, so what is forbidden is what no entry names. -->
${['test', 'Consumer', 'replies', 'gantry', 'ActiveMQ', 'DLQ'].map((name) => entry('queue', name)).join('')}${entry('topic', 'VirtualTopic')}${entry('topic', 'test')}   </authorizationEntries></authorizationMap></map></authorizationPlugin>
  </plugins>
  <sslContext><sslContext keyStore="file:${dir}/conf/broker.p12" keyStoreType="PKCS12" keyStorePassword="changeit"
    trustStore="file:${dir}/conf/trust.p12" trustStoreType="PKCS12" trustStorePassword="changeit"/></sslContext>
  <transportConnectors>
   <transportConnector name="stomp" uri="stomp://127.0.0.1:${port}?transport.tcpNoDelay=true&amp;wireFormat.maxFrameSize=2097152&amp;maximumConnections=${connections}"/>
   <transportConnector name="tls" uri="stomp+ssl://127.0.0.1:${tlsPort}?needClientAuth=true&amp;transport.tcpNoDelay=true"/>
  </transportConnectors>
 </broker></beans>`;
}
