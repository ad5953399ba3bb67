import type { Clock } from '@gantry/service-kit';
import type { VerifierConfig } from '../config.js';
import { Credentials } from '../credentials.js';
import { GuardedHttp } from '../net/guarded-http.js';
import type { GateDrivers } from '../ports/gate-driver.port.js';
import { CommandDriver } from './command/command.driver.js';
import { HttpDriver } from './http/http.driver.js';
import { JenkinsDriver } from './jenkins/jenkins.driver.js';
import { ManualDriver } from './manual.driver.js';
import { PrometheusDriver } from './prometheus/prometheus.driver.js';
import { SeleniumDriver } from './selenium/selenium.driver.js';

/** The driver of every kind, as configured. */
export function makeDrivers(config: VerifierConfig, clock: Clock): GateDrivers {
  const http = new GuardedHttp(config.GANTRY_GATE_ALLOW);
  const commands = config.GANTRY_GATE_COMMANDS_DIR;
  const places = {
    commands,
    evidence: config.GANTRY_EVIDENCE_DIR,
    chrome: config.GANTRY_CHROME,
    chromedriver: config.GANTRY_CHROMEDRIVER,
  };
  return {
    http: new HttpDriver(http),
    command: new CommandDriver(commands, config.GANTRY_EVIDENCE_DIR),
    selenium: new SeleniumDriver(places, http),
    jenkins: new JenkinsDriver(http, new Credentials(config.GANTRY_GATE_CREDENTIALS_DIR)),
    prometheus: new PrometheusDriver(http, clock),
    manual: new ManualDriver(),
  };
}
