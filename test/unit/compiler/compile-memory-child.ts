// Run by compile-memory.test.ts: compiles the checkpoint in its first argument with three threads, says how much memory that took at most.
import { quietJob } from '../../../src-main/base/job.ts';
import { compileCheckpoint, usualOptions } from '../../../src-main/compiler/compile.ts';

const [, , source, root, script] = process.argv;
const { files } = await compileCheckpoint(quietJob(), source!, { ...usualOptions, fast: true }, { root: root!, id: 'one', threads: { script: script!, count: 3 } });
process.stdout.write(JSON.stringify({ peakMb: process.resourceUsage().maxRSS / 1e3, packageMb: files.reduce((sum, file) => sum + file.sizeBytes, 0) / 1e6 }));
