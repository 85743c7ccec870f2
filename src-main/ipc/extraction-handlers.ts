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

export function extractionHandlers({ library, engine, dialogs }: HandlerContext): HandlersFor<RequestsOf<'extraction'>> {
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
  const extractionOf = async (schema: ExtractionSchema, documentId: string, again: boolean): Promise<Extraction> => {
    const kept = again ? null : await library.call('keptExtraction', { documentId, schema });
    if (kept) return kept;
    const document = await documentById(documentId);
    const pages = [];
    for (const page of await library.call('pagesOf', { documentId })) {
      const text = await library.call('pageText', { pageId: page.id });
      if (!text) throw new AppError('page-not-read', { file: document.fileName });
      pages.push({ pageId: page.id, index: page.index, text });
    }
    if (pages.length === 0) throw new AppError('page-not-read', { file: document.fileName });
    const extraction = await engine.run('extract-fields', { schema, pages });
    await library.call('keepExtraction', { documentId, schema, extraction });
    return extraction;
  };
  const rowOf = async (schema: ExtractionSchema, documentId: string, again: boolean): Promise<DocumentExtraction> => {
    try {
      return { documentId, extraction: await extractionOf(schema, documentId, again), error: null };
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
    'extraction.delete-schema': async ({ name }) => {
      await library.call('deleteExtractionSchema', { name });
      return {};
    },
    'extraction.run': async ({ schema: name, documentIds, again }) => {
      const schema = await schemaNamed(name);
      const rows: DocumentExtraction[] = [];
      for (const documentId of documentIds) rows.push(await rowOf(schema, documentId, again));
      return rows;
    },
    'extraction.change': async ({ schema: name, documentId, change }) => {
      const schema = await schemaNamed(name);
      const extraction = await engine.run('change-extraction', { schema, extraction: await extractionOf(schema, documentId, false), change });
      await library.call('keepExtraction', { documentId, schema, extraction });
      return { documentId, extraction, error: null };
    },
    'extraction.export': async ({ schema: name, documentIds, format }) => {
      const schema = await schemaNamed(name);
      const documents = [];
      for (const documentId of documentIds) {
        const { extraction } = await rowOf(schema, documentId, false);
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
