// A small server with Hugging Face's addresses that serves a folder in ranges and can misbehave: drop connections, answer 500, send rubbish,
// ignore ranges. Runs on this machine only.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

export interface HubTrouble {
  /** Every n-th content request breaks off in the middle. */
  dropEvery?: number;
  /** Every content request breaks off behind so many bytes. */
  dropAfterBytes?: number;
  /** Every n-th content request answers 500. */
  failEvery?: number;
  /** This file arrives with one byte changed. */
  corrupt?: string;
  /** Whole files whatever was asked for. */
  ignoreRanges?: boolean;
  /** All requests answer this. */
  status?: number;
  /** Milliseconds before content. */
  delayMs?: number;
  /** No content after this many content requests; the connection hangs. */
  stallAfter?: number;
}

export interface HubServer {
  readonly endpoint: string;
  readonly commit: string;
  trouble: HubTrouble;
  /** `file start-end` of each content request. */
  readonly requests: string[];
  readonly tokens: Set<string>;
  close(): Promise<void>;
}

export async function startHub(repository: string, folder: string): Promise<HubServer> {
  const commit = '0123456789abcdef0123456789abcdef01234567';
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile()).map((one) => path.relative(folder, path.join(one.parentPath, one.name)));
  const large = (name: string): boolean => /\.(safetensors|bin|onnx)$/.test(name);
  const requests: string[] = [];
  const tokens = new Set<string>();
  let contentRequests = 0;
  const hub = { trouble: {} as HubTrouble };

  const json = (response: ServerResponse, value: unknown): void => void response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
  const tree = (): unknown => [
    { type: 'directory', path: 'assets', oid: '0'.repeat(40), size: 0 },
    ...names.map((name) => {
      const bytes = readFileSync(path.join(folder, name));
      const git = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex');
      return { type: 'file', path: name, size: bytes.length, oid: git, ...(large(name) && { lfs: { oid: createHash('sha256').update(bytes).digest('hex'), size: bytes.length } }) };
    }),
  ];

  function serveContent(request: IncomingMessage, response: ServerResponse, name: string): void {
    const { trouble } = hub;
    if (!names.includes(name)) return void response.writeHead(404).end();
    const bytes = Buffer.from(readFileSync(path.join(folder, name)));
    if (trouble.corrupt === name) bytes[Math.floor(bytes.length / 2)]! ^= 1;
    const range = trouble.ignoreRanges ? null : /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    const [start, end] = range ? [Number(range[1]), Math.min(bytes.length, Number(range[2]) + 1)] : [0, bytes.length];
    requests.push(`${name} ${start}-${end}`);
    const turn = ++contentRequests;
    if (trouble.failEvery && turn % trouble.failEvery === 0) return void response.writeHead(500).end();
    const send = (): void => {
      if (trouble.stallAfter !== undefined && turn > trouble.stallAfter) return;
      response.writeHead(range ? 206 : 200, { 'content-length': end - start, ...(range && { 'content-range': `bytes ${start}-${end - 1}/${bytes.length}` }) });
      const broken = trouble.dropEvery && turn % trouble.dropEvery === 0 ? Math.floor((end - start) / 2) : (trouble.dropAfterBytes ?? Infinity);
      if (broken < end - start) {
        response.write(bytes.subarray(start, start + broken), () => response.destroy());
      } else response.end(bytes.subarray(start, end));
    };
    setTimeout(send, trouble.delayMs ?? 0);
  }

  const server = createServer((request, response) => {
    if (request.headers.authorization) tokens.add(request.headers.authorization);
    if (hub.trouble.status) return void response.writeHead(hub.trouble.status).end();
    const url = decodeURIComponent(request.url ?? '');
    if (url === `/api/models/${repository}/revision/main`) return json(response, { id: repository, sha: commit });
    if (url === `/api/models/${repository}/tree/${commit}?recursive=true`) return json(response, tree());
    const prefix = `/${repository}/resolve/${commit}/`;
    if (url.startsWith(prefix)) return serveContent(request, response, url.slice(prefix.length));
    response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(hub, {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    commit, requests, tokens,
    close: () => new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  });
}
