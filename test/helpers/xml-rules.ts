// Checks a parsed XML document against rules written from a format's specification: which attributes an element has, what they
// look like, and in which order its children stand. Knows no format.
import { DOMParser, onErrorStopParsing, type Document, type Element } from '@xmldom/xmldom';

export interface ElementRule {
  /** Attributes that must be there. */
  required?: Readonly<Record<string, RegExp>>;
  optional?: Readonly<Record<string, RegExp>>;
  /** Names of the child elements, each followed by a space. */
  children: RegExp;
}

export function parseXml(text: string): Document {
  // Stops at what is only a warning for a lenient reader.
  return new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
}

export const childrenOf = (element: Element): Element[] => [...element.childNodes].filter((node): node is Element => node.nodeType === 1);

/** What breaks the rules, in words; empty for a document that keeps them. */
export function violations(root: Element, namespace: string, rules: Readonly<Record<string, ElementRule>>): string[] {
  const found: string[] = [];
  const ids = new Set<string>();
  const visit = (element: Element, path: string): void => {
    const name = element.localName!;
    const rule = rules[name];
    if (!rule) return void found.push(`${path}: no such element`);
    if (element.namespaceURI !== namespace) found.push(`${path}: namespace ${element.namespaceURI}`);
    const allowed = { ...rule.required, ...rule.optional };
    for (const attribute of Array.from(element.attributes)) {
      if (attribute.name.startsWith('xmlns') || attribute.name.startsWith('xsi:')) continue;
      const form = allowed[attribute.name];
      if (!form) found.push(`${path}: no attribute ${attribute.name}`);
      else if (!form.test(attribute.value)) found.push(`${path}: ${attribute.name}="${attribute.value}"`);
      if (attribute.name.toLowerCase() === 'id') {
        if (ids.has(attribute.value)) found.push(`${path}: id ${attribute.value} twice`);
        ids.add(attribute.value);
      }
    }
    for (const key of Object.keys(rule.required ?? {})) if (!element.hasAttribute(key)) found.push(`${path}: ${key} is missing`);
    const inner = childrenOf(element);
    const names = inner.map((child) => `${child.localName} `).join('');
    if (!rule.children.test(names)) found.push(`${path}: children ${names}`);
    inner.forEach((child, at) => visit(child, `${path}/${child.localName}[${at}]`));
  };
  visit(root, root.localName!);
  return found;
}
