// A formula, set by KaTeX straight into its element: through its interface for elements, because styles in strings are what the content
// policy forbids.
import { useLayoutEffect, useRef } from 'react';
import katex from 'katex';
import 'katex/dist/katex.min.css';

/** Commands may expand this often and grow this large; addresses, pictures, classes and styles of the formula's own are refused (trust). */
const limits = { trust: false, strict: false, throwOnError: false, maxExpand: 300, maxSize: 20, output: 'htmlAndMathml' } as const;

export function Formula({ tex, display }: { tex: string; display: boolean }) {
  const element = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (element.current) katex.render(tex, element.current, { ...limits, displayMode: display });
  }, [tex, display]);
  return <span ref={element} className={display ? 'my-2 block overflow-x-auto overflow-y-hidden' : undefined} />;
}
