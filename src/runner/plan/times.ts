/**
 * When things happen in a plan. A seed draws one shape: how much of the traffic comes in bursts, how many there are and
 * how narrow; each item then draws its own moment under it. Evenly spread items alone hardly ever meet, and many bugs need
 * two things at once.
 */
import type { Micros } from "../../base/time.ts";
import type { Stream } from "../../kernel/rng.ts";
import { micros } from "../../base/time.ts";
import { below } from "../../kernel/rng.ts";
import { drawWithin } from "./draw.ts";

export interface TimeShape {
  /** Moments are drawn from [0, span). */
  readonly span: Micros;
  /** So many of eight items fall into a burst. */
  readonly burstShare: number;
  readonly bursts: readonly { readonly at: Micros; readonly width: Micros }[];
}

/** A shape over [0, span) from a stream: a quarter of them spread evenly, without any burst. */
export function drawTimeShape(source: Stream, span: Micros): TimeShape {
  const burstShare = [0, 0, 2, 3, 4, 5, 6, 8][below(source, 8)]!;
  const count = 1 + below(source, 4);
  const bursts = Array.from({ length: count }, () => {
    const at = micros(drawWithin(source, 0, Math.max(0, span - 1)));
    return { at, width: micros(Math.floor(span / 2 ** (3 + below(source, 8)))) };
  });
  return { span, burstShare, bursts };
}

/** A moment under a shape from an item's own stream. */
export function drawMoment(source: Stream, shape: TimeShape): Micros {
  const last = Math.max(0, shape.span - 1);
  if (below(source, 8) >= shape.burstShare) return micros(drawWithin(source, 0, last));
  const burst = shape.bursts[below(source, shape.bursts.length)]!;
  return micros(Math.min(last, burst.at + drawWithin(source, 0, burst.width)));
}
