// Which file builds which architecture.
import type { Architecture } from '../model/model-config.ts';
import type { ArchitectureGraphs } from './architectures/architecture.ts';
import { qwen25Vl } from './architectures/qwen2.5-vl.ts';
import { qwen2Vl } from './architectures/qwen2-vl.ts';
import { qwen3Vl } from './architectures/qwen3-vl.ts';
import { qwenVl } from './architectures/qwen-vl.ts';

const architectures: Readonly<Record<Architecture, ArchitectureGraphs>> = {
  'qwen-vl': qwenVl, 'qwen2-vl': qwen2Vl, 'qwen2.5-vl': qwen25Vl, 'qwen3-vl': qwen3Vl,
};

export function architectureFor(name: Architecture): ArchitectureGraphs {
  return architectures[name];
}
