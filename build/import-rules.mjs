// The walls between the processes and the layers, as dependency-cruiser rules. Each carries the reason a reader sees when it fires.

const shell = '^src-main/(index[.]ts$|app/|ipc/|server/)'; // runs in Electron's main process
const models = '^src-main/(engine|inference|endpoints|compiler|ocr|compare|reader|training|evaluation)/'; // runs in the engine process

/** A package that one file alone may import. `owner` is a pattern, or null when only building and testing may use the package. */
const door = (name, owner, comment) => ({
  name: `one-door-${name.replace(/^@/, '').replace('/', '-')}`,
  comment,
  from: { path: '^src-', ...(owner ? { pathNot: owner } : {}) },
  to: { path: `(^|/)node_modules/${name}/` },
});

/** What the files of a layer may import of src-main, besides themselves. */
const layer = (folder, mayImport, comment) => ({
  name: `layer-${folder}`,
  comment,
  from: { path: `^src-main/${folder}/` },
  to: { path: '^src-main/', pathNot: `^src-main/(${[folder, ...mayImport].join('|')})/` },
});

const rules = [
  // processes
  { name: 'main-never-renderer', comment: 'The processes meet only in src-preload/contract.', from: { path: '^src-(main|preload)/' }, to: { path: '^src-renderer/' } },
  { name: 'renderer-never-main', comment: 'The processes meet only in src-preload/contract.', from: { path: '^src-(renderer|preload)/' }, to: { path: '^src-main/' } },
  { name: 'only-contract-from-preload', comment: 'The bridge is no library; what both sides share is the contract.', from: { path: '^src-(main|renderer)/' }, to: { path: '^src-preload/', pathNot: '^src-preload/contract/' } },
  { name: 'contract-is-pure', comment: 'The contract holds schemas, types and pure geometry: zod and nothing else.', from: { path: '^src-preload/contract/' }, to: { pathNot: '^src-preload/contract/|(^|/)node_modules/zod/' } },
  { name: 'renderer-has-no-node', comment: 'The window is sandboxed: Node modules do not exist there.', from: { path: '^src-renderer/' }, to: { dependencyTypes: ['core'] } },
  {
    name: 'electron-in-the-shell',
    comment: 'All but the shell runs headless under plain Node: the command line, the tests, the server.',
    from: { path: '^src-', pathNot: '^(src-main/(index[.]ts|app/.+|ipc/router[.]ts)|src-preload/(index|capture)[.]ts)$' },
    to: { path: '(^|/)node_modules/electron/' },
  },
  { name: 'main-never-runs-models', comment: 'Main only sends jobs: a model in main would freeze every window.', from: { path: shell }, to: { path: models } },
  { name: 'engine-never-shell', comment: 'The engine knows jobs, not windows, requests or tables.', from: { path: models }, to: { path: `${shell}|^src-main/library/` } },
  {
    name: 'engine-process-writes-no-documents',
    comment: 'The engine process gives text to main; only the command line turns it into files by itself, and a PDF needs the pages\' pictures, which main never decodes.',
    from: { path: models, pathNot: '^src-main/engine/(command-line[.]ts$|commands/|jobs/write-pdf[.]ts$)' },
    to: { path: '^src-main/exporters/' },
  },
  { name: 'library-through-its-port', comment: 'SQL runs in the library worker; everybody else knows its types only.', from: { path: shell }, to: { path: '^src-main/library/', dependencyTypesNot: ['type-only'] } },
  { name: 'starts-are-not-imported', comment: 'index.ts, worker.ts and command-line.ts are where a process or thread starts; importing one would start it again.', from: {}, to: { path: '^src-main/(index|engine/index|library/index|compiler/worker|exporters/worker|engine/command-line)[.]ts$' } },

  // layers, low to high
  layer('base', [], 'base/ imports nothing above it.'),
  layer('layout', [], 'layout/ is geometry of lines alone: reading and exporting agree through it.'),
  layer('model', ['base'], 'model/ is files on disk: it knows neither compiler nor runtime.'),
  layer('compiler', ['base', 'model'], 'compiler and inference are siblings: they agree through model/, never by importing each other.'),
  layer('inference', ['base', 'model'], 'inference and compiler are siblings: they agree through model/, never by importing each other.'),
  layer('ocr', ['base', 'model', 'inference', 'layout'], 'ocr/ sits on inference; it never sees the engine or the evaluation.'),
  {
    name: 'layer-compare',
    comment: 'compare/ takes pixels and text that were read: pictures through inference/image, no networks, no files.',
    from: { path: '^src-main/compare/' },
    to: { path: '^src-main/', pathNot: '^src-main/(compare|base|inference/image)/' },
  },
  layer('training', ['base', 'model', 'inference'], 'training/ sits on inference; it never sees the engine or the evaluation.'),
  layer('endpoints', ['base', 'model', 'inference'], 'endpoints/ sits on inference: it sends the pictures and reads the boxes that a model would.'),
  layer('reader', ['base', 'layout'], 'reader/ answers from recognised text alone: no model, no engine.'),
  layer('evaluation', ['base', 'model', 'inference', 'layout', 'ocr', 'reader'], 'evaluation/ drives the readers; the engine drives it.'),
  layer('library', ['base', 'layout'], 'library/ knows documents and their geometry, not models.'),
  layer('exporters', ['base', 'layout'], 'exporters/ are pure functions of a document.'),
  { name: 'layer-engine', comment: 'Only engine/ imports engine/: it is the top of its process.', from: { path: '^src-main/', pathNot: '^src-main/engine/' }, to: { path: '^src-main/engine/' } },

  // the window
  {
    name: 'features-are-strangers',
    comment: 'Features talk through stores and commands; only app/ puts them together.',
    from: { path: '^src-renderer/((?!stores/|ui/|page/|commands/|app/)[^/]+)/' },
    to: { path: '^src-renderer/(?!stores/|ui/|page/|commands/)[^/]+/', pathNot: '^src-renderer/$1/' },
  },
  { name: 'stores-never-views', comment: 'Stores are tested without React components.', from: { path: '^src-renderer/(stores|page)/' }, to: { path: '^src-renderer/.+[.]tsx$' } },
  { name: 'ui-is-leaf', comment: 'ui/ is generic: no stores, no requests; of the rest it knows the contract (the words for every error).', from: { path: '^src-renderer/ui/' }, to: { path: '^src-', pathNot: '^src-renderer/ui/|^src-preload/contract/' } },

  // one door per native package
  door('koffi', '^src-main/inference/(session|ort-[a-z-]+|native-[a-z-]+)[.]ts$', 'Native code is called in one place, behind session.ts.'),
  door('onnxruntime-node', '^src-main/inference/(session|ort-[a-z-]+)[.]ts$', 'The runtime is loaded in one place, behind session.ts.'),
  { name: 'runtime-behind-session', comment: 'session.ts is the door to ONNX Runtime; its C interface stays inside inference/.', from: { path: '^src-', pathNot: '^src-main/inference/' }, to: { path: '^src-main/inference/(ort|native)-' } },
  door('sharp', '^src-main/inference/image/(decode-image|load-sharp)[.]ts$', 'sharp has to be loaded in two steps inside Electron; one place knows how.'),
  door('@embedpdf/pdfium', '^src-main/ocr/rasterize[.]ts$', 'Pages of a PDF become pictures in one place.'),
  door('openai', '^src-main/endpoints/', 'Pages leave this machine in one place.'),
  door('libsql', '^src-main/library/database[.]ts$', 'The database is opened in one place, with its pragmas and migrations.'),

  // hygiene
  { name: 'no-cycles', comment: 'Two files that need each other are one thing, or hide a third. (Types may meet.)', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
  { name: 'no-unresolved', comment: 'This import leads nowhere.', from: { path: '^src-' }, to: { couldNotResolve: true } },
  { name: 'only-listed-packages', comment: 'A package that package.json does not name comes and goes with others.', from: { path: '^src-' }, to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] } },
  {
    name: 'no-tests-in-sources',
    comment: 'Sources never import tests or build scripts.',
    from: { path: '^src-' },
    to: { path: '^(test|build)/' },
  },
];

export const forbidden = rules.map((rule) => ({ severity: 'error', ...rule }));
