// A client that shares nothing with the control plane but its .proto files, loaded at run time.
// Usage: node client.js ADDRESS FUNCTION PROTO_DIRECTORY. Prints one JSON document.
'use strict';

const crypto = require('node:crypto');
const grpc = require('@grpc/grpc-js');
const loader = require('@grpc/proto-loader');

const [address, fn, protoDirectory] = process.argv.slice(2);
const files = ['controlplane/v1/allocator.proto', 'controlplane/v1/worker.proto'];
const definition = loader.loadSync(files, { includeDirs: [protoDirectory], longs: String, enums: String, defaults: true, oneofs: true });
const { controlplane: { v1 } } = grpc.loadPackageDefinition(definition);

const hostOf = (url) => new URL(url).host;
const open = (Service, url) => new Service(hostOf(url), grpc.credentials.createInsecure());
const call = (client, method, request) => new Promise((resolve, reject) => {
  const deadline = new Date(Date.now() + 40_000);
  client[method](request, { deadline }, (error, answer) => (error ? reject(error) : resolve(answer)));
});

async function main() {
  const tenant = 'from-node';
  const requestId = crypto.randomBytes(16);
  const allocator = open(v1.Allocator, address);
  const request = { requestId, tenant, function: fn, maxWaitMs: 30_000, coldPolicy: 'COLD_POLICY_ALLOW', ttlMs: 60_000 };
  const { leases: [lease] } = await call(allocator, 'Allocate', request);
  const { leases: [again] } = await call(allocator, 'Allocate', request);

  const gate = open(v1.Gate, lease.endpoint);
  const payload = Buffer.from('Grüße von Node');
  const invoked = await call(gate, 'Invoke', { sandbox: lease.sandbox, fence: lease.fence, tenant, payload });

  const leases = [{ id: lease.id, fence: lease.fence }];
  const { items: [released] } = await call(allocator, 'Release', { tenant, leases });

  allocator.close();
  gate.close();
  console.log(JSON.stringify({
    lease: lease.id.position,
    sameLeaseAgain: again.id.position === lease.id.position && again.replayed,
    echoed: Buffer.compare(invoked.payload, payload) === 0,
    released: released.outcome === 'released',
  }));
}

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
