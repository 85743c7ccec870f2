// The order of the list and which part of the library it shows, behind one button.
import { ListFilter } from 'lucide-react';
import { arrangeLibrary, tagsInUse, useLibrary, type Filter, type Order } from '../stores/library-store.ts';
import { IconButton } from '../ui/button.tsx';
import { DropMenu, type MenuEntry } from '../ui/menu.tsx';

const orderWords: Record<Order, string> = { newest: 'Newest first', oldest: 'Oldest first', title: 'By title' };

export function filterWords(filter: Filter): string {
  return filter.kind === 'tag' ? filter.tag : filter.kind === 'trouble' ? 'With problems' : 'Not read yet';
}

export function LibraryOrder() {
  const order = useLibrary((library) => library.order);
  const filter = useLibrary((library) => library.filter);
  const byId = useLibrary((library) => library.byId);
  const filters: Filter[] = [{ kind: 'unread' }, { kind: 'trouble' }, ...tagsInUse(byId).map((tag): Filter => ({ kind: 'tag', tag }))];
  const same = (one: Filter): boolean => filter !== null && filterWords(one) === filterWords(filter) && one.kind === filter.kind;
  const entries: MenuEntry[] = [
    ...(Object.keys(orderWords) as Order[]).map((one): MenuEntry => ({ kind: 'item', id: one, label: orderWords[one], checked: one === order, run: () => arrangeLibrary({ order: one }) })),
    { kind: 'line', id: 'line' },
    { kind: 'item', id: 'all', label: 'All documents', checked: filter === null, run: () => arrangeLibrary({ filter: null }) },
    ...filters.map((one): MenuEntry => ({ kind: 'item', id: `${one.kind} ${filterWords(one)}`, label: filterWords(one), checked: same(one), run: () => arrangeLibrary({ filter: one }) })),
  ];
  return (
    <DropMenu entries={entries}>
      <IconButton label="Sort and filter" pressed={filter !== null}><ListFilter size={16} aria-hidden /></IconButton>
    </DropMenu>
  );
}
