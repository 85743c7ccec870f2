// While boxes are drawn, over the head of the page: what a drawn box becomes, and the way out.
import { useCorrection } from '../stores/correction-store.ts';
import { useTable } from '../stores/table-store.ts';
import { Button } from '../ui/button.tsx';
import { Choice } from '../ui/choice.tsx';

const kinds = [{ value: 'text', label: 'Text' }, { value: 'figure', label: 'Figure' }] as const;

export function DrawBar() {
  const boxes = useCorrection((state) => state.boxes);
  const draws = useCorrection((state) => state.draws);
  const table = useTable((state) => state.open !== null);
  if (!boxes || table) return null;
  return (
    <div className="pointer-events-none absolute inset-x-0 top-3 z-10 flex justify-center px-3">
      <div role="toolbar" aria-label="Draw boxes" className="pointer-events-auto flex max-w-full flex-wrap items-center justify-center gap-2 rounded-lg border border-edge bg-raised p-1 shadow-float">
        <Choice legend="A drawn box is" value={draws} options={kinds} onChange={(kind) => useCorrection.setState({ draws: kind })} />
        <span className="px-1 text-small text-muted">{draws === 'text' ? 'Drag over print to read it, or a box to move it.' : 'Drag around a picture, or the selected one to move it.'}</span>
        <Button kind="quiet" className="h-7! px-2!" onClick={() => { useCorrection.setState({ boxes: false }); document.getElementById('page-canvas')?.focus(); }}>Done</Button>
      </div>
    </div>
  );
}
