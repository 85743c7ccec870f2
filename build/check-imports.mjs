// Walks every import of the sources and holds it against the rules. dependency-cruiser's own command refuses Node 20 and knows
// only the older TypeScript; its library runs on both, with swc as the parser.
import { cruise } from 'dependency-cruiser';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { forbidden } from './import-rules.mjs';

/**
 * The imports under `root` that break a rule, and how many files and imports were looked at.
 * @param {string} root
 * @returns {Promise<{ files: number, imports: number, broken: { rule: string, comment: string, from: string, to: string }[] }>}
 */
export async function checkImports(root) {
  const folders = ['src-main', 'src-preload', 'src-renderer'].filter((name) => existsSync(join(root, name)));
  const { output } = await cruise(
    folders,
    {
      baseDir: root,
      parser: 'swc',
      tsPreCompilationDeps: true,
      doNotFollow: { path: 'node_modules' },
      exclude: { path: '[?]' },
      ruleSet: { forbidden },
      validate: true,
      enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
    },
    { alias: { '@contract': join(root, 'src-preload/contract') }, extensions: ['.ts', '.tsx', '.js', '.mjs', '.cjs', '.json', '.css'] },
  );
  const comments = new Map(forbidden.map((rule) => [rule.name, rule.comment]));
  return {
    files: output.modules.filter((one) => one.source.startsWith('src-')).length,
    imports: output.summary.totalDependenciesCruised,
    broken: output.summary.violations.map(({ rule, from, to, cycle }) => ({
      rule: rule.name,
      comment: comments.get(rule.name),
      from,
      to: cycle ? cycle.map((step) => step.name).join(' → ') : to,
    })),
  };
}

if (process.argv[1] && resolve(process.argv[1]) === import.meta.filename) {
  const { files, imports, broken } = await checkImports(join(import.meta.dirname, '..'));
  for (const one of broken) console.log(`${one.from} → ${one.to}\n  ${one.rule}: ${one.comment}`);
  console.log(`${broken.length} broken import rules (${files} files, ${imports} imports, ${forbidden.length} rules)`);
  process.exit(broken.length ? 1 : 0);
}
