// A shortcut drawn as key caps.

export function KeyCaps({ caps }: { caps: readonly string[] }) {
  return (
    <span className="inline-flex gap-1">
      {caps.map((cap) => <kbd key={cap} className="rounded border border-edge-strong bg-panel px-1.5 font-sans text-tiny text-muted">{cap}</kbd>)}
    </span>
  );
}
