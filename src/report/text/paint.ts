/**
 * Colours of terminal text, by meaning. Everything that writes text takes one `Paint`, so plain and coloured output are
 * the same text. Whether a terminal wants colours is decided by the command line, not here.
 */
import { createColors } from "picocolors";

type Brush = (text: string) => string;

/** One brush a meaning. */
export interface Paint {
  readonly good: Brush;
  readonly bad: Brush;
  readonly warn: Brush;
  /** What can be skipped when reading. */
  readonly faint: Brush;
  /** What should be read first. */
  readonly strong: Brush;
  /** Commands and paths, to be copied. */
  readonly accent: Brush;
}

/** How text is laid out: its colours, and the columns that a line may take. */
export interface TextStyle {
  readonly paint: Paint;
  /** At least 40. */
  readonly width: number;
}

/** Coloured with ANSI sequences, or text as it is. */
export function paintOf(isColoured: boolean): Paint {
  const colors = createColors(isColoured);
  return {
    good: colors.green,
    bad: colors.red,
    warn: colors.yellow,
    faint: colors.dim,
    strong: colors.bold,
    accent: colors.cyan,
  };
}

/** No colours. */
export const plainPaint: Paint = paintOf(false);
