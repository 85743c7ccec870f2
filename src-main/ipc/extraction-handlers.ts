// Handlers about extractions: schemas, fields of many documents, values changed by hand, and the grid as a file.
import { extname } from 'node:path';
import { z } from 'zod';
import type { DocumentExtraction, Extraction, ExtractionSchema, KeptSchema } from '@contract/extraction.ts';
import { parseExtractionSchema } from '@contract/extraction-json-schema.ts';
import { writeFileAtomically } from '../base/atomic-file.ts';
import { bundledSchemas } from '../base/bundled-schemas.ts';
import { AppError, toWireError } from '../base/errors.ts';
import { extractionsAsCsv, extractionsAsJson, extractionsAsXlsx } from '../exporters/extraction-grid.ts';
import { exportFileName } from '../exporters/file-names.ts';
import { findPackage } from '../model/store.ts';
import type { HandlerContext, HandlersFor, RequestsOf } from './handlers.ts';

function parsed(json: string): ExtractionSchema {
  try {
    return parseExtractionSchema(JSON.parse(json));
  } catch (error) {
    if (error instanceof z.ZodError) throw new AppError('schema-invalid', { reasons: error.issues.map((issue) => issue.message) }, error);
    if (error instanceof SyntaxError) throw new AppError('schema-invalid', { reasons: [`it is no JSON: ${error.message}`] }, error);
    throw error;
  }
}

const asKept = { again: false, modelId: undefined };

export function extractionHandlers({ library, engine, dialogs, endpoints, folders, passwords }: HandlerContext): HandlersFor<RequestsOf<'extraction'>> {
  const bundled: KeptSchema[] = Object.values(bundledSchemas).map((json) => ({ schema: parseExtractionSchema(json), bundled: true }));
  const schemas = async (): Promise<KeptSchema[]> => [...bundled, ...(await library.call('extractionSchemas', null)).map((schema) => ({ schema, bundled: false }))];
  const schemaNamed = async (name: string): Promise<ExtractionSchema> => {
    const kept = (await schemas()).find(({ schema }) => schema.name === name);
    if (!kept) throw new AppError('schema-invalid', { reasons: [`there is no schema "${name}"`] });
    return kept.schema;
  };
  const documentById = async (documentId: string) => {
    const [document] = await library.call('documentsById', { documentIds: [documentId] });
    if (!document) throw new AppError('document-not-found', { documentId });
    return document;
  };
  /** Ends what a model reads now. */
  let reading: AbortController | null = null;
  const readByModel = async (schema: ExtractionSchema, documentId: string, modelId: string): Promise<Extraction> => {
    // from before the first wait, so that a stop always meets it
    const { signal } = (reading = new AbortController());
    const isServer = (await endpoints.list()).some(({ id }) => id === modelId);
    const server = isServer ? await endpoints.reach(modelId) : null;
    if (server && !server.endpoint.mayReceivePages) throw new AppError('consent-missing', { endpointId: modelId, endpoint: server.endpoint.name, host: new URL(server.endpoint.baseUrl).host });
    const folder = server ? null : await findPackage(folders.models, modelId);
    const { shown } = await library.call('pagesToShow', { attachments: [{ kind: 'document', documentId }] });
    const password = passwords.of(documentId);
    const pages = [];
    for (const { page, source } of shown) {
      const text = await library.call('pageText', { pageId: page.id });
      pages.push({ pageId: page.id, index: page.index, source: password === undefined ? source : { ...source, password }, rotation: page.rotation, text });
    }
    if (signal.aborted) throw new AppError('job-cancelled');
    if (server) return await engine.run('extract-by-endpoint', { endpointId: modelId, endpoint: server.reached, schema, pages }, { documentId, signal });
    return await engine.run('extract-by-model', { model: { folder: folder! }, schema, pages }, { documentId, signal });
  };
  const readFromText = async (schema: ExtractionSchema, documentId: string): Promise<Extraction> => {
    const document = await documentById(documentId);
    const pages = [];
    for (const page of await library.call('pagesOf', { documentId })) {
      const text = await library.call('pageText', { pageId: page.id });
      if (!text) throw new AppError('page-not-read', { file: document.fileName });
      pages.push({ pageId: page.id, index: page.index, text });
    }
    if (pages.length === 0) throw new AppError('page-not-read', { file: document.fileName });
    return await engine.run('extract-fields', { schema, pages });
  };
  /** What a person typed into `before`, in the same places of `extraction`. */
  const withTyped = async (schema: ExtractionSchema, extraction: Extraction, before: Extraction): Promise<Extraction> => {
    const cells = Object.entries(before.rows).flatMap(([field, rows]) => rows.flatMap((row, at) => Object.entries(row).map(([column, value]) => ({ field, cell: { row: at, column }, value }))));
    let changed = extraction;
    for (const { field, cell, value } of [...Object.entries(before.fields).map(([field, value]) => ({ field, cell: null, value })), ...cells]) {
      if (value?.mark === 'typed') changed = await engine.run('change-extraction', { schema, extraction: changed, change: { field, cell, text: value.text } });
    }
    return changed;
  };
  const extractionOf = async (schema: ExtractionSchema, documentId: string, wanted: { again: boolean; modelId: string | null | undefined }): Promise<Extraction> => {
    const kept = await library.call('keptExtraction', { documentId, schema });
    const modelId = wanted.modelId === undefined ? (kept?.model?.id ?? null) : wanted.modelId;
    if (kept && !wanted.again && (kept.model?.id ?? null) === modelId) return kept;
    const read = modelId === null ? await readFromText(schema, documentId) : await readByModel(schema, documentId, modelId);
    const extraction = kept && !wanted.again ? await withTyped(schema, read, kept) : read;
    await library.call('keepExtraction', { documentId, schema, extraction });
    return extraction;
  };
  const rowOf = async (schema: ExtractionSchema, documentId: string, wanted: { again: boolean; modelId: string | null | undefined }): Promise<DocumentExtraction> => {
    try {
      return { documentId, extraction: await extractionOf(schema, documentId, wanted), error: null };
    } catch (error) {
      // One document that cannot be done does not stop the others.
      return { documentId, extraction: null, error: toWireError(error) };
    }
  };

  return {
    'extraction.schemas': schemas,
    'extraction.save-schema': async ({ json }) => {
      const schema = parsed(json);
      if (bundled.some((one) => one.schema.name === schema.name)) throw new AppError('schema-invalid', { reasons: [`"${schema.name}" comes with Lectern; give it another name`] });
      await library.call('saveExtractionSchema', { schema });
      return { schema, bundled: false };
    },
    'extraction.guess-field': async ({ pageId, at }) => {
      const text = await library.call('pageText', { pageId });
      return text && (await engine.run('guess-field', { pageId, index: 0, text, at })).guessed;
    },
    'extraction.delete-schema': async ({ name }) => {
      await library.call('deleteExtractionSchema', { name });
      return {};
    },
    'extraction.run': async ({ schema: name, documentId, modelId, again }) => await rowOf(await schemaNamed(name), documentId, { again, modelId }),
    'extraction.stop': () => {
      reading?.abort(new AppError('job-cancelled'));
      return {};
    },
    'extraction.change': async ({ schema: name, documentId, change }) => {
      const schema = await schemaNamed(name);
      const extraction = await engine.run('change-extraction', { schema, extraction: await extractionOf(schema, documentId, asKept), change });
      await library.call('keepExtraction', { documentId, schema, extraction });
      return { documentId, extraction, error: null };
    },
    'extraction.export': async ({ schema: name, documentIds, format }) => {
      const schema = await schemaNamed(name);
      const documents = [];
      for (const documentId of documentIds) {
        const { extraction } = await rowOf(schema, documentId, asKept);
        if (extraction) documents.push({ file: (await documentById(documentId)).fileName, extraction });
      }
      const content = format === 'json' ? extractionsAsJson(documents) : format === 'csv' ? extractionsAsCsv(schema, documents, null) : await extractionsAsXlsx(schema, documents);
      const chosen = await dialogs.chooseExportFile(exportFileName(schema.name, format), format);
      if (!chosen) return null;
      const file = extname(chosen) === '' ? `${chosen}.${format}` : chosen;
      await writeFileAtomically(file, content);
      return { file };
    },
  };
}
