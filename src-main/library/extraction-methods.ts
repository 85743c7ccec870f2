// What the library keeps of extractions: per document and schema what was found and changed, and the schemas that people made.
import { extraction as extractionShape, extractionSchema } from '@contract/extraction.ts';
import type { Extraction, ExtractionSchema } from '@contract/extraction.ts';
import type { Database } from './database.ts';

export function extractionMethods(database: Database) {
  return {
    extractionSchemas: (_input: null): ExtractionSchema[] => database.rows<{ definition: string }>('extraction-schemas', 'SELECT definition FROM extraction_schemas ORDER BY name', {}).map((row) => extractionSchema.parse(JSON.parse(row.definition))),
    saveExtractionSchema(input: { schema: ExtractionSchema }): null {
      database.run('save-extraction-schema', 'INSERT INTO extraction_schemas (name, definition) VALUES (:name, :definition) ON CONFLICT (name) DO UPDATE SET definition = excluded.definition', { name: input.schema.name, definition: JSON.stringify(input.schema) });
      return null;
    },
    deleteExtractionSchema(input: { name: string }): null {
      database.run('delete-extraction-schema', 'DELETE FROM extraction_schemas WHERE name = :name', { name: input.name });
      return null;
    },
    /** Null when nothing is kept, or was made by the schema as it was before. */
    keptExtraction(input: { documentId: string; schema: ExtractionSchema }): Extraction | null {
      const row = database.row<{ definition: string; extraction: string }>('kept-extraction', 'SELECT definition, extraction FROM extractions WHERE document_id = :documentId AND schema_name = :name', { documentId: input.documentId, name: input.schema.name });
      return row && row.definition === JSON.stringify(input.schema) ? extractionShape.parse(JSON.parse(row.extraction)) : null;
    },
    keepExtraction(input: { documentId: string; schema: ExtractionSchema; extraction: Extraction }): null {
      database.run(
        'keep-extraction',
        `INSERT INTO extractions (document_id, schema_name, definition, extraction, changed_at) VALUES (:documentId, :name, :definition, :extraction, :now)
         ON CONFLICT (document_id, schema_name) DO UPDATE SET definition = excluded.definition, extraction = excluded.extraction, changed_at = excluded.changed_at`,
        { documentId: input.documentId, name: input.schema.name, definition: JSON.stringify(input.schema), extraction: JSON.stringify(input.extraction), now: Date.now() },
      );
      return null;
    },
  };
}
