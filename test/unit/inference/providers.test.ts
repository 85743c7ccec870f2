// Choosing hardware: every refusal has a reason, and nothing is taken that computes wrong numbers. See also device-cache.test.ts.
import { describe, expect, it } from 'vitest';
import { attentionProbe, candidates, choose } from '../../../src-main/inference/providers.ts';
import { attentionProbeModel } from '../../helpers/tiny-onnx.ts';

describe('providers', () => {
  it('are tried best first on every system, the CPU last', () => {
    expect(candidates('linux')).toEqual(['cuda', 'webgpu', 'cpu']);
    expect(candidates('win32')).toEqual(['cuda', 'dml', 'webgpu', 'cpu']);
    expect(candidates('darwin')).toEqual(['coreml', 'webgpu', 'cpu']);
  });

  it('the probe is the graph that it is said to be', () => {
    expect(Buffer.from(attentionProbe).toString('base64')).toBe(Buffer.from(attentionProbeModel()).toString('base64'));
  });

  it('what is not there is refused with what is missing, and the CPU is left', async () => {
    const choice = await choose(['cuda', 'dml', 'coreml', 'cpu']);
    expect(choice.refused.every(({ reason }) => reason.length > 10)).toBe(true);
    if (choice.provider === 'cpu') expect(choice.refused.map((one) => one.provider)).toEqual(['cuda', 'dml', 'coreml']);
    expect(choice.attentionRows).toBe(Infinity);
  });

  it.skipIf(process.platform !== 'linux')('when nothing works, all reasons are told', async () => {
    await expect(choose(['dml', 'coreml'])).rejects.toMatchObject({ code: 'provider-unavailable', data: { detail: expect.stringMatching(/dml: .*coreml: /) as string } });
  });
});
