// A page's small picture, turned upright.
import type { Page } from '@contract/document.ts';

export function PageThumbnail({ page, className }: { page: Page; className: string }) {
  const turned = page.rotation === 90 || page.rotation === 270;
  // A turned picture keeps its layout box: shrink it so that its long side fits the short side of the place.
  const shrink = turned ? Math.min(page.width, page.height) / Math.max(page.width, page.height) : 1;
  return (
    <img
      src={`page://${page.id}/thumbnail`}
      alt=""
      draggable={false}
      loading="lazy"
      decoding="async"
      className={`${className} bg-white object-contain`}
      style={page.rotation === 0 ? undefined : { transform: `rotate(${page.rotation}deg) scale(${shrink})` }}
    />
  );
}
