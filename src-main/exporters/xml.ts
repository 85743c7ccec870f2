// Writes XML elements as text: escapes what is printed, leaves out what XML cannot hold. Knows no vocabulary.

/** Characters that no XML 1.0 document may contain, escaped or not. */
// eslint-disable-next-line no-control-regex -- control characters are what is being removed
const impossible = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** The text without what XML cannot hold. */
export const printable = (text: string): string => text.replace(impossible, '');

export function escapeXml(text: string): string {
  return printable(text).replace(/[&<>"]/g, (character) => entities[character]!);
}

export type XmlAttributes = Readonly<Record<string, string | number | undefined>>;

/** An opening tag; attributes that are undefined are left out. */
export function openTag(name: string, attributes: XmlAttributes = {}): string {
  const written = Object.entries(attributes).map(([key, value]) => (value === undefined ? '' : ` ${key}="${escapeXml(String(value)).replace(/[\t\n\r]/g, ' ')}"`));
  return `<${name}${written.join('')}>`;
}

/** An element on one line around text that is already XML; empty without children. */
export function element(name: string, attributes: XmlAttributes = {}, inner = ''): string {
  const open = openTag(name, attributes);
  return inner === '' ? `${open.slice(0, -1)}/>` : `${open}${inner}</${name}>`;
}

/** An element with each child on lines of its own, indented. */
export function block(name: string, attributes: XmlAttributes, children: readonly string[]): string {
  const inner = children.filter((child) => child !== '');
  if (inner.length === 0) return element(name, attributes);
  return `${openTag(name, attributes)}\n${inner.map((child) => `  ${child.replaceAll('\n', '\n  ')}`).join('\n')}\n</${name}>`;
}
