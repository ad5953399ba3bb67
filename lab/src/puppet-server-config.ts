/** Where a private Puppet server keeps everything, and where it listens. */
export interface PuppetServerPaths {
  readonly base: string;
  readonly address: string;
  readonly certname: string;
  readonly domain: string;
}

/** Puppet server's own settings; the CA key is 2048 bits because two 4096 bit keys cost seconds at each start. */
export function puppetConf({ base, address, certname }: PuppetServerPaths): string {
  return `[main]
server = ${address}
keylength = 2048
[server]
certname = ${certname}
dns_alt_names = puppet,${certname},${address}
cadir = ${base}/ca
ssldir = ${base}/ssl
codedir = ${base}/code
vardir = ${base}/var
logdir = ${base}/log
rundir = ${base}/run
autosign = ${base}/conf/autosign.conf
environment_timeout = 0
reports = store
user = root
group = root
`;
}

/** HOCON files of conf.d that differ from Debian's. */
export function confD({ base, address }: PuppetServerPaths): Readonly<Record<string, string>> {
  return {
    'global.conf': `global: { logging-config: ${base}/conf/logback.xml }\n`,
    'webserver.conf': `webserver: { client-auth: want, ssl-host: ${address}, ssl-port: 8140 }\n`,
    'puppetserver.conf': `jruby-puppet: {
  ruby-load-path: [/usr/lib/puppetserver/ruby/vendor_ruby]
  gem-home: ${base}/gems
  gem-path: [${base}/gems, "/usr/lib/puppetserver/vendored-jruby-gems"]
  server-conf-dir: ${base}/conf
  server-code-dir: ${base}/code
  server-var-dir: ${base}/var
  server-run-dir: ${base}/run
  server-log-dir: ${base}/log
  max-active-instances: 1
}
http-client: {}
profiler: { enabled: false }
`,
  };
}

/** The services Puppet server boots: Debian's list without metrics and usage analytics, which nobody reads here. */
export const BOOTSTRAP = `puppetlabs.services.request-handler.request-handler-service/request-handler-service
puppetlabs.services.jruby.jruby-puppet-service/jruby-puppet-pooled-service
puppetlabs.services.jruby-pool-manager.jruby-pool-manager-service/jruby-pool-manager-service
puppetlabs.services.puppet-profiler.puppet-profiler-service/puppet-profiler-service
puppetlabs.trapperkeeper.services.webserver.jetty9-service/jetty9-service
puppetlabs.trapperkeeper.services.webrouting.webrouting-service/webrouting-service
puppetlabs.services.config.puppet-server-config-service/puppet-server-config-service
puppetlabs.services.master.master-service/master-service
puppetlabs.services.puppet-admin.puppet-admin-service/puppet-admin-service
puppetlabs.trapperkeeper.services.authorization.authorization-service/authorization-service
puppetlabs.services.versioned-code-service.versioned-code-service/versioned-code-service
puppetlabs.trapperkeeper.services.scheduler.scheduler-service/scheduler-service
puppetlabs.trapperkeeper.services.status.status-service/status-service
puppetlabs.trapperkeeper.services.metrics.metrics-service/metrics-service
puppetlabs.services.jruby.jruby-metrics-service/jruby-metrics-service
puppetlabs.services.ca.certificate-authority-service/certificate-authority-service
puppetlabs.trapperkeeper.services.watcher.filesystem-watch-service/filesystem-watch-service
`;

/** Log to standard output, which the lab sends to a file. */
export const LOGBACK = `<configuration>
  <appender name="STDOUT" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5p [%t] [%c{2}] %m%n</pattern></encoder>
  </appender>
  <root level="info"><appender-ref ref="STDOUT"/></root>
</configuration>
`;
