// The files of a zip archive as text, by their names: what office documents are made of.
import { unzipSync } from 'fflate';

export function unzip(bytes: Uint8Array): Map<string, string> {
  return new Map(Object.entries(unzipSync(bytes)).map(([name, content]) => [name, new TextDecoder().decode(content)]));
}
