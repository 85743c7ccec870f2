// Run by device.test.ts with software Vulkan: compiled decoders answer on WebGPU, their cache on the device.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { quietJob } from '../../src-main/base/job.ts';
import { compileCheckpoint } from '../../src-main/compiler/compile.ts';
import { Answerer } from '../../src-main/inference/answer-question.ts';
import { decodeImage } from '../../src-main/inference/image/decode-image.ts';
import { openPackage } from '../../src-main/inference/open-package.ts';
import { greedy } from '../../src-main/inference/sampler.ts';
import { chatMessages } from '../helpers/chat-messages.ts';
import { exactOptions } from '../helpers/compiled-checkpoint.ts';
import { checkpointsFolder, loadReference, picturePath } from '../helpers/reference.ts';

const report: Record<string, { provider: string; tokens: readonly number[]; expected: readonly number[] }> = {};
const picture = await decodeImage(picturePath('tiles-84x56.png'));
const placement = { pageWidth: picture.width, pageHeight: picture.height, rotation: 0, left: 0, top: 0 } as const;
for (const name of ['qwen2-vl', 'qwen3-vl']) {
  const root = mkdtempSync(path.join(tmpdir(), 'lectern-device-'));
  await compileCheckpoint(quietJob(), path.join(checkpointsFolder, name), exactOptions, { root, id: 'tiny' });
  const answerer = new Answerer(await openPackage(quietJob(), path.join(root, 'tiny'), { provider: 'webgpu', contextTokens: 256 }));
  const one = loadReference(name).cases['oneImage']!;
  const { tokens } = await answerer.answer(quietJob(), { messages: chatMessages(one.messages), pictures: [{ picture, placement }], sampling: greedy, maxNewTokens: 8, ignoreStopTokens: true });
  report[name] = { provider: answerer.model.choice.provider, tokens, expected: one.greedyTokens.slice(0, 8) };
  await answerer.close();
  rmSync(root, { recursive: true, force: true });
}
process.stdout.write(JSON.stringify(report));
