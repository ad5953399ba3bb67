/** A server of a pool. */
export interface PoolMember {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** A pool and the port at which clients reach it. */
export interface Pool {
  readonly name: string;
  readonly members: readonly PoolMember[];
}

/** What HAProxy's configuration is made of. */
export interface HaproxyConfig {
  readonly socket: string;
  readonly frontends: readonly { readonly pool: Pool; readonly port: number }[];
}

/** HAProxy's configuration: an admin socket, and a frontend with health-checked members for each pool. */
export function haproxyCfg({ socket, frontends }: HaproxyConfig): string {
  return `global
  stats socket ${socket} mode 600 level admin
  stats timeout 10s
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  timeout http-keep-alive 60s
  timeout queue 5s
  # While it stops or reloads, an idle connection is told to close instead of being cut under a request.
  option idle-close-on-response
  default-server check inter 500ms fastinter 100ms downinter 100ms fall 2 rise 2
${frontends.map(({ pool, port }) => section(pool, port)).join('')}`;
}

function section({ name, members }: Pool, port: number): string {
  return `
frontend ${name}-in
  bind 127.0.0.1:${port}
  default_backend ${name}
backend ${name}
  balance roundrobin
  option httpchk GET /health
  http-check expect status 200
${members.map((member) => `  server ${member.name} ${member.address}:${member.port}\n`).join('')}`;
}
