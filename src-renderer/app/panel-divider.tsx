// A side panel whose width the user drags or sets with the arrow keys; the width is a setting. On narrow windows a panel never takes more than its share.
import { useEffect, useState, type ReactNode } from 'react';
import { changeSettings, useSettings } from '../stores/settings-store.ts';
import { reportFailure } from '../stores/report-failure.ts';
import { classes } from '../ui/classes.ts';

interface PanelDividerProps {
  side: 'left' | 'right';
  setting: 'sidebarWidth' | 'textPanelWidth';
  /** What the panel is for those who hear the window, and of which kind. */
  name: string;
  landmark: 'complementary' | 'region';
  label: string;
  min: number;
  max: number;
  /** The most of the window that the panel may take. */
  share: number;
  children: ReactNode;
}

const keyStep = 16;

export function PanelDivider({ side, setting, name, landmark, label, min, max, share, children }: PanelDividerProps) {
  const wanted = useSettings(({ settings }) => settings[setting]);
  const [dragged, setDragged] = useState<number | null>(null);
  const windowWidth = useWindowWidth();
  const most = Math.max(min, Math.min(max, Math.round(windowWidth * share)));
  const within = (width: number): number => Math.round(Math.min(most, Math.max(min, width)));
  const width = within(dragged ?? wanted);
  const keep = (next: number): void => void changeSettings({ [setting]: within(next) }).catch(reportFailure);
  const grow = side === 'left' ? 1 : -1;

  const drag = (event: React.PointerEvent<HTMLDivElement>): void => {
    if (event.button !== 0) return;
    const handle = event.currentTarget;
    const start = event.clientX;
    let next = width;
    handle.setPointerCapture(event.pointerId);
    const move = (moved: PointerEvent): void => {
      next = within(width + grow * (moved.clientX - start));
      setDragged(next);
    };
    const end = (): void => {
      handle.removeEventListener('pointermove', move);
      setDragged(null);
      if (next !== width) keep(next);
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('lostpointercapture', end, { once: true });
  };

  const handle = (
    <div
      role="separator"
      aria-orientation="vertical"
      aria-label={label}
      aria-valuenow={width}
      aria-valuemin={min}
      aria-valuemax={most}
      tabIndex={0}
      onPointerDown={drag}
      onDoubleClick={() => keep(setting === 'sidebarWidth' ? 264 : 380)}
      onKeyDown={(event) => {
        const by = { ArrowRight: keyStep, ArrowLeft: -keyStep }[event.key];
        if (by === undefined) return;
        event.preventDefault();
        keep(width + grow * by);
      }}
      className={classes('absolute inset-y-0 z-10 w-1.5 cursor-col-resize transition-colors hover:bg-accent/40', side === 'left' ? '-right-[3px]' : '-left-[3px]', dragged !== null && 'bg-accent/40')}
    />
  );
  return (
    <div role={landmark} aria-label={name} className={classes('relative shrink-0 border-edge', side === 'left' ? 'border-r' : 'border-l')} style={{ width: widthIn(share, { min, max, wanted: dragged ?? wanted }) }}>
      {children}
      {handle}
    </div>
  );
}

/** By the style itself: the first frame is drawn before the next window's width is known. */
function widthIn(share: number, { min, max, wanted }: { min: number; max: number; wanted: number }): string {
  return `clamp(${min}px, ${Math.round(wanted)}px, min(${max}px, round(${share * 100}vw, 1px)))`;
}

function useWindowWidth(): number {
  const [width, setWidth] = useState(window.innerWidth);
  useEffect(() => {
    const measure = (): void => setWidth(window.innerWidth);
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  return width;
}
