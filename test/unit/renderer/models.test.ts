// How the name of a model's repository is understood: an address pasted from a browser must not become a wrong name, and a mirror's not Hugging Face's.
import { expect, it } from 'vitest';
import { repositoryOf } from '../../../src-renderer/stores/models-store.ts';

it.each([
  ['Qwen/Qwen2.5-VL-3B-Instruct', { repository: 'Qwen/Qwen2.5-VL-3B-Instruct' }],
  [' https://huggingface.co/Qwen/Qwen2-VL-2B-Instruct/tree/main ', { repository: 'Qwen/Qwen2-VL-2B-Instruct' }],
  ['https://hf-mirror.example/Qwen/Qwen2-VL-2B-Instruct/', { repository: 'Qwen/Qwen2-VL-2B-Instruct', endpoint: 'https://hf-mirror.example' }],
  ['http://127.0.0.1:8080/own/tiny', { repository: 'own/tiny', endpoint: 'http://127.0.0.1:8080' }],
])('%s', (text, wanted) => expect(repositoryOf(text)).toEqual({ kind: 'repository', ...wanted }));

it.each(['', 'Qwen', 'a/b/c', 'ftp://x/a/b', 'file:///a/b', 'https://huggingface.co/Qwen'])('%s is none', (text) => expect(repositoryOf(text)).toBeNull());
