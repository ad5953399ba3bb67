import { createHash } from 'node:crypto';

/** How a build of `shop` behaves once installed. */
export type ShopVariant =
  | 'normal'
  /** The process runs; /health answers 500. */
  | 'broken'
  /** The process ends at once, so the service does not start. */
  | 'crash'
  /** /health answers 503 for the first five seconds. */
  | 'slow-start'
  /** Healthy, and its own tests pass; the page's button does nothing. */
  | 'dead-button';

/** One build of the shop application. */
export interface ShopBuild {
  readonly version: string;
  readonly release: string;
  readonly variant: ShopVariant;
}

/** The RPM spec of one build: a one-file web server and its service script. */
export function shopSpec({ version, release, variant }: ShopBuild): string {
  return `Name:        shop
Version:     ${version}
Release:     ${release}
Summary:     Small web shop of the lab
License:     MIT
BuildArch:   noarch
AutoReqProv: no
%description
A one-file web server that answers with its own version.

Build-URL: https://ci.example.net/job/shop/${version}/
Commit: ${createHash('sha1').update(version).digest('hex')}
Author: Anna Lind <anna@example.net>
%install
mkdir -p %{buildroot}/opt/shop
cat > %{buildroot}/opt/shop/server.js <<'JS'
${server(`${version}-${release}`, variant)}JS
cat > %{buildroot}/opt/shop/cart.js <<'JS'
${CART}JS
mkdir -p %{buildroot}/opt/shop/test
cat > %{buildroot}/opt/shop/test/cart.test.js <<'JS'
${CART_TEST}JS
cat > %{buildroot}/opt/shop/ctl <<'SH'
${CTL}SH
chmod 755 %{buildroot}/opt/shop/ctl
%files
/opt/shop
`;
}

/** Puppet's rpm and dnf providers fail while exactly one RPM is installed: every host gets these two first. */
export const MARKERS_SPEC = `Name:        lab-release
Version:     12
Release:     1
Summary:     Marker package
License:     MIT
BuildArch:   noarch
AutoReqProv: no
%description
Marker.
%package -n lab-base
Summary:  Second marker package
Requires: lab-release
%description -n lab-base
Marker.
%install
mkdir -p %{buildroot}/opt/lab-release %{buildroot}/opt/lab-base
%files
/opt/lab-release
%files -n lab-base
/opt/lab-base
`;

function server(version: string, variant: ShopVariant): string {
  return `'use strict';
const http = require('http');
const version = '${version}';
const variant = '${variant}';
const startedAt = Date.now();
if (variant === 'crash') {
  console.error('shop ' + version + ': cannot start');
  process.exit(1);
}
const about = JSON.stringify({ app: 'shop', version, host: require('os').hostname() });
${PAGE}let stopping = false;
const health = () => {
  if (variant === 'broken') return 500;
  return variant === 'slow-start' && Date.now() - startedAt < 5000 ? 503 : 200;
};
const json = (response) => {
  response.setHeader('content-type', 'application/json');
  response.end(about);
};
const server = http.createServer((request, response) => {
  const url = new URL(request.url, 'http://shop');
  if (stopping) response.setHeader('connection', 'close');
  if (url.pathname === '/health') {
    response.statusCode = health();
    response.end((response.statusCode === 200 ? 'ok ' : 'failing ') + version);
  } else if (url.pathname === '/slow') {
    setTimeout(() => json(response), Math.min(Number(url.searchParams.get('ms')) || 0, 60000));
  } else if (url.pathname === '/shop') {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(page);
  } else if (url.pathname === '/cart.js') {
    response.setHeader('content-type', 'text/javascript');
    response.end(cart);
  } else if (url.pathname === '/' || url.pathname === '/version') {
    json(response);
  } else {
    response.statusCode = 404;
    response.end();
  }
});
server.keepAliveTimeout = 120000;
server.listen(8080, '0.0.0.0');
process.on('SIGTERM', () => {
  stopping = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
`;
}

/** The page: its script is the file that the application's own test tests. */
const PAGE = `const cart = require('fs').readFileSync(__dirname + '/cart.js');
const listens = variant === 'dead-button' ? '' : 'add.onclick = () => { cart.textContent = addTo(cart.textContent); };';
const page = '<!doctype html><title>Shop</title><h1>Shop</h1><p>Version <b id="version">' + version +
  '</b></p><p>In your cart: <b id="cart">0</b></p><button id="add">Add to cart</button>' +
  '<script src="/cart.js"></script><script>const [cart, add] = ["cart", "add"].map((id) => document.getElementById(id));' +
  listens + '</script>';
`;

/** What the page does when something is added, and the application's own test of it: both travel in the package. */
const CART = `'use strict';
function addTo(count) {
  return Number(count) + 1;
}
if (typeof module !== 'undefined') module.exports = { addTo };
`;

const CART_TEST = `'use strict';
const assert = require('node:assert');
const { test } = require('node:test');
const { addTo } = require('../cart.js');
test('what is added is one more', () => {
  assert.strictEqual(addTo('0'), 1);
  assert.strictEqual(addTo('41'), 42);
});
`;

// setsid and the redirections: Puppet waits for whoever holds the output of a start command.
const CTL = `#!/bin/bash
# start | stop | restart | status, without systemd
PID=/run/shop.pid
[ -r /etc/profile.d/node.sh ] && . /etc/profile.d/node.sh
alive() { [ -s $PID ] && kill -0 "$(cat $PID)" 2>/dev/null; }
listening() { (exec 3<>/dev/tcp/127.0.0.1/8080) 2>/dev/null; }
case $1 in
start)
  alive && exit 0
  setsid node /opt/shop/server.js >>/var/log/shop.log 2>&1 </dev/null &
  echo $! >$PID
  for _ in {1..100}; do
    alive || { tail -1 /var/log/shop.log >&2; rm -f $PID; exit 1; }
    listening && exit 0
    sleep 0.1
  done
  exit 1 ;;
stop)
  alive || exit 0
  pid=$(cat $PID)
  kill "$pid"
  for _ in {1..100}; do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  kill -9 "$pid" 2>/dev/null
  rm -f $PID ;;
restart) "$0" stop; exec "$0" start ;;
status) alive ;;
*) echo "usage: $0 start|stop|restart|status" >&2; exit 2 ;;
esac
`;
