// How far something is: a thin bar with a name. Knows nothing of what is in progress.

export function ProgressBar({ label, fraction, className = '' }: { label: string; fraction: number; className?: string }) {
  const percent = Math.round(Math.min(1, Math.max(0, fraction)) * 100);
  return (
    <div role="progressbar" aria-label={label} aria-valuenow={percent} aria-valuemin={0} aria-valuemax={100} className={`h-1 overflow-hidden rounded-full bg-edge ${className}`}>
      <div className="h-full origin-left rounded-full bg-accent-text transition-transform duration-200" style={{ transform: `scaleX(${percent / 100})` }} />
    </div>
  );
}
