// The measured process of llama.cpp: loads a GGUF file, prefills and decodes through node-llama-cpp, which the benchmark installs outside the
// project. The path of its entry is the only argument.
import { pathToFileURL } from 'node:url';
import { answerCommands, type Command } from './messages.ts';

/** The little of node-llama-cpp that is used. */
interface Sequence {
  readonly nextTokenIndex: number;
  clearHistory(): Promise<void>;
  evaluateWithoutGeneratingNewTokens(tokens: number[]): Promise<void>;
  evaluate(tokens: number[], options: { temperature: number }): AsyncGenerator<number, void, undefined>;
}
interface LlamaModel {
  createContext(options: object): Promise<{ getSequence(): Sequence; dispose(): Promise<void> }>;
  dispose(): Promise<void>;
}
interface NodeLlamaCpp {
  getLlama(options: object): Promise<{ loadModel(options: object): Promise<LlamaModel> }>;
}

const library = (await import(/* @vite-ignore */ pathToFileURL(process.argv[2] ?? '').href)) as NodeLlamaCpp;
let model: LlamaModel | null = null;
let sequence: Sequence | null = null;

const idsOf = (count: number): number[] => Array.from({ length: count }, (_, at) => 10 + ((at * 7919) % 1000));

function opened(): Sequence {
  if (!sequence) throw new Error('no model is loaded');
  return sequence;
}

async function prefill(rows: number): Promise<void> {
  await opened().clearHistory();
  await opened().evaluateWithoutGeneratingNewTokens(idsOf(rows));
}

async function decode(context: number, tokens: number): Promise<Record<string, number>> {
  await prefill(context);
  let cpu = process.cpuUsage();
  let started = performance.now();
  let seen = 0;
  for await (const token of opened().evaluate([10], { temperature: 0 })) {
    if (token < 0) throw new Error('a token without a number');
    // the first one pays for the start
    if (seen === 0) [cpu, started] = [process.cpuUsage(), performance.now()];
    if (seen++ === tokens) break;
  }
  const wallMs = performance.now() - started;
  const { user, system } = process.cpuUsage(cpu);
  return { wallMs, cpuMs: (user + system) / 1000, tokens: seen - 1 };
}

async function work(command: Command): Promise<Record<string, number>> {
  switch (command.do) {
    case 'load': {
      const llama = await library.getLlama({ build: 'never', gpu: false, logLevel: 'error', progressLogs: false, maxThreads: command.threads });
      const started = performance.now();
      model = await llama.loadModel({ modelPath: command.path, gpuLayers: 0 });
      const context = await model.createContext({ contextSize: command.contextTokens, threads: { ideal: command.threads, min: command.threads } });
      sequence = context.getSequence();
      return { wallMs: performance.now() - started };
    }
    case 'prefill':
      await opened().clearHistory();
      await prefill(command.rows);
      return {};
    case 'decode':
      return await decode(command.context, command.tokens);
    default:
      throw new Error(`llama.cpp is not asked to ${command.do}`);
  }
}

answerCommands(work);
