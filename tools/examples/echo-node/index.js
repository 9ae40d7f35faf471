// A custom runtime for the AWS Lambda Runtime API (2018-06-01) in plain Node: one kept-alive connection, no packages.
'use strict';

const http = require('node:http');

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const root = '/2018-06-01/runtime/';
const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
const held = []; // what "allocateMib" asked for, kept so that it stays in use

function call(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) };
    const request = http.request({ host, port, agent, method, path: root + path, headers: { ...headers, ...length } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
      response.on('error', reject);
    });
    request.on('error', reject);
    request.end(body);
  });
}

// What a payload may ask for, besides being echoed: {"sleepMs"}, {"error"}, {"exit"}, {"allocateMib"}, {"print"}.
async function handle(event) {
  let wish;
  try {
    wish = JSON.parse(event.toString('utf8'));
  } catch {
    return event; // not JSON: echoed as it is
  }
  if (wish === null || typeof wish !== 'object') return event;
  if (wish.print !== undefined) console.log(String(wish.print));
  if (wish.allocateMib) held.push(Buffer.alloc(wish.allocateMib * 1024 * 1024, 1));
  if (wish.sleepMs) await new Promise((resolve) => setTimeout(resolve, wish.sleepMs));
  if (wish.exit !== undefined) process.exit(wish.exit);
  if (wish.error !== undefined) throw new Error(String(wish.error));
  return event;
}

async function main() {
  for (;;) {
    const next = await call('GET', 'invocation/next');
    if (next.status !== 200) throw new Error(`no event: ${next.status} ${next.body}`);
    const id = next.headers['lambda-runtime-aws-request-id'];
    try {
      await call('POST', `invocation/${id}/response`, await handle(next.body));
    } catch (error) {
      const report = JSON.stringify({ errorType: error.name, errorMessage: error.message });
      await call('POST', `invocation/${id}/error`, report, { 'Lambda-Runtime-Function-Error-Type': error.name });
    }
  }
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
