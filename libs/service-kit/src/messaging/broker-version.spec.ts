import { describe, expect, it } from '@jest/globals';
import { Log } from '../logging/log.js';
import { Metrics } from '../metrics/metrics.js';
import { BrokerVersion } from './broker-version.js';

describe('the version of the broker', () => {
  it('is told once when it is too old, and counted until another one answers', async () => {
    const lines: string[] = [];
    const metrics = new Metrics('spec');
    const log = new Log({ service: 'spec', write: (line) => lines.push(line) });
    const version = new BrokerVersion(log, metrics);
    const counted = () => metrics.registry.getSingleMetricAsString('gantry_broker_below_floor');

    for (const server of ['ActiveMQ/5.17.2', 'ActiveMQ/5.17.2', undefined]) version.heard(server);
    version.heard('ActiveMQ/5.17.2');
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/5\.17\.2.*5\.19\.9 or 6\.2\.8/);
    expect(await counted()).toContain('} 1');

    version.heard('ActiveMQ/6.2.8');
    expect(lines).toHaveLength(1);
    expect(await counted()).toContain('} 0');
  });
});
